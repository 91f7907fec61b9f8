//! Images in tars: the documents of one, with zero bytes between them.

#![no_main]

use bearhug_fuzz::{search, shaped};
use libfuzzer_sys::fuzz_target;

/// What the documents are called, in their order.
const NAMES: [&str; 8] = [
    "manifest.json",
    "index.json",
    "c.json",
    "l.tar",
    "blobs/sha256/0",
    "blobs/sha256/1",
    "blobs/sha256/2",
    "oci-layout",
];

fuzz_target!(|bytes: &[u8]| {
    let documents = bytes.split(|&b| b == 0);
    search(&shaped::tar_of(NAMES.into_iter().zip(documents)));
});
