//! Where tokens are kept: a sealed file of one's own, and the way to other vaults.
//!
//! A [`Vault`] is read without a key, as far as its names and fingerprints go. With its [`Key`] it becomes
//! an [`Unlocked`], which holds tokens in memory, gives one for a `Permit`, and writes changes. What an
//! entry only refers to is fetched by [`Elsewhere`]. The format of the file is described in
//! `docs/vault.md`.

mod elsewhere;
mod entry;
mod error;
mod key;
mod reference;
mod sealing;
mod store;
mod unlocked;

pub use elsewhere::{Elsewhere, ElsewhereError, Problem, Proxy, Surroundings, Variable, keyring};
pub use entry::{Entry, InvalidName, Place, check_name};
pub use error::VaultError;
pub use key::{Cost, Key, KeyError, KeySource, StoreId, fresh_material};
pub use reference::{ParseReferenceError, Reference};
pub use store::{Contents, Draft, FormatError, Vault};
pub use unlocked::Unlocked;
