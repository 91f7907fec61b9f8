//! Changes to a vault that are not written yet.

use std::collections::BTreeMap;

use bearhug_core::{Fingerprint, Token};

use super::format::{Contents, Record, text_of};
use crate::{Entry, KeySource, Place, StoreId, VaultError, check_name, sealing::SecretKey};

/// A vault that is being changed.
pub struct Draft {
    contents: Contents,
    /// The values that are to be sealed, by the name of their entry.
    unsealed: BTreeMap<String, Token>,
}

impl Draft {
    /// One that nobody has written before.
    pub(super) fn new(store: StoreId, source: KeySource, wrapped: Vec<u8>) -> Self {
        let contents = Contents {
            store,
            revision: 0,
            source,
            wrapped,
            records: BTreeMap::new(),
            text: String::new(),
            mac: Vec::new(),
        };
        Self::of(contents)
    }

    /// What is written now.
    pub(crate) fn of(contents: Contents) -> Self {
        Self { contents, unsealed: BTreeMap::new() }
    }

    /// The entry of this name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.contents.records.get(name).map(|record| &record.entry)
    }

    /// The entry of a token, if it was put in.
    pub fn holder(&self, fingerprint: Fingerprint) -> Option<&Entry> {
        self.contents.entries().find(|entry| entry.fingerprint == fingerprint)
    }

    /// Puts an entry in the place of the one of its name, if there is one. It needs its token where it is
    /// sealed here.
    ///
    /// # Errors
    ///
    /// If the name is none.
    pub fn put(&mut self, entry: Entry, token: Option<Token>) -> Result<(), VaultError> {
        check_name(&entry.name)?;
        let is_complete = token.is_some() == (entry.place == Place::Sealed);
        if !is_complete {
            return Err(VaultError::Unknown(entry.name));
        }
        let version = self.entry(&entry.name).map_or(1, |old| old.version.saturating_add(1));
        let name = entry.name.clone();
        let entry = Entry { version, ..entry };
        self.unsealed.remove(&name);
        if let Some(token) = token {
            self.unsealed.insert(name.clone(), token);
        }
        self.contents.records.insert(name, Record { entry, sealed: None });
        Ok(())
    }

    /// Takes an entry out.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn remove(&mut self, name: &str) -> Result<Entry, VaultError> {
        let record = self.contents.records.remove(name);
        self.unsealed.remove(name);
        record.map(|record| record.entry).ok_or_else(|| VaultError::Unknown(name.to_owned()))
    }

    /// Names the key of the vault anew, and all values that are sealed under it.
    pub(crate) fn rekey(
        &mut self,
        source: KeySource,
        wrapped: Vec<u8>,
        tokens: Vec<(String, Token)>,
    ) {
        self.contents.source = source;
        self.contents.wrapped = wrapped;
        self.unsealed.extend(tokens);
    }

    /// The vault as it is to be written.
    pub(crate) fn sealed(self, data_key: &SecretKey) -> Result<Contents, VaultError> {
        let Self { mut contents, unsealed } = self;
        for (name, token) in &unsealed {
            if let Some(record) = contents.records.get_mut(name) {
                record.sealed = Some(data_key.seal_entry(contents.store, &record.entry, token)?);
            }
        }
        contents.revision = contents.revision.saturating_add(1);
        contents.text = text_of(&contents);
        contents.mac = data_key.vouch(contents.text.as_bytes());
        Ok(contents)
    }
}
