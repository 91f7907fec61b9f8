//! How an identity moves through its life, and what else people do with it.
//!
//! Whatever is done is done here and nowhere else: [`Identity::apply`] for moves from state to state and
//! for conditions, and a function each for what leaves the state alone. Each returns what happened, to
//! be recorded with the change.

mod care;
mod merge;
mod table;

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;

use crate::{
    event::{EventKind, Happening},
    identity::{Condition, Identity, Standing, State, Version},
};

pub use care::{Assignment, Discovery};

/// Who does something to an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// A user of this computer, a job, or bearhug itself.
    pub name: String,
}

/// Something that moves an identity on. `why` is the reason that is recorded; it may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Somebody takes it on.
    Adopt {
        /// Who answers for it from now on.
        owner: String,
        /// The reason.
        why: String,
    },
    /// It is known to work and to be needed; or a rotation is called off.
    Activate {
        /// The reason.
        why: String,
    },
    /// A new token shall take the place of the current one.
    StartRotation {
        /// The reason.
        why: String,
    },
    /// The new token is there: it becomes the current one.
    Replace {
        /// The new token.
        version: Version,
        /// The reason.
        why: String,
    },
    /// Its token no longer works.
    Revoke {
        /// The reason.
        why: String,
    },
    /// It becomes history.
    Retire {
        /// The reason.
        why: String,
    },
    /// Something is wrong with it.
    SetCondition {
        /// What.
        condition: Condition,
        /// The reason.
        why: String,
    },
    /// What was wrong with it is over.
    ClearCondition {
        /// What.
        condition: Condition,
        /// The reason.
        why: String,
    },
}

impl Move {
    /// The reason that is recorded.
    pub fn why(&self) -> &str {
        match self {
            Self::Adopt { why, .. }
            | Self::Activate { why }
            | Self::StartRotation { why }
            | Self::Replace { why, .. }
            | Self::Revoke { why }
            | Self::Retire { why }
            | Self::SetCondition { why, .. }
            | Self::ClearCondition { why, .. } => why,
        }
    }
}

/// A move that an identity cannot make, with the reason: a sentence without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IllegalMove {
    reason: String,
}

impl IllegalMove {
    fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

impl fmt::Display for IllegalMove {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for IllegalMove {}

impl Identity {
    /// Makes a move, and returns what happened. A move that is refused changes nothing.
    pub fn apply(
        &mut self,
        step: Move,
        author: &Author,
        now: Timestamp,
    ) -> Result<Happening, IllegalMove> {
        let before = self.state;
        let after = table::outcome(self, &step, now)?;
        let mut told = Details::default();
        if before != after {
            told.add("from", before.name());
            told.add("to", after.name());
        }
        told.add("why", step.why());
        let kind = match step {
            Move::Adopt { owner, .. } => {
                told.add("owner", &owner);
                self.ownership.owner = Some(owner);
                EventKind::Adopted
            }
            Move::Replace { version, .. } => {
                self.replace(version, before, now, &mut told);
                EventKind::Versioned
            }
            Move::Activate { .. } | Move::StartRotation { .. } | Move::Retire { .. } => {
                EventKind::Moved
            }
            Move::Revoke { .. } => {
                self.end_current(now);
                self.standing.disbelieve();
                EventKind::Moved
            }
            Move::SetCondition { condition, .. } => {
                told.add("set", condition.name());
                self.conditions.insert(condition);
                EventKind::Condition
            }
            Move::ClearCondition { condition, .. } => {
                told.add("cleared", condition.name());
                self.conditions.remove(&condition);
                EventKind::Condition
            }
        };
        self.state = after;
        Ok(self.happened(kind, author, now, told))
    }

    /// Makes a token the current one. What the Hub said was about the one before, and what is wrong
    /// ends with a token that no longer works: but a rotation leaves the old token alive, and with it
    /// the worry that somebody has it.
    fn replace(&mut self, new: Version, before: State, now: Timestamp, told: &mut Details) {
        let old = self.versions.last().map(Version::label);
        told.add("token", &new.label());
        told.add("replaces", old.as_deref().unwrap_or_default());
        self.end_current(now);
        self.versions.push(Version { until: None, ..new });
        self.standing = Standing::default();
        self.conditions.remove(&Condition::Dormant);
        if before == State::Revoked {
            self.conditions.remove(&Condition::Compromised);
        }
    }

    fn end_current(&mut self, now: Timestamp) {
        if let Some(current) = self.versions.last_mut() {
            current.until.get_or_insert(now);
        }
    }

    fn happened(
        &mut self,
        kind: EventKind,
        author: &Author,
        now: Timestamp,
        details: Details,
    ) -> Happening {
        self.updated_at = now;
        let (actor, identity) = (author.name.clone(), Some(self.id));
        Happening { at: now, kind, actor, identity, details: details.0 }
    }
}

/// The particulars of what happened. What is empty is not told.
#[derive(Default)]
struct Details(BTreeMap<String, String>);

impl Details {
    fn add(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.0.insert(key.to_owned(), value.to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
