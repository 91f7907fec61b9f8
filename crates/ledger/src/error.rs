//! What can go wrong with a ledger.

use std::{error::Error, io, path::PathBuf};

use bearhug_core::{Fingerprint, identity::IdentityId};

/// What a database said. It names no password: addresses are never part of it.
pub type Cause = Box<dyn Error + Send + Sync>;

/// Why a ledger did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The address names no ledger. It is shown without its password.
    #[error("`{0}` is no address of a ledger")]
    Address(String),
    /// The database's file or its folder cannot be made or opened.
    #[error("{} cannot be opened", path.display())]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Somebody else wrote an identity or an owner, which is named, since it was read. Read it again.
    #[error("{0} was changed meanwhile")]
    Conflict(String),
    /// A token is to become an identity's that another one has.
    #[error("{fingerprint} belongs to {holder}")]
    Taken {
        /// The token.
        fingerprint: Fingerprint,
        /// Whose it is.
        holder: IdentityId,
    },
    /// A token was seen that belongs to no identity.
    #[error("{0} belongs to no identity in the ledger")]
    Unknown(Fingerprint),
    /// The text leads to no page of this answer.
    #[error("the cursor does not belong to this question")]
    Cursor,
    /// A newer bearhug made or changed the ledger. This one would misread it.
    #[error("the ledger has version {found}, and this bearhug knows only up to {known}")]
    Newer {
        /// The version of its schema.
        found: i64,
        /// The latest that is known here.
        known: i64,
    },
    /// The database holds something else.
    #[error("the database is no ledger of bearhug: {0}")]
    Foreign(String),
    /// What was read makes no sense.
    #[error("the ledger is damaged: {0}")]
    Damaged(String),
    /// Others kept it locked for as long as one waits. Nothing was written; trying again may help.
    #[error("the ledger is busy")]
    Busy(#[source] Cause),
    /// The database cannot be reached, or the connection broke. Trying again with the same changes
    /// neither loses nor doubles any.
    #[error("the ledger cannot be reached")]
    Unavailable(#[source] Cause),
    /// There is no room left to write. Nothing was written.
    #[error("there is no room for the ledger")]
    Full(#[source] Cause),
    /// The database lets nobody in, or not do this.
    #[error("the ledger's database refuses access")]
    Denied(#[source] Cause),
    /// Something else that the database said.
    #[error("the ledger's database failed")]
    Database(#[source] Cause),
}

impl LedgerError {
    /// Whether the same may succeed a little later, without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        crate::database::classify(error)
    }
}
