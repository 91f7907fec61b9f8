//! tar, with headers that sum up.

#![no_main]

use bearhug_fuzz::{search, shaped};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| search(&shaped::tar(bytes)));
