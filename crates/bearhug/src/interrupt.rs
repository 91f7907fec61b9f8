//! Ctrl-C.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::error::CommandError;

/// A flag that Ctrl-C, a hang-up or a request to terminate sets. The second one kills, in case the
/// first is not acted on.
pub(crate) fn flag() -> Result<Arc<AtomicBool>, CommandError> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            std::process::abort();
        }
    })
    .map_err(|error| CommandError::new("cannot listen for Ctrl-C").because(error))?;
    Ok(stop)
}
