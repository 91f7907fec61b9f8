//! Ctrl-C.

use std::{
    panic,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use crate::{INTERRUPTED, error::CommandError};

/// How soon after it a Ctrl-C is heeded while something is waited for.
const INTERVAL: Duration = Duration::from_millis(20);

/// The user interrupted what was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interrupted;

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

/// Waits for an answer, unless the user interrupts.
pub(crate) async fn unless_raised<T>(
    stop: &AtomicBool,
    answer: impl Future<Output = T>,
) -> Result<T, Interrupted> {
    let raised = async {
        while !stop.load(Ordering::Relaxed) {
            tokio::time::sleep(INTERVAL).await;
        }
    };
    tokio::select! {
        biased;
        () = raised => Err(Interrupted),
        answer = answer => Ok(answer),
    }
}

/// Reads something that somebody may have to type first, unless the user interrupts. What reads is then
/// left behind, since nothing can call it back.
pub(crate) fn reading<T: Send + 'static>(
    stop: &AtomicBool,
    read: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Interrupted> {
    let reader = thread::spawn(read);
    while !reader.is_finished() {
        if stop.load(Ordering::Relaxed) {
            return Err(Interrupted);
        }
        thread::sleep(INTERVAL);
    }
    Ok(reader.join().unwrap_or_else(|mistake| panic::resume_unwind(mistake)))
}
