//! What follows a prefix, and where it ends.

use bearhug_core::{LEASE_PREFIX, lease_is_intact};
use data_encoding::BASE64URL_NOPAD;

/// The longest JWT that is looked for, in bytes. The Hub's are below two kilobytes.
const LONGEST_JWT: usize = 8 * 1024;

/// The longest header of one. It names an algorithm and a key.
const LONGEST_HEADER: usize = 512;

/// An `EdDSA` signature of 64 bytes in base64url.
const EDDSA_SIGNATURE: usize = 86;

/// The random characters of a lease and its checksum.
const LEASE: usize = 40;

/// What a user token whose body happens to start with `lease` has behind that. A longer text is no
/// such token, so if it is too short for a lease, it is a part of one.
const LONGEST_TOKEN_IN_LEASE: usize = 34 - "lease".len();

/// The form of a credential's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// So many letters and digits.
    Random(usize),
    /// Header, payload and signature of a JSON Web Token.
    Jwt,
    /// 34 random characters and their checksum.
    Lease,
    /// 12 to 28 upper-case letters and digits.
    KeyId,
}

/// How well some bytes fit a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The body takes so many bytes and something that cannot belong to it follows.
    Exact(usize),
    /// The body takes so many bytes and more of its alphabet follows: in text it is part of
    /// something longer.
    Glued(usize),
    /// The body stops short after so many bytes.
    Short(usize),
    /// This is not such a body.
    No,
}

impl Body {
    /// Fits the body to the start of `bytes`, which follow the prefix.
    pub(crate) fn fit(self, bytes: &[u8]) -> Fit {
        match self {
            Self::Random(len) => fit_random(bytes, len),
            Self::Jwt => fit_jwt(bytes),
            Self::Lease => fit_lease(bytes),
            Self::KeyId => fit_key_id(bytes),
        }
    }

    /// Whether a value may be longer than the shortest that fits, so that a break in the text
    /// can hide its second half.
    pub(crate) fn is_open_ended(self) -> bool {
        matches!(self, Self::Jwt)
    }
}

fn run(bytes: &[u8], limit: usize, belongs: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take(limit).position(|&b| !belongs(b)).unwrap_or(bytes.len().min(limit))
}

fn fit_random(bytes: &[u8], len: usize) -> Fit {
    match run(bytes, len + 1, |b| b.is_ascii_alphanumeric()) {
        n if n == len => Fit::Exact(len),
        n if n > len => Fit::Glued(len),
        n => Fit::Short(n),
    }
}

fn fit_key_id(bytes: &[u8]) -> Fit {
    let len = run(bytes, 64, |b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let ends = bytes.get(len).is_none_or(|&b| !b.is_ascii_alphanumeric() && b != b'_');
    if ends && (12..=28).contains(&len) { Fit::Exact(len) } else { Fit::No }
}

fn fit_lease(bytes: &[u8]) -> Fit {
    match run(bytes, LEASE, |b| b.is_ascii_alphanumeric()) {
        LEASE => {}
        n if n > LONGEST_TOKEN_IN_LEASE => return Fit::Short(n),
        _ => return Fit::No,
    }
    match std::str::from_utf8(&bytes[..LEASE]) {
        Ok(body) if lease_is_intact(&format!("{LEASE_PREFIX}{body}")) => Fit::Exact(LEASE),
        _ => Fit::No,
    }
}

/// Three base64url segments, of which the first holds JSON.
fn fit_jwt(bytes: &[u8]) -> Fit {
    let bytes = &bytes[..bytes.len().min(LONGEST_JWT)];
    let segment = |from: usize| run(&bytes[from..], LONGEST_JWT, is_base64url);
    let header = run(bytes, LONGEST_HEADER, is_base64url);
    if !bytes.starts_with(b"eyJ") || header < 10 {
        return if header == bytes.len() || header < 10 { Fit::Short(header) } else { Fit::No };
    }
    if bytes.get(header) != Some(&b'.') {
        return Fit::Short(header);
    }
    let payload = segment(header + 1);
    let dot = header + 1 + payload;
    if payload < 10 || bytes.get(dot) != Some(&b'.') {
        return Fit::Short(dot);
    }
    let signature = segment(dot + 1);
    match signature {
        0..20 => Fit::Short(dot + 1 + signature),
        n if n > EDDSA_SIGNATURE && is_eddsa(&bytes[..header]) => {
            Fit::Glued(dot + 1 + EDDSA_SIGNATURE)
        }
        n => Fit::Exact(dot + 1 + n),
    }
}

pub(crate) fn is_base64url(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'-' || b == b'_'
}

/// The decoded header of a JWT, if it is JSON that names an algorithm.
pub(crate) fn jwt_names_algorithm(jwt: &[u8]) -> bool {
    let header = jwt.split(|&b| b == b'.').next().unwrap_or_default();
    BASE64URL_NOPAD.decode(header).is_ok_and(|json| {
        json.starts_with(b"{") && memchr::memmem::find(&json, b"\"alg\"").is_some()
    })
}

fn is_eddsa(header: &[u8]) -> bool {
    BASE64URL_NOPAD
        .decode(header)
        .is_ok_and(|json| memchr::memmem::find(&json, b"\"EdDSA\"").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_body_ends_where_its_alphabet_does() {
        assert_eq!(Body::Random(3).fit(b"abc"), Fit::Exact(3));
        assert_eq!(Body::Random(3).fit(b"abc."), Fit::Exact(3));
        assert_eq!(Body::Random(3).fit(b"abcd"), Fit::Glued(3));
        assert_eq!(Body::Random(3).fit(b"ab\"c"), Fit::Short(2));
        assert_eq!(Body::Random(3).fit(b""), Fit::Short(0));
    }

    #[test]
    fn a_lease_may_stop_short_where_no_user_token_ends() {
        let lease = format!("{}{}", "k".repeat(34), bearhug_core::lease_checksum(&"k".repeat(34)));
        assert_eq!(Body::Lease.fit(lease.as_bytes()), Fit::Exact(40));
        assert_eq!(Body::Lease.fit(&lease.as_bytes()[..39]), Fit::Short(39));
        assert_eq!(Body::Lease.fit(&lease.as_bytes()[..30]), Fit::Short(30));
        assert_eq!(Body::Lease.fit(&lease.as_bytes()[..29]), Fit::No);
        assert_eq!(Body::Lease.fit("k".repeat(40).as_bytes()), Fit::No);
    }

    #[test]
    fn a_key_id_is_upper_case_and_stands_alone() {
        assert_eq!(Body::KeyId.fit(b"ABCDEFGH12345678\""), Fit::Exact(16));
        assert_eq!(Body::KeyId.fit(b"ABCDEFGH12345678a"), Fit::No);
        assert_eq!(Body::KeyId.fit(b"ABC"), Fit::No);
    }

    #[test]
    fn a_jwt_has_three_segments_and_a_json_header() {
        let jwt = format!("{}.{}.{}", "eyJhbGciOiJFZERTQSJ9", "eyJzdWIiOiI2MCJ9", "s".repeat(86));
        assert_eq!(Body::Jwt.fit(jwt.as_bytes()), Fit::Exact(jwt.len()));
        assert_eq!(Body::Jwt.fit(format!("{jwt}x").as_bytes()), Fit::Glued(jwt.len()));
        assert_eq!(Body::Jwt.fit(&jwt.as_bytes()[..50]), Fit::Short(50));
        assert!(jwt_names_algorithm(jwt.as_bytes()));
        assert!(!jwt_names_algorithm(b"eyJhIjoxfQ.x.y"));
    }
}
