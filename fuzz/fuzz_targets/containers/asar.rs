//! asar, with lengths that fit its directory unless it starts with its own.

#![no_main]

use bearhug_fuzz::{search_behind, shaped};
use libfuzzer_sys::fuzz_target;

const SIGNATURE: &[u8] = b"\x04\0\0\0";

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(SIGNATURE) {
        search_behind(&[SIGNATURE], bytes);
    } else {
        search_behind(&[SIGNATURE], &shaped::asar(bytes));
    }
});
