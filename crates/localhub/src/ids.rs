//! Random names: ids of 24 hexadecimal digits, and the bodies of credentials.

use data_encoding::HEXLOWER;
use rand::RngExt;

/// An id as the Hub's database makes them: 24 hexadecimal digits.
pub(crate) fn object_id() -> String {
    HEXLOWER.encode(&rand::random::<[u8; 12]>())
}

/// Random ASCII letters, of which the bodies of the Hub's access tokens consist.
pub(crate) fn letters(count: usize) -> String {
    const ALPHABET: &[u8; 52] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut random = rand::rng();
    (0..count).map(|_| char::from(ALPHABET[random.random_range(0..ALPHABET.len())])).collect()
}

/// A UUID of version 4 (RFC 9562), which request ids and OAuth client ids use.
pub(crate) fn uuid() -> String {
    let mut bytes = rand::random::<[u8; 16]>();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = HEXLOWER.encode(&bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
