//! A token on a line of its own is found whatever stands on the lines around it.

#![no_main]

use std::sync::LazyLock;

use bearhug_core::Fingerprint;
use bearhug_detect::{Detector, Options, SHAPES, Shape};
use libfuzzer_sys::fuzz_target;

/// Making one takes longer than most runs.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(Options::default()));

fuzz_target!(|input: (u32, u8, Vec<u8>, Vec<u8>)| {
    let (seed, shape, before, after) = input;
    // An access key id is public, and what stands beside it decides what is reported.
    let shapes: Vec<&Shape> = SHAPES.iter().filter(|s| s.prefix != "HFAK").collect();
    let shape = shapes[usize::from(shape) % shapes.len()];
    let mut state = u64::from(seed) | 1 << 40;
    let token = shape.generate(&mut || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u32
    });
    let text = [&before[..], b"\n", token.as_bytes(), b"\n", &after].concat();
    let scan = DETECTOR.scan(&text);
    let expected = Fingerprint::of(&token);
    assert!(
        scan.candidates.iter().any(|c| c.token.fingerprint() == expected),
        "a token between two line breaks was missed"
    );
});
