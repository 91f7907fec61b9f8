//! The forms in which servers repeat what they were sent.

use bearhug_core::Token;
use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

type Needle = Zeroizing<Vec<u8>>;

/// A token as it is, percent-encoded, and in base64 with anything before and after it, as `Basic` has it.
#[expect(clippy::disallowed_methods, reason = "finds the token in answers to remove it")]
pub(super) fn of(token: &Token) -> Vec<Needle> {
    let value = token.expose_secret().as_bytes();
    if value.is_empty() {
        return Vec::new();
    }
    let mut needles: Vec<Needle> = vec![Zeroizing::new(value.to_vec())];
    needles.extend(percent(value));
    for encoding in [&BASE64_NOPAD, &BASE64URL_NOPAD] {
        needles.extend((0..3).map(|before| base64(value, before, encoding)));
    }
    needles.retain(|needle| !needle.is_empty());
    needles.sort_unstable_by(|one, other| one.as_slice().cmp(other));
    needles.dedup_by(|one, other| one.as_slice() == other.as_slice());
    needles
}

/// With everything escaped that is no letter or digit, and with all escaped, in digits of either case.
fn percent(value: &[u8]) -> [Needle; 4] {
    let escaped = |is_plain: fn(&u8) -> bool, hex: &data_encoding::Encoding| {
        let mut text = Zeroizing::new(Vec::with_capacity(value.len() * 3));
        for byte in value {
            if is_plain(byte) {
                text.push(*byte);
            } else {
                text.push(b'%');
                text.extend_from_slice(hex.encode(&[*byte]).as_bytes());
            }
        }
        text
    };
    [
        escaped(u8::is_ascii_alphanumeric, &HEXUPPER),
        escaped(u8::is_ascii_alphanumeric, &HEXLOWER),
        escaped(|_| false, &HEXUPPER),
        escaped(|_| false, &HEXLOWER),
    ]
}

/// The characters that depend on nothing but the value, which comes after so many bytes of others.
fn base64(value: &[u8], before: usize, encoding: &data_encoding::Encoding) -> Needle {
    let mut bytes = Zeroizing::new(vec![0; before]);
    bytes.extend_from_slice(value);
    let text = Zeroizing::new(encoding.encode(&bytes));
    let (first, end) = ((before * 8).div_ceil(6), bytes.len() * 8 / 6);
    Zeroizing::new(text.as_bytes().get(first..end).unwrap_or_default().to_vec())
}
