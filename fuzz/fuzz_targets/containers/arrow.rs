//! Arrow and Feather.

#![no_main]

use bearhug_fuzz::search_behind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| search_behind(&[b"ARROW1\0\0", b"\xff\xff\xff\xff", b"FEA1"], bytes));
