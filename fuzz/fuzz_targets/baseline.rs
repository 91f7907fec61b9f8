//! Any text is a baseline or an error.

#![no_main]

use bearhug_guard::hunt::baseline::Baseline;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    drop(Baseline::parse(text));
});
