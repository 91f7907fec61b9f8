//! The line that shows how a scan is going, where somebody is looking.

use std::{
    io::IsTerminal as _,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use bearhug_guard::hunt::Progress;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the line is drawn. A scan that is over before the first time shows none.
const INTERVAL: Duration = Duration::from_millis(120);

/// Runs `work` and meanwhile shows its progress, if `wanted` and the standard error is a terminal.
pub(crate) fn show_during<T>(wanted: bool, progress: &Progress, work: impl FnOnce() -> T) -> T {
    if !wanted || !std::io::stderr().is_terminal() {
        return work();
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
        bar.set_style(style);
    }
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let painter = scope.spawn(|| paint(&bar, progress, &over));
        let outcome = work();
        over.store(true, Ordering::Relaxed);
        painter.thread().unpark();
        outcome
    })
}

/// A bar that counts, if `wanted` and the standard error is a terminal.
pub(crate) fn count(wanted: bool, all: usize) -> ProgressBar {
    let is_seen = wanted && std::io::stderr().is_terminal();
    let target = if is_seen { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(u64::try_from(all).ok(), target);
    if let Ok(style) = ProgressStyle::with_template("{pos} of {len} tokens {wide_bar} {eta}") {
        bar.set_style(style);
    }
    bar
}

fn paint(bar: &ProgressBar, progress: &Progress, over: &AtomicBool) {
    loop {
        thread::park_timeout(INTERVAL);
        if over.load(Ordering::Relaxed) {
            return bar.finish_and_clear();
        }
        let bytes = progress.bytes.load(Ordering::Relaxed);
        let rate = bytes.checked_div(bar.elapsed().as_secs().max(1)).unwrap_or(0);
        bar.set_message(format!(
            "{} files, {}, {}/s, {} sightings",
            HumanCount(progress.blobs.load(Ordering::Relaxed)),
            HumanBytes(bytes),
            HumanBytes(rate),
            HumanCount(progress.sightings.load(Ordering::Relaxed)),
        ));
        bar.tick();
    }
}
