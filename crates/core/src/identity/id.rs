//! The name of an identity.

use std::{fmt, str::FromStr};

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Fingerprint;

/// Separates this use of SHA-256 from every other.
const DOMAIN: &[u8] = b"bearhug:identity:v1\0";

/// Names an identity for as long as it lives, whatever tokens it goes through.
///
/// It follows from what the identity was first known by, so that two machines that come upon the same
/// token at the same time make one identity and not two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IdentityId([u8; 16]);

impl IdentityId {
    /// The identity that starts with a token of this fingerprint.
    pub fn of_token(first: Fingerprint) -> Self {
        Self::of(&first.to_string())
    }

    /// The identity of a credential whose value nobody here has: the Hub lists it by an identifier.
    /// `endpoint` is the address of that Hub.
    pub fn of_listed(endpoint: &str, organisation: &str, hub_id: &str) -> Self {
        Self::of(&format!("{endpoint}\0{organisation}\0{hub_id}"))
    }

    /// The start of the name, which commands take as well while no other name starts the same.
    pub fn short(self) -> String {
        self.to_string().chars().take(11).collect()
    }

    fn of(known_by: &str) -> Self {
        let digest = Sha256::new().chain_update(DOMAIN).chain_update(known_by).finalize();
        let mut name = [0; 16];
        name.copy_from_slice(&digest[..16]);
        Self(name)
    }
}

impl fmt::Display for IdentityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "id_{}", BASE32_NOPAD.encode(&self.0).to_ascii_lowercase())
    }
}

/// The text is not `id_` followed by 26 lower-case base32 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseIdentityIdError;

impl fmt::Display for ParseIdentityIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an identity is `id_` followed by 26 of the characters a-z and 2-7")
    }
}

impl std::error::Error for ParseIdentityIdError {}

impl FromStr for IdentityId {
    type Err = ParseIdentityIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("id_").ok_or(ParseIdentityIdError)?;
        if digits.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(ParseIdentityIdError);
        }
        let bytes = BASE32_NOPAD
            .decode(digits.to_ascii_uppercase().as_bytes())
            .map_err(|_| ParseIdentityIdError)?;
        bytes.try_into().map(Self).map_err(|_| ParseIdentityIdError)
    }
}

impl TryFrom<String> for IdentityId {
    type Error = ParseIdentityIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<IdentityId> for String {
    fn from(id: IdentityId) -> Self {
        id.to_string()
    }
}
