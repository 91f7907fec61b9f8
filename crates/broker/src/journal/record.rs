//! The records of a journal.

use std::net::IpAddr;

use bearhug_core::{Fingerprint, lease::LeaseId, scope::Access};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many needs a record has room for.
const MOST_NEEDS: usize = 50;

/// What is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// A request was decided, and is forwarded only now.
    Decision(Decision),
    /// A request that was let through is over.
    Completion(Completion),
}

impl Record {
    /// The record as its line.
    pub(super) fn line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).unwrap_or_default();
        line.push(b'\n');
        line
    }
}

/// That a request was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The request's name.
    pub request: String,
    /// When.
    pub at: Timestamp,
    /// The lease, where there was one.
    pub lease: Option<LeaseId>,
    /// Whom the lease is for.
    pub workload: Option<String>,
    /// The token that was sent in a lease's place.
    pub token: Option<Fingerprint>,
    /// Where it came from.
    pub source: IpAddr,
    /// The method.
    pub method: String,
    /// What it would do, where that is known.
    pub operation: Option<String>,
    /// What that needs, as scopes are written.
    pub needs: Vec<String>,
    /// What was decided.
    pub verdict: Verdict,
    /// Why it was denied.
    pub why: Option<String>,
}

impl Decision {
    /// The texts of accesses: of as many as a record has room for, and how many more there are.
    pub(crate) fn texts<'a>(needs: impl Iterator<Item = &'a Access>) -> Vec<String> {
        let mut rest = needs.map(ToString::to_string);
        let mut texts: Vec<_> = rest.by_ref().take(MOST_NEEDS).collect();
        let more = rest.count();
        if more > 0 {
            texts.push(format!("{more} more"));
        }
        texts
    }
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It was let through.
    Allowed,
    /// It was not.
    Denied,
}

/// How a request ended that was let through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// The request's name.
    pub request: String,
    /// When.
    pub at: Timestamp,
    /// The status of the answer that the client got, if it got one.
    pub status: Option<u16>,
    /// Bytes of the request's body that were passed on.
    pub sent: u64,
    /// Bytes of the answer's body that were passed on.
    pub received: u64,
    /// How long it took, in milliseconds.
    pub millis: u64,
    /// How it ended.
    pub how: How,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// All of it was passed on.
    Complete,
    /// The client went away.
    ClientGone,
    /// The Hub could not be reached, or broke off.
    HubFailed,
    /// Its lease ended while it lasted.
    Cut,
    /// It moved as many bytes as its lease allows.
    Budget,
    /// Its body asked for more than its lease allows.
    Denied,
    /// Nothing moved for too long.
    Stalled,
    /// The vault had no token for it.
    NoToken,
}

impl How {
    /// The name that records use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::ClientGone => "client_gone",
            Self::HubFailed => "hub_failed",
            Self::Cut => "cut",
            Self::Budget => "budget",
            Self::Denied => "denied",
            Self::Stalled => "stalled",
            Self::NoToken => "no_token",
        }
    }
}
