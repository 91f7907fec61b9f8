//! Any bytes are a vault or an error, and what is a vault is written as it was read.

#![no_main]

use bearhug_vault::Contents;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let started = [b"bearhug-vault/1\n", bytes].concat();
    for bytes in [bytes, &started] {
        if let Ok(contents) = Contents::parse(bytes) {
            assert_eq!(contents.bytes(), bytes);
        }
    }
});
