//! The text of office documents.

#![no_main]

use bearhug_fuzz::search_behind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| search_behind(
    &[b"<x xmlns:w=\"http://schemas.openxmlformats.org/\">"],
    bytes
));
