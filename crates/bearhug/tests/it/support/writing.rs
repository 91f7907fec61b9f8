//! Ways in which one text stands for another.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A way of writing each byte by itself, so that a part of a text is written as a part of it.
pub(crate) type Form = (&'static str, fn(&[u8]) -> Vec<u8>);

pub(crate) const FORMS: [Form; 14] = [
    ("as it is", <[u8]>::to_vec),
    ("backwards", |text| text.iter().rev().copied().collect()),
    ("json", |text| each(text, |b| format!("\\u{b:04x}"))),
    ("hex escapes", |text| each(text, |b| format!("\\x{b:02x}"))),
    ("octal escapes", |text| each(text, |b| format!("\\{b:03o}"))),
    ("percent", |text| each(text, |b| format!("%{b:02X}"))),
    ("html", |text| each(text, |b| format!("&#{b};"))),
    ("html in hex", |text| each(text, |b| format!("&#x{b:x};"))),
    ("quoted-printable", |text| each(text, |b| format!("={b:02X}"))),
    ("hex", |text| each(text, |b| format!("{b:02x}"))),
    ("upper hex", |text| each(text, |b| format!("{b:02X}"))),
    ("spaced hex", |text| each(text, |b| format!("{b:02x} "))),
    ("utf-16", |text| text.iter().flat_map(|&b| [b, 0]).collect()),
    ("utf-32", |text| text.iter().flat_map(|&b| [b, 0, 0, 0]).collect()),
];

fn each(text: &[u8], write: fn(u8) -> String) -> Vec<u8> {
    text.iter().flat_map(|&b| write(b).into_bytes()).collect()
}

/// A text in the form of this name.
pub(crate) fn written(form: &str, text: &str) -> String {
    let (_, write) = FORMS.iter().find(|(name, _)| *name == form).unwrap();
    String::from_utf8(write(text.as_bytes())).unwrap()
}

/// Base64 without padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, &b| bits << 8 | u32::from(b));
        let bits = bits << (8 * (3 - group.len()));
        for i in 0..=group.len() {
            let digit = bits >> (18 - 6 * i) & 63;
            text.push(char::from(BASE64[digit as usize]));
        }
    }
    text
}

#[test]
fn base64_is_what_coreutils_writes() {
    for text in ["", "h", "hf", "hf_", "hf_token", "\u{ff}\u{fe}~?"] {
        let mut command = std::process::Command::new("base64");
        command.arg("--wrap=0");
        let answer = super::Outcome::fed(command, text.as_bytes()).exits(0).stdout();
        assert_eq!(base64(text.as_bytes()), answer.trim_end_matches('='));
    }
}
