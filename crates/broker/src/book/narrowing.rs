//! Leases that are made from leases.

use std::{collections::BTreeSet, sync::Arc};

use bearhug_core::{
    lease::{Lease, LeaseId, Network, Terms},
    resembles_token,
    scope::Scope,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::BookError;

/// What somebody wants of a lease that is made from another. What is left open is as it was there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// What may be done to what.
    pub scope: Option<Scope>,
    /// For how many seconds it lives. No longer than the other, if it is left open.
    pub ttl: Option<u32>,
    /// Whom it is for.
    pub workload: Option<String>,
    /// The models that may be called.
    pub models: Option<BTreeSet<String>>,
    /// How many requests may be made.
    pub requests: Option<u64>,
    /// How many bytes may be moved.
    pub bytes: Option<u64>,
    /// The addresses from which it may be used.
    pub sources: Option<BTreeSet<Network>>,
    /// Whether it belongs to the address that uses it first.
    pub single_holder: Option<bool>,
    /// What it is needed for.
    pub reason: Option<String>,
}

impl Wanted {
    /// Whether nothing in it has more parts than `most`.
    pub(super) fn is_small(&self, most: usize) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope.iter().count() <= most)
            && self.models.as_ref().is_none_or(|models| models.len() <= most)
            && self.sources.as_ref().is_none_or(|sources| sources.len() <= most)
    }

    /// Whether its texts can stand in records and on terminals.
    pub(super) fn is_plain(&self) -> bool {
        let is_plain = |text: &Option<String>, longest| {
            text.as_ref().is_none_or(|text| {
                text.chars().count() <= longest
                    && !text.chars().any(char::is_control)
                    && !resembles_token(text)
            })
        };
        is_plain(&self.workload, 100) && is_plain(&self.reason, 500)
    }

    /// The lease that is wanted, whether or not it may be had.
    pub(super) fn lease(self, id: LeaseId, parent: &Arc<Lease>, now: Timestamp) -> Lease {
        let open = &parent.terms;
        let terms = Terms {
            scope: self.scope.unwrap_or_else(|| open.scope.clone()),
            models: self.models.unwrap_or_else(|| open.models.clone()),
            requests: self.requests.or(open.requests),
            bytes: self.bytes.or(open.bytes),
            sources: self.sources.unwrap_or_else(|| open.sources.clone()),
            is_single_holder: self.single_holder.unwrap_or(open.is_single_holder),
        };
        let end = self.ttl.map(|seconds| SignedDuration::from_secs(seconds.into()));
        let end = end.and_then(|ttl| now.checked_add(ttl).ok());
        Lease {
            id,
            workload: self.workload.unwrap_or_else(|| parent.workload.clone()),
            account: parent.account.clone(),
            entry: parent.entry.clone(),
            parent: Some(parent.id),
            terms,
            reason: self.reason,
            created_at: now,
            expires_at: end.unwrap_or(parent.expires_at),
            revoked: None,
        }
    }
}

/// Whether a lease is no more than the one that it was made from.
pub(super) fn check(parent: &Lease, child: &Lease) -> Result<(), BookError> {
    let wider = if !parent.terms.implies(&child.terms) {
        "it would allow what the other does not"
    } else if child.expires_at > parent.expires_at {
        "it would end later"
    } else if child.entry != parent.entry {
        "it would stand for another token"
    } else {
        return Ok(());
    };
    Err(BookError::Wider(wider))
}
