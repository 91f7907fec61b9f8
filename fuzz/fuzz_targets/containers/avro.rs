//! Avro.

#![no_main]

use bearhug_fuzz::search_behind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| search_behind(&[b"Obj\x01"], bytes));
