//! The file of a vault.

use std::path::{Path, PathBuf};

use crate::{Entry, Key, KeySource, StoreId, Unlocked, VaultError, sealing::SecretKey};

mod draft;
pub(crate) mod file;
mod format;
mod sealed;

pub use draft::Draft;
pub use format::{Contents, FormatError};

/// A vault as it can be read without its key. What it says is as its file has it; only
/// [`unlock`](Self::unlock) tells whether somebody tampered with it.
#[derive(Debug)]
pub struct Vault {
    path: PathBuf,
    contents: Contents,
}

impl Vault {
    /// Reads a vault, if there is one.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, is a link, can be read or written by others, or is no vault.
    pub fn read(path: &Path) -> Result<Option<Self>, VaultError> {
        let Some(bytes) = file::read(path)? else { return Ok(None) };
        let contents = Contents::parse(&bytes)?;
        Ok(Some(Self { path: path.to_owned(), contents }))
    }

    /// Makes a vault without entries, and unlocks it.
    ///
    /// # Errors
    ///
    /// If there is one, or the file cannot be written.
    pub fn create(
        path: &Path,
        store: StoreId,
        source: KeySource,
        key: &Key,
    ) -> Result<Unlocked, VaultError> {
        let _lock = file::Lock::take(path)?;
        if file::read(path)?.is_some() {
            return Err(VaultError::Exists);
        }
        let data_key = SecretKey::random()?;
        let wrapped = data_key.under(store, &source, key)?;
        let draft = Draft::new(store, source, wrapped);
        let contents = draft.sealed(&data_key)?;
        file::write(path, &contents.bytes())?;
        Unlocked::of(path.to_owned(), contents, data_key)
    }

    /// The entries, by name.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.contents.entries()
    }

    /// Where its key comes from.
    pub fn source(&self) -> &KeySource {
        &self.contents.source
    }

    /// Its name.
    pub fn store(&self) -> StoreId {
        self.contents.store
    }

    /// Opens every seal.
    ///
    /// # Errors
    ///
    /// If the key is another, or anything in the file is not as its last writer left it.
    pub fn unlock(self, key: &Key) -> Result<Unlocked, VaultError> {
        let data_key = self.contents.data_key(key)?;
        self.contents.check(&data_key)?;
        Unlocked::of(self.path, self.contents, data_key)
    }
}
