//! What is asked of a ledger.

use std::collections::BTreeSet;

use bearhug_core::{
    Fingerprint, Kind, Verdict,
    event::EventKind,
    identity::{Condition, Criticality, IdentityId, State},
};
use jiff::Timestamp;

/// Which identities are wanted. What is not set lets everything pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// In any of these states.
    pub states: BTreeSet<State>,
    /// Under this condition.
    pub condition: Option<Condition>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Answered for by this owner or, if it is empty, by nobody.
    pub owner: Option<String>,
    /// With this backup owner.
    pub backup: Option<String>,
    /// Used in this environment.
    pub environment: Option<String>,
    /// At least this critical.
    pub criticality: Option<Criticality>,
    /// With this tag.
    pub tag: Option<String>,
    /// With this role on the Hub, such as `write`.
    pub role: Option<String>,
    /// With this verdict.
    pub verdict: Option<Verdict>,
    /// Breaking this rule of the policy or, if it is empty, any.
    pub breach: Option<String>,
    /// At least this risky.
    pub min_risk: Option<u8>,
    /// With something to do.
    pub has_to_do: bool,
    /// Not confirmed since.
    pub not_attested_since: Option<Timestamp>,
    /// Seen in a place of this source.
    pub source: Option<String>,
    /// Whose name, account or fingerprint holds this text.
    pub text: Option<String>,
}

/// In which order identities come. Ties are settled by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Order {
    /// What needs doing, the most urgent first.
    #[default]
    Urgency,
    /// The riskiest first.
    Risk,
    /// By name.
    Name,
    /// By owner, those without first.
    Owner,
    /// The oldest token first.
    Age,
    /// The longest unused first.
    LastUsed,
    /// The latest change first.
    Updated,
}

/// Which part of an answer is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// At most so many.
    pub limit: u32,
    /// After the page that gave this cursor.
    pub after: Option<String>,
}

/// One page of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paged<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// What leads to the next page, if there is one.
    pub next: Option<String>,
}

/// Which sightings are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SightingFilter {
    /// Of this identity.
    pub identity: Option<IdentityId>,
    /// Of this token.
    pub fingerprint: Option<Fingerprint>,
    /// In this source.
    pub source: Option<String>,
    /// Only where the last look still found it.
    pub present: bool,
}

/// Which events are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventFilter {
    /// Of these sorts.
    pub kinds: BTreeSet<EventKind>,
    /// Concerning this identity.
    pub identity: Option<IdentityId>,
    /// Caused by.
    pub actor: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// The oldest first.
    pub oldest_first: bool,
}
