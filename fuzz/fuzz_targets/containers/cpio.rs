//! cpio.

#![no_main]

use bearhug_fuzz::search;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| search(bytes));
