//! The value of a lease, whose written form anyone can check without asking a broker.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::LeaseId;

/// What every lease starts with. Clients insist on `hf_`, and llama.cpp and others on nothing but
/// letters and digits after it.
pub const LEASE_PREFIX: &str = "hf_lease";

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const RANDOM_LEN: usize = 34;
const CHECKSUM_LEN: usize = 6;

/// The six base62 digits, most significant first, that end a lease: the CRC-32 (IEEE) of the
/// 34 random characters before them.
pub fn lease_checksum(random: &str) -> String {
    let mut rest = crc32fast::hash(random.as_bytes());
    let mut digits = [0; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

/// Whether a text is a whole lease whose checksum fits its random part.
pub fn lease_is_intact(text: &str) -> bool {
    let Some(body) = text.strip_prefix(LEASE_PREFIX) else { return false };
    body.len() == RANDOM_LEN + CHECKSUM_LEN
        && body.bytes().all(|b| b.is_ascii_alphanumeric())
        && lease_checksum(&body[..RANDOM_LEN]) == body[RANDOM_LEN..]
}

/// The value of a lease: what its holder sends. It has no `Display`, `Serialize` or `Clone`, and is seen
/// once, by whoever asked for it.
pub struct LeaseValue(SecretString);

impl LeaseValue {
    /// Makes one from randomness of the caller's, which must be fit for keys. Of each number from
    /// `draw` the rest by 62 counts, so it must be drawn from all of `u64`.
    pub fn generate(mut draw: impl FnMut() -> u64) -> Self {
        let digits = (0..RANDOM_LEN).map(|_| char::from(BASE62[(draw() % 62) as usize]));
        let random: String = digits.collect();
        let checksum = lease_checksum(&random);
        Self(SecretString::from(format!("{LEASE_PREFIX}{random}{checksum}")))
    }

    /// Takes over a value that somebody sent, if it has the form of a lease.
    pub fn parse(text: String) -> Option<Self> {
        lease_is_intact(&text).then(|| Self(SecretString::from(text)))
    }

    /// Its public name.
    #[expect(clippy::disallowed_methods, reason = "the name is a one-way digest of the value")]
    pub fn id(&self) -> LeaseId {
        LeaseId::of(self.0.expose_secret())
    }
}

impl ExposeSecret<str> for LeaseValue {
    #[expect(clippy::disallowed_methods, reason = "this is the gate; every caller states its own")]
    fn expose_secret(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for LeaseValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LeaseValue").field(&self.id()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python: `zlib.crc32(b"a"*34)` is 3827808656; in base62 that is `4B35tI`.
    #[test]
    fn the_checksum_agrees_with_python() {
        assert_eq!(lease_checksum(&"a".repeat(34)), "4B35tI");
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test may see the value it made up")]
    fn a_lease_that_was_made_is_intact_and_named_as_a_scan_names_it() {
        let mut next = 0;
        let value = LeaseValue::generate(|| {
            next += 1;
            next
        });
        let text = value.expose_secret().to_owned();
        assert!(lease_is_intact(&text));
        assert_eq!(value.id().fingerprint(), crate::Fingerprint::of(&text));
        assert_eq!(value.id().to_string().parse(), Ok(value.id()));
        assert!(!format!("{value:?}").contains(&text[8..]));
        assert_eq!(LeaseValue::parse(text).map(|value| value.id()), Some(value.id()));
    }

    #[test]
    fn one_changed_character_breaks_a_lease() {
        let random = "k".repeat(34);
        let lease = format!("{LEASE_PREFIX}{random}{}", lease_checksum(&random));
        assert!(lease_is_intact(&lease));
        assert_eq!(lease.len(), 48);
        for at in LEASE_PREFIX.len()..lease.len() {
            let mut bytes = lease.clone().into_bytes();
            bytes[at] = if bytes[at] == b'0' { b'1' } else { b'0' };
            assert!(!lease_is_intact(&String::from_utf8(bytes).unwrap()), "at {at}");
        }
    }

    #[test]
    fn a_length_or_alphabet_that_is_wrong_is_no_lease() {
        for text in ["", LEASE_PREFIX, "hf_leaseß", &format!("{LEASE_PREFIX}{}", "é".repeat(20))]
        {
            assert!(!lease_is_intact(text), "{text}");
        }
    }
}
