//! Vaults as files: what opens them, what does not, and what a writer that dies leaves behind.

#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests tamper with files by fs::write, and look at what was sealed"
)]

mod references;
mod store;
mod tampering;

use std::path::PathBuf;

use bearhug_core::{Kind, Token, lending, lending::Keeper as _};
use bearhug_vault::{Entry, Key, KeySource, Place, StoreId, Unlocked, Vault};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;

/// A key that takes no work, from a file that need not be there.
fn key(store: StoreId, letter: &str) -> (KeySource, Key) {
    let source = KeySource::File { path: PathBuf::from("/nowhere/key") };
    let key = source.key(store, letter.repeat(32).as_bytes()).unwrap();
    (source, key)
}

struct Room {
    folder: tempfile::TempDir,
}

impl Room {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("bearhug/vault")
    }

    fn make(&self) -> Unlocked {
        let store = StoreId::random().unwrap();
        let (source, key) = key(store, "a");
        Vault::create(&self.path(), store, source, &key).unwrap()
    }

    fn vault(&self) -> Vault {
        Vault::read(&self.path()).unwrap().unwrap()
    }

    fn unlock(&self, letter: &str) -> Result<Unlocked, bearhug_vault::VaultError> {
        let vault = self.vault();
        let (_, key) = key(vault.store(), letter);
        vault.unlock(&key)
    }
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn value(n: usize) -> String {
    format!("hf_{}{n:06}", "QkRvTzLpWmXcJnYbGsHdFaUeKiOq")
}

fn token(n: usize) -> Token {
    Token::new(Kind::UserToken, value(n))
}

fn put(vault: &mut Unlocked, name: &str, n: usize) {
    let entry = Entry::of(&token(n), name.to_owned(), Place::Sealed, now());
    vault.change(|draft| draft.put(entry, Some(token(n)))).unwrap();
}

/// What the keeper gives for a permit.
fn opened(vault: &Unlocked, name: &str) -> Result<String, String> {
    let permit = lending::keep(name.to_owned(), "test");
    vault.open(&permit).map(|token| token.expose_secret().to_owned())
}
