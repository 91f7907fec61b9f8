//! The key of a vault, and where it comes from.

use std::path::PathBuf;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    VaultError,
    sealing::{SecretKey, fill},
};

mod cost;

pub use cost::Cost;

/// What a key that nobody has to remember is made of must be as long as this, in bytes. Its entropy
/// cannot be measured; `openssl rand -hex 32` gives twice as many bytes, of four bits each.
const SHORTEST: usize = 32;
/// The most that is taken, in bytes.
const LONGEST: usize = 4096;

/// The name of a vault: random, public, and part of what every seal is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreId([u8; 16]);

impl StoreId {
    /// A new one.
    ///
    /// # Errors
    ///
    /// If the computer gives no random numbers.
    pub fn random() -> Result<Self, VaultError> {
        let mut bytes = [0; 16];
        fill(&mut bytes)?;
        Ok(Self(bytes))
    }

    pub(crate) fn bytes(self) -> [u8; 16] {
        self.0
    }

    pub(crate) fn text(self) -> String {
        HEXLOWER.encode(&self.0)
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(Self(HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()?))
    }
}

/// Where the key of a vault comes from. It is written in the vault's header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case", deny_unknown_fields)]
pub enum KeySource {
    /// The keyring of the session keeps it.
    Keyring {
        /// What it is filed under.
        account: String,
    },
    /// Somebody knows it.
    Passphrase {
        /// What it takes to try one.
        cost: Cost,
    },
    /// It is in a file.
    File {
        /// Which.
        path: PathBuf,
    },
    /// It is in a variable of the environment.
    Environment {
        /// Which.
        name: String,
    },
}

/// The key of a vault. It is erased when it is dropped.
pub struct Key(pub(crate) SecretKey);

/// Why there is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// A passphrase of no characters.
    #[error("the passphrase is empty")]
    Empty,
    /// Too little to be hard to guess, where nobody has to remember it.
    #[error("a key that nobody has to remember has at least 32 characters")]
    Short,
    /// More than any key.
    #[error("no key is longer than 4096 bytes")]
    Long,
    /// The memory for Argon2id is not there.
    #[error("Argon2id cannot be computed: {0}")]
    Argon2(String),
}

impl KeySource {
    /// What its sort is called.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Keyring { .. } => "keyring",
            Self::Passphrase { .. } => "passphrase",
            Self::File { .. } => "file",
            Self::Environment { .. } => "environment",
        }
    }

    /// The key of a vault that follows from what the source says: a passphrase, or what a keyring, a file
    /// or a variable holds. A line break at its end does not count.
    ///
    /// # Errors
    ///
    /// If it cannot be one.
    pub fn key(&self, store: StoreId, material: &[u8]) -> Result<Key, KeyError> {
        let material = material.strip_suffix(b"\n").unwrap_or(material);
        let material = material.strip_suffix(b"\r").unwrap_or(material);
        if material.len() > LONGEST {
            return Err(KeyError::Long);
        }
        match self {
            Self::Passphrase { .. } if material.is_empty() => Err(KeyError::Empty),
            Self::Passphrase { cost } => cost.stretch(store, material).map(Key),
            _ if material.len() < SHORTEST => Err(KeyError::Short),
            _ => Ok(Key(SecretKey::extract(&store.bytes(), material))),
        }
    }
}

/// Something new to make a key of, as text: 256 random bits.
///
/// # Errors
///
/// If the computer gives no random numbers.
pub fn fresh_material() -> Result<Zeroizing<String>, VaultError> {
    let mut bytes = Zeroizing::new([0; 32]);
    fill(&mut *bytes)?;
    Ok(Zeroizing::new(HEXLOWER.encode(&*bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_refused_that_is_easy_to_guess() {
        let store = StoreId::random().unwrap();
        let file = KeySource::File { path: "key".into() };
        let passphrase = KeySource::Passphrase { cost: Cost::fresh().unwrap() };
        let error = |source: &KeySource, text: &[u8]| source.key(store, text).err();
        assert_eq!(error(&file, &[b'x'; 31]), Some(KeyError::Short));
        assert_eq!(error(&file, &[b'x'; 5000]), Some(KeyError::Long));
        assert_eq!(error(&file, &[b'x'; 32]), None);
        assert_eq!(error(&passphrase, b"\n"), Some(KeyError::Empty));
    }
}
