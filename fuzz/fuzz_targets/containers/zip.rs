//! ZIP, by its directory and without it.

#![no_main]

use bearhug_fuzz::search_behind;
use libfuzzer_sys::fuzz_target;

const SIGNATURE: &[u8] = b"PK\x03\x04";

fuzz_target!(|bytes: &[u8]| {
    search_behind(&[SIGNATURE], bytes);
    let mut broken = bytes.to_vec();
    // The record at the end of the directory, which leads to it.
    for at in 3..broken.len() {
        if broken[at - 3..].starts_with(b"PK\x05\x06") {
            broken[at] = 0;
        }
    }
    search_behind(&[SIGNATURE], &broken);
});
