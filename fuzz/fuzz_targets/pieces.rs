//! An input cut into overlapping pieces gives what the whole gives.

#![no_main]

use std::{collections::BTreeSet, sync::LazyLock};

use bearhug_core::Fingerprint;
use bearhug_detect::{CONTEXT_AFTER, CONTEXT_BEFORE, Detector, Options};
use libfuzzer_sys::fuzz_target;

/// Making one takes longer than most runs.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(Options::default()));

fn found(bytes: &[u8], own: std::ops::Range<usize>) -> BTreeSet<(usize, Fingerprint)> {
    let from = own.start.saturating_sub(CONTEXT_BEFORE);
    let to = bytes.len().min(own.end + CONTEXT_AFTER);
    let scan = DETECTOR.scan(&bytes[from..to]);
    scan.candidates
        .iter()
        .map(|c| (from + c.span.start, c.token.fingerprint()))
        .filter(|(start, _)| own.contains(start))
        .collect()
}

fuzz_target!(|input: (u16, Vec<u8>)| {
    let (cut, text) = input;
    // Longer than the context on either side, so that the pieces differ from the whole.
    let text = [&b"filler text, "[..]; 6000].concat().into_iter().chain(text).collect::<Vec<u8>>();
    let cut = text.len().saturating_sub(usize::from(cut)).max(1);
    let mut pieces = found(&text, 0..cut);
    pieces.extend(found(&text, cut..text.len()));
    assert_eq!(pieces, found(&text, 0..text.len()));
});
