//! Any delta for any base. What is not fresh is a part of the base, between the same neighbours.

#![no_main]

use bearhug_sources::git::workbench;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Vec<u8>, Vec<u8>)| {
    let (base, mut delta) = input;
    // The sizes are what a fuzzer finds last.
    if let Some(body) = delta.get(1..).map(<[u8]>::to_vec) {
        let size = |mut n: usize| {
            let mut bytes = Vec::new();
            while n >= 0x80 {
                bytes.push(u8::try_from(n & 0x7f).unwrap_or(0) | 0x80);
                n >>= 7;
            }
            bytes.push(u8::try_from(n).unwrap_or(0));
            bytes
        };
        delta = [size(base.len()), size(usize::from(delta[0])), body].concat();
    }
    let Some((object, fresh)) = workbench::apply_delta(&base, &delta) else { return };
    let mut from = 0;
    for part in fresh.iter().chain([&(object.len()..object.len())]) {
        let same = &object[from..part.start];
        assert!(same.is_empty() || base.windows(same.len()).any(|window| window == same));
        from = part.end;
    }
});
