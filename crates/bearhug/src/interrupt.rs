//! Ctrl-C.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::{INTERRUPTED, error::CommandError};

/// A flag that Ctrl-C, a hang-up or a request to terminate sets. The second one ends the process, in
/// case the first is not acted on. It does not abort: what is in memory must not get into a core.
#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "nothing else can end a process that hangs"
)]
pub(crate) fn flag() -> Result<Arc<AtomicBool>, CommandError> {
    let stop = Arc::new(AtomicBool::new(false));
    let raised = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if raised.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
    })
    .map_err(|error| CommandError::new("cannot listen for Ctrl-C").because(error))?;
    Ok(stop)
}
