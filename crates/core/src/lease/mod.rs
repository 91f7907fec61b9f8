//! Short-lived, scoped, revocable access that a workload gets in place of a token.
//!
//! A lease is known by its [`LeaseId`], a digest of its value, and kept nowhere in any other form. What
//! it allows are its [`Terms`], which form a lattice as scopes do: a lease is never more than the one it
//! was made from.

mod id;
mod network;
mod terms;
mod value;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use id::{LeaseId, ParseLeaseIdError};
pub use network::{Network, ParseNetworkError};
pub use terms::Terms;
pub use value::{LEASE_PREFIX, LeaseValue, lease_checksum, lease_is_intact};

/// Access that was handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Its public name.
    pub id: LeaseId,
    /// Whom it is for: a workload, a job, a person.
    pub workload: String,
    /// The Hub's account behind it, whose name clients take for their own.
    pub account: Option<String>,
    /// The name of the vault's entry whose token stands behind it.
    pub entry: String,
    /// The lease it was made from by narrowing.
    pub parent: Option<LeaseId>,
    /// What it allows.
    pub terms: Terms,
    /// What it is needed for, in its holder's words.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
    /// That it was ended before.
    pub revoked: Option<Revoked>,
}

/// That a lease was ended by somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// When.
    pub at: Timestamp,
    /// Why, without a full stop.
    pub why: String,
}
