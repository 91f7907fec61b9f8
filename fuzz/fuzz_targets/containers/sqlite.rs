//! SQLite, and its write-ahead log.

#![no_main]

use bearhug_fuzz::search_behind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| search_behind(
    &[b"SQLite format 3\0", b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"],
    bytes
));
