//! HDF5.

#![no_main]

use bearhug_fuzz::search_behind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| search_behind(&[b"\x89HDF\r\n\x1a\n"], bytes));
