//! What can go wrong with a ledger.

use bearhug_core::identity::IdentityId;

/// Why a ledger did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The address names no ledger.
    #[error("`{0}` is no address of a ledger")]
    Address(String),
    /// Somebody else wrote an identity since it was read. Read it again.
    #[error("{0} was changed meanwhile")]
    Conflict(IdentityId),
}
