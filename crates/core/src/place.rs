//! Places where tokens were seen, as the ledger keeps them.

use jiff::Timestamp;

use crate::{Fingerprint, identity::IdentityId, risk::Keeping};

/// One place where a token was seen. The token, the source and the origin name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Which token.
    pub fingerprint: Fingerprint,
    /// Whose it is.
    pub identity: IdentityId,
    /// What was searched: the address or path of a repository, a machine, an export.
    pub source: String,
    /// The way to the bytes in it, in the form that reports use.
    pub origin: String,
    /// The file, where there is one.
    pub path: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The commit that brought it.
    pub commit: Option<String>,
    /// Who wrote that commit.
    pub author: Option<String>,
    /// How it is kept there.
    pub keeping: Keeping,
    /// The environment that the source belongs to, where that is known.
    pub environment: Option<String>,
    /// Whether it is still there.
    pub presence: Presence,
    /// When it was first seen there.
    pub first_seen: Timestamp,
    /// When it was last seen there.
    pub last_seen: Timestamp,
}

/// Whether a token is still in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// It stands there for all to see.
    Present,
    /// It is gone from the files, and a git history still has it.
    InHistory,
    /// It was not found there any more.
    Gone {
        /// Since when.
        since: Timestamp,
    },
}

impl Presence {
    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::InHistory => "in_history",
            Self::Gone { .. } => "gone",
        }
    }

    /// Whether the last look still found it.
    pub fn is_there(self) -> bool {
        !matches!(self, Self::Gone { .. })
    }
}
