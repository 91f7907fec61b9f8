//! What it takes to try a passphrase: Argon2id (RFC 9106).

use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{KeyError, StoreId};
use crate::{
    VaultError,
    sealing::{KEY_LEN, SecretKey, fill},
};

/// What a header may ask for. Whoever writes one must not make its reader take all memory, or hours.
const MEMORY: std::ops::RangeInclusive<u32> = 8 << 10..=1 << 20;
const PASSES: std::ops::RangeInclusive<u32> = 1..=16;
const LANES: std::ops::RangeInclusive<u32> = 1..=16;

/// The parameters of Argon2id, and the salt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Cost {
    wire: Wire,
    salt: [u8; 16],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
}

impl Cost {
    /// What RFC 9106, section 4, recommends where memory is limited: 64 MiB, three passes, four lanes. The
    /// salt is new.
    ///
    /// # Errors
    ///
    /// If the computer gives no random numbers.
    pub fn fresh() -> Result<Self, VaultError> {
        let mut salt = [0; 16];
        fill(&mut salt)?;
        let text = HEXLOWER.encode(&salt);
        Ok(Self { wire: Wire { memory_kib: 64 << 10, passes: 3, lanes: 4, salt: text }, salt })
    }

    /// The key that follows from a passphrase and the name of the vault.
    pub(super) fn stretch(&self, store: StoreId, passphrase: &[u8]) -> Result<SecretKey, KeyError> {
        let failed = |error: argon2::Error| KeyError::Argon2(error.to_string());
        let Wire { memory_kib, passes, lanes, .. } = self.wire;
        let params = Params::new(memory_kib, passes, lanes, Some(KEY_LEN)).map_err(failed)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut stretched = Zeroizing::new([0; KEY_LEN]);
        argon2.hash_password_into(passphrase, &self.salt, &mut *stretched).map_err(failed)?;
        // Two vaults with one passphrase have two keys, should they ever have one salt.
        Ok(SecretKey::extract(&store.bytes(), &*stretched))
    }
}

impl TryFrom<Wire> for Cost {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let Wire { memory_kib, passes, lanes, .. } = wire;
        let is_bounded =
            MEMORY.contains(&memory_kib) && PASSES.contains(&passes) && LANES.contains(&lanes);
        if !is_bounded {
            return Err("it asks for too much or too little work to try a passphrase");
        }
        let salt = HEXLOWER.decode(wire.salt.as_bytes()).ok();
        let salt = salt.and_then(|salt| salt.try_into().ok()).ok_or("its salt is unreadable")?;
        Ok(Self { wire, salt })
    }
}

impl From<Cost> for Wire {
    fn from(cost: Cost) -> Self {
        cost.wire
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(memory: &str, passes: &str, lanes: &str) -> Result<Cost, serde_json::Error> {
        let salt = "00".repeat(16);
        serde_json::from_str(&format!(
            r#"{{"memory_kib":{memory},"passes":{passes},"lanes":{lanes},"salt":"{salt}"}}"#
        ))
    }

    #[test]
    fn a_header_cannot_demand_all_memory_or_hours() {
        assert!(read("65536", "3", "4").is_ok());
        for (memory, passes, lanes) in [
            ("67108864", "3", "4"),
            ("4294967295", "1", "1"),
            ("65536", "17", "4"),
            ("65536", "3", "17"),
            ("65536", "3", "0"),
            ("8191", "3", "4"),
        ] {
            assert!(read(memory, passes, lanes).is_err(), "{memory} {passes} {lanes}");
        }
    }
}
