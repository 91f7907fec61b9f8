//! People and teams that answer for identities.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::identity::IdentityId;

/// A person or a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Their name in the ledger: short, unique, such as `alice` or `ml-platform`.
    pub name: String,
    /// How often they were written, as read from the ledger. 0 if they are new.
    #[serde(default)]
    pub revision: u64,
    /// Whether it is one person or several.
    pub kind: OwnerKind,
    /// Where to reach them.
    pub email: Option<String>,
    /// Their accounts on the Hub, and the names that they write commits under.
    pub aliases: BTreeSet<String>,
    /// When they left. They are still on record.
    pub left_at: Option<Timestamp>,
}

/// Whether an owner is one person or several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerKind {
    /// One person, who may leave.
    Person,
    /// Several, who replace one another.
    Team,
}

/// Leave to break a rule for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// The rule, by its key in `bearhug.toml`.
    pub rule: String,
    /// Whom it is for.
    pub identity: IdentityId,
    /// Why.
    pub reason: String,
    /// Who gave it.
    pub by: String,
    /// When.
    pub given_at: Timestamp,
    /// Until when it holds.
    pub until: Timestamp,
}
