//! The public name of a token.

use std::{fmt, str::FromStr};

use data_encoding::{BASE32_NOPAD, Encoding};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Separates this use of SHA-256 from every other, so that a fingerprint is never equal to a
/// digest that another tool publishes of the same value.
const DOMAIN: &[u8] = b"bearhug:token:v1\0";

/// The only public name of a token: the first 16 bytes of SHA-256 over a domain tag and the value.
///
/// No key is needed, so that two machines agree on it without sharing one. A Hub token carries
/// about 190 bits of entropy, so the value cannot be searched for from its fingerprint.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Names a raw value.
    pub fn of(value: &str) -> Self {
        let digest = Sha256::new().chain_update(DOMAIN).chain_update(value).finalize();
        let mut name = [0; 16];
        name.copy_from_slice(&digest[..16]);
        Self(name)
    }
}

/// RFC 4648 base32 without padding, folded to lower case: 26 characters that survive a
/// double click, a URL and a case-insensitive file system.
fn text_of(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fp_{}", text_of(&self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = ParseFingerprintError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(name: Fingerprint) -> Self {
        name.to_string()
    }
}

/// The text is not `fp_` followed by 26 lower-case base32 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseFingerprintError;

impl fmt::Display for ParseFingerprintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fingerprint is `fp_` followed by 26 of the characters a-z and 2-7")
    }
}

impl std::error::Error for ParseFingerprintError {}

impl FromStr for Fingerprint {
    type Err = ParseFingerprintError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("fp_").ok_or(ParseFingerprintError)?;
        if digits.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(ParseFingerprintError);
        }
        let decoder: &Encoding = &BASE32_NOPAD;
        let bytes = decoder
            .decode(digits.to_ascii_uppercase().as_bytes())
            .map_err(|_| ParseFingerprintError)?;
        bytes.try_into().map(Self).map_err(|_| ParseFingerprintError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected text was made with `printf 'bearhug:token:v1\0hello' | sha256sum`, its first
    /// 32 digits turned into base32 by Python's `base64.b32encode`.
    #[test]
    fn agrees_with_sha256sum_and_python() {
        assert_eq!(Fingerprint::of("hello").to_string(), "fp_n3g4p6t6dvaewwyzvcznr3thlu");
    }

    #[test]
    fn reads_back_what_it_prints_and_nothing_else() {
        let name = Fingerprint::of("x");
        assert_eq!(name.to_string().parse(), Ok(name));
        for bad in ["", "fp_", "fp_abc", &name.to_string().to_uppercase(), "fp_1111"] {
            assert_eq!(bad.parse::<Fingerprint>(), Err(ParseFingerprintError), "{bad}");
        }
    }
}
