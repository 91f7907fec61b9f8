//! Any bytes: no panic, and what is found lies where it is said to lie.

#![no_main]

use std::sync::LazyLock;

use bearhug_detect::{Detector, Options};
use libfuzzer_sys::fuzz_target;

/// Making one takes longer than most runs.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(Options::default()));

fuzz_target!(|bytes: &[u8]| {
    let scan = DETECTOR.scan(bytes);
    let mut previous = 0;
    for candidate in &scan.candidates {
        assert!(candidate.span.start < candidate.span.end && candidate.span.end <= bytes.len());
        assert!(previous <= candidate.span.start, "candidates come in order of place");
        assert!(candidate.token.redacted().chars().count() < 30);
        previous = candidate.span.start;
    }
});
