//! A container in the middle of other content: as it is, in base64, and in base64 of base64.

#![no_main]

use bearhug_fuzz::search;
use data_encoding::BASE64;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let once = BASE64.encode(bytes);
    let twice = BASE64.encode(once.as_bytes());
    for content in [bytes, once.as_bytes(), twice.as_bytes()] {
        search(&[b"{\"data\": \"", content, b"\", \"more\": 1}"].concat());
    }
});
