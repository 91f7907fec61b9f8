//! A token in each encoding is found whatever stands around it.

#![no_main]

use std::sync::LazyLock;

use bearhug_core::Fingerprint;
use bearhug_detect::{Detector, Options};
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use libfuzzer_sys::fuzz_target;

/// Making one takes longer than most runs.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(Options::default()));

fn wide(text: &str, before: usize, after: usize) -> Vec<u8> {
    text.bytes().flat_map(|b| [vec![0; before], vec![b], vec![0; after]].concat()).collect()
}

fn each(text: &str, write: impl Fn(u8) -> String) -> Vec<u8> {
    text.bytes().map(write).collect::<String>().into_bytes()
}

fn encode(text: &str, how: u8) -> Vec<u8> {
    match how % 14 {
        0 => BASE64.encode(text.as_bytes()).into_bytes(),
        1 => BASE64URL_NOPAD.encode(text.as_bytes()).into_bytes(),
        2 => BASE64.encode(BASE64.encode(text.as_bytes()).as_bytes()).into_bytes(),
        3 => HEXLOWER.encode(text.as_bytes()).into_bytes(),
        4 => HEXUPPER.encode(text.as_bytes()).into_bytes(),
        5 => each(text, |b| format!("\\u{b:04x}")),
        6 => each(text, |b| format!("\\x{b:02X}")),
        7 => each(text, |b| format!("%{b:02X}")),
        8 => each(text, |b| format!("&#{b};")),
        9 => each(text, |b| format!("&#x{b:x};")),
        10 => each(text, |b| format!("={b:02X}")),
        11 => wide(text, 0, 1),
        12 => wide(text, 1, 0),
        _ => wide(text, 0, 3),
    }
}

fuzz_target!(|input: (u8, [u8; 34], u8, Vec<u8>, Vec<u8>)| {
    let (how, body, shift, before, after) = input;
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let body: String = body.iter().map(|b| char::from(letters[usize::from(*b) % 52])).collect();
    let token = format!("hf_{body}");
    // Every alignment of base64, and a neighbour that is no part of the token.
    let text = format!("{}{token} ", ": ".repeat(usize::from(shift % 5)));
    let encoded = encode(&text, how);
    let input = [&before[..], b"\n\n", &encoded, b"\n\n", &after].concat();
    let scan = DETECTOR.scan(&input);
    let expected = Fingerprint::of(&token);
    assert!(
        scan.candidates.iter().any(|c| c.token.fingerprint() == expected),
        "a token in encoding {} was missed",
        how % 14
    );
});
