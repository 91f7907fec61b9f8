//! Any bytes as a tree, an index and a reftable.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| bearhug_sources::git::workbench::read_tables(bytes));
