//! How risky a credential is, as a number that can be taken apart.
//!
//! Each factor adds points up to a limit of its own, and says why. More scope never makes a
//! credential less risky, whatever else is true of it. What is not known never counts for less than
//! the least that it could be.

mod circumstances;
mod lifetime;
mod reach;
mod weights;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    grant::Grant,
    identity::{Identity, Life},
};

pub use weights::{NothingWeighs, Weights};

use lifetime::Lifetime;
use reach::Reach;

/// Something that makes a credential risky.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// What it can reach.
    Scope,
    /// How long it has been the same.
    Rotation,
    /// Where it is kept.
    Storage,
    /// How fast it can be ended.
    Revocation,
    /// In how many places it lies around.
    Exposure,
    /// Who answers for it.
    Ownership,
    /// What depends on it.
    Criticality,
}

impl Factor {
    /// Every factor, in the order in which output lists them.
    pub const ALL: [Self; 7] = [
        Self::Scope,
        Self::Rotation,
        Self::Storage,
        Self::Revocation,
        Self::Exposure,
        Self::Ownership,
        Self::Criticality,
    ];

    /// The name that output and configuration use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Rotation => "rotation",
            Self::Storage => "storage",
            Self::Revocation => "revocation",
            Self::Exposure => "exposure",
            Self::Ownership => "ownership",
            Self::Criticality => "criticality",
        }
    }
}

/// The points of one factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which factor.
    pub factor: Factor,
    /// Points from 0 to the limit.
    pub points: u8,
    /// The most points that the factor can add.
    pub limit: u8,
    /// Why, in a sentence without a full stop.
    pub reason: String,
}

/// A risk with its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// One for each factor that was weighed.
    pub parts: Vec<Part>,
}

/// A risk in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Below 25.
    Low,
    /// From 25.
    Moderate,
    /// From 50.
    High,
    /// From 75.
    Critical,
}

impl Level {
    /// The level of a score from 0 to 100.
    pub fn of(score: u8) -> Self {
        match score {
            0..25 => Self::Low,
            25..50 => Self::Moderate,
            50..75 => Self::High,
            _ => Self::Critical,
        }
    }

    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How a credential is kept in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeping {
    /// Sealed: in a vault or a keyring.
    Sealed,
    /// In the environment of a process.
    Environment,
    /// In a file that its owner alone can read.
    PrivateFile,
    /// Nobody said.
    Untold,
    /// In a file that other users of the computer can read.
    SharedFile,
    /// Where copies are made: a repository, a log, a notebook, a chat.
    Copied,
}

impl Keeping {
    /// Every way, from the best to the worst.
    pub const ALL: [Self; 6] = [
        Self::Sealed,
        Self::Environment,
        Self::PrivateFile,
        Self::Untold,
        Self::SharedFile,
        Self::Copied,
    ];

    /// The name that output, configuration and databases use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sealed => "sealed",
            Self::Environment => "environment",
            Self::PrivateFile => "private_file",
            Self::Untold => "untold",
            Self::SharedFile => "shared_file",
            Self::Copied => "copied",
        }
    }

    /// Where that is, as an adverbial.
    pub fn words(self) -> &'static str {
        match self {
            Self::Sealed => "in a vault or a keyring",
            Self::Environment => "in the environment of a process",
            Self::PrivateFile => "in clear in a file",
            Self::Untold => "where nobody said how it is kept",
            Self::SharedFile => "in clear in a file that others can read",
            Self::Copied => "where copies are made",
        }
    }
}

/// How bad something is, from 0 to [`Severity::WORST`], with the reason: a sentence without a full
/// stop.
struct Severity {
    of_thousand: u16,
    reason: String,
}

impl Severity {
    const WORST: u16 = 1000;

    fn new(of_thousand: u16, reason: impl Into<String>) -> Self {
        Self { of_thousand: of_thousand.min(Self::WORST), reason: reason.into() }
    }

    /// Rounds to the nearest, so that it never falls when the severity rises.
    fn part(self, factor: Factor, limit: u8) -> Part {
        let exact = u32::from(self.of_thousand) * u32::from(limit);
        let points = (exact + u32::from(Self::WORST / 2)) / u32::from(Self::WORST);
        let points = u8::try_from(points).unwrap_or(limit);
        Part { factor, points, limit, reason: self.reason }
    }
}

impl Risk {
    /// The risk of a credential with this grant, kept in these places, at a moment. Of the seven
    /// factors it has the four that follow from these.
    pub fn of(grant: &Grant, kept: &[Keeping], now: Timestamp) -> Self {
        let lifetime = Lifetime::of_grant(grant);
        let parts = [
            (Factor::Scope, 40, Reach::Granted(grant).severity()),
            (Factor::Rotation, 20, lifetime.rotation(now)),
            (Factor::Storage, 20, circumstances::storage(kept.iter().copied())),
            (Factor::Revocation, 20, lifetime.revocation(now)),
        ];
        let parts = parts.map(|(factor, limit, severity)| severity.part(factor, limit));
        Self { parts: parts.into() }
    }

    /// The risk of an identity at a moment, where `leavers` are the owners who left. One that no longer
    /// works is none.
    pub fn of_identity(
        identity: &Identity,
        weights: &Weights,
        leavers: &BTreeSet<String>,
        now: Timestamp,
    ) -> Self {
        let lifetime = Lifetime::of_identity(identity);
        let severity = |factor| match factor {
            _ if identity.life(now) == Life::Dead => Severity::new(0, "it no longer works"),
            Factor::Scope => Reach::of_standing(&identity.standing).severity(),
            Factor::Rotation => lifetime.rotation(now),
            Factor::Storage => circumstances::storage(identity.exposure.keepings.iter().copied()),
            Factor::Revocation => lifetime.revocation(now),
            Factor::Exposure => circumstances::exposure(identity),
            Factor::Ownership => circumstances::ownership(&identity.ownership, leavers),
            Factor::Criticality => circumstances::criticality(&identity.purpose),
        };
        let part = |(factor, limit)| severity(factor).part(factor, limit);
        Self { parts: weights.limits().map(part).into() }
    }

    /// From 0, harmless, to 100.
    pub fn score(&self) -> u8 {
        self.parts.iter().map(|part| part.points).sum()
    }

    /// The score in a word.
    pub fn level(&self) -> Level {
        Level::of(self.score())
    }
}

#[cfg(test)]
mod tests;
