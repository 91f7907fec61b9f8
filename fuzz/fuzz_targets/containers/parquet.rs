//! Parquet, with a footer where its length says unless it ends with its own.

#![no_main]

use bearhug_fuzz::{search_behind, shaped};
use libfuzzer_sys::fuzz_target;

const SIGNATURE: &[u8] = b"PAR1";

fuzz_target!(|bytes: &[u8]| {
    if bytes.ends_with(SIGNATURE) {
        search_behind(&[SIGNATURE], bytes);
    } else {
        search_behind(&[SIGNATURE], &shaped::parquet(bytes));
    }
});
