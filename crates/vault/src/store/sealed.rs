//! What is sealed in a vault, and what each seal is bound to, so that nothing can be put elsewhere.

use bearhug_core::Token;
use secrecy::ExposeSecret as _;

use super::format::{Contents, Record, entry_line, source_text};
use crate::{Entry, Key, KeySource, StoreId, VaultError, sealing::SecretKey};

/// Tells seals of keys from seals of entries.
const KEYS: &[u8] = b"bearhug:vault:key:v1\0";
const ENTRIES: &[u8] = b"bearhug:vault:entry:v1\0";

impl SecretKey {
    /// A data key under the key of its vault.
    pub(crate) fn under(
        &self,
        store: StoreId,
        source: &KeySource,
        key: &Key,
    ) -> Result<Vec<u8>, VaultError> {
        key.0.wrap(&key_context(store, source), self)
    }

    /// Seals the value of an entry.
    #[expect(clippy::disallowed_methods, reason = "the value is encrypted here, and nothing else")]
    pub(super) fn seal_entry(
        &self,
        store: StoreId,
        entry: &Entry,
        token: &Token,
    ) -> Result<Vec<u8>, VaultError> {
        self.seal(&entry_context(store, entry), token.expose_secret().as_bytes())
    }
}

impl Contents {
    /// The data key, if this is the key of the vault and the header says how it is made.
    pub(super) fn data_key(&self, key: &Key) -> Result<SecretKey, VaultError> {
        let context = key_context(self.store, &self.source);
        key.0.unwrap(&context, &self.wrapped).ok_or(VaultError::WrongKey)
    }

    /// Whether this has the data key of another, under the same key.
    pub(crate) fn is_keyed_as(&self, other: &Self) -> bool {
        self.wrapped == other.wrapped
    }

    /// Whether the file is as somebody with its key left it.
    pub(crate) fn check(&self, data_key: &SecretKey) -> Result<(), VaultError> {
        let is_genuine = data_key.vouches(self.text.as_bytes(), &self.mac);
        if is_genuine { Ok(()) } else { Err(VaultError::Tampered) }
    }

    /// The token of each entry that is sealed here.
    pub(crate) fn tokens(&self, data_key: &SecretKey) -> Result<Vec<(String, Token)>, VaultError> {
        let sealed = self.records.values().filter_map(|Record { entry, sealed }| {
            let opened = data_key.open(&entry_context(self.store, entry), sealed.as_deref()?);
            Some((entry, opened))
        });
        sealed
            .map(|(entry, opened)| {
                let opened = opened.ok_or(VaultError::Tampered)?;
                let value = std::str::from_utf8(&opened).map_err(|_| VaultError::Tampered)?;
                let token = Token::new(entry.kind, value.to_owned());
                let is_it = token.fingerprint() == entry.fingerprint;
                if is_it { Ok((entry.name.clone(), token)) } else { Err(VaultError::Tampered) }
            })
            .collect()
    }
}

fn key_context(store: StoreId, source: &KeySource) -> Vec<u8> {
    [KEYS, &store.bytes(), source_text(source).as_bytes()].concat()
}

/// All that is public of an entry: its name and version, and where else it claims to be.
fn entry_context(store: StoreId, entry: &Entry) -> Vec<u8> {
    [ENTRIES, &store.bytes(), entry_line(entry, None).as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use bearhug_core::Kind;

    use super::*;
    use crate::Place;

    /// The code of the file is not all that keeps a seal in its place.
    #[test]
    fn a_seal_opens_in_its_own_entry_of_its_own_vault_and_nowhere_else() {
        let [here, there] = [(); 2].map(|()| StoreId::random().unwrap());
        let token = Token::new(Kind::UserToken, "hf_short".to_owned());
        let entry = Entry::of(
            &token,
            "ci".to_owned(),
            Place::Sealed,
            "2026-11-24T12:00:00Z".parse().unwrap(),
        );
        let key = SecretKey::random().unwrap();
        let sealed = key.seal_entry(here, &entry, &token).unwrap();
        let opens =
            |store, entry: &Entry| key.open(&entry_context(store, entry), &sealed).is_some();
        assert!(opens(here, &entry) && !opens(there, &entry));
        let named = Entry { name: "prod".to_owned(), ..entry.clone() };
        let newer = Entry { version: 2, ..entry.clone() };
        let other = Entry { kind: Kind::OrgToken, ..entry };
        for entry in [named, newer, other] {
            assert!(!opens(here, &entry), "{entry:?}");
        }
    }
}
