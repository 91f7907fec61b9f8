//! GIF.

#![no_main]

use bearhug_fuzz::search_behind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| search_behind(&[b"GIF89a", b"GIF87a"], bytes));
