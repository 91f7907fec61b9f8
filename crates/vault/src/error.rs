//! What keeps a vault shut.

use std::{io, path::PathBuf};

use crate::{FormatError, InvalidName};

/// Why a vault cannot be read, opened or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The file, its lock or its folder.
    #[error("`{}` cannot be used: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others can read or write the file.
    #[error("others can read or write `{}`", .0.display())]
    Exposed(PathBuf),
    /// The file is larger than any vault, or no file.
    #[error("`{}` is no file of less than 16 MiB", .0.display())]
    NoFile(PathBuf),
    /// There is a vault where one was to be made.
    #[error("there is a vault already")]
    Exists,
    /// The vault is gone.
    #[error("the vault is gone")]
    Gone,
    /// The file is not written as a vault.
    #[error("this is no vault: {0}")]
    Format(#[from] FormatError),
    /// The key is another, or how it is made was tampered with.
    #[error("the key does not open the vault")]
    WrongKey,
    /// Somebody changed the file who does not have its key.
    #[error("the vault was changed by somebody who does not have its key")]
    Tampered,
    /// Somebody else is writing.
    #[error("another program is writing to the vault")]
    Busy,
    /// The vault got another key after it was unlocked.
    #[error("the vault got another key meanwhile")]
    Rekeyed,
    /// The name is taken.
    #[error("there is an entry `{0}` already")]
    Taken(String),
    /// There is no such entry.
    #[error("there is no entry `{0}`")]
    Unknown(String),
    /// The name is none.
    #[error(transparent)]
    Name(#[from] InvalidName),
    /// The vault would become too large.
    #[error("the vault would be larger than 16 MiB")]
    Full,
    /// The computer gives no random numbers, or cannot encrypt.
    #[error("this computer cannot encrypt")]
    Cryptography,
}
