//! LevelDB's logs, with a first record that sums up, and wandb's.

#![no_main]

use bearhug_fuzz::{search, shaped};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b":W&B") {
        search(bytes);
    } else {
        search(&shaped::log(bytes));
    }
});
