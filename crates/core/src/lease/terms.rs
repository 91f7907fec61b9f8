//! What a lease allows.

use std::{collections::BTreeSet, net::IpAddr};

use serde::{Deserialize, Serialize};

use super::Network;
use crate::scope::{Access, Scope};

/// What a lease allows. [`Terms::implies`] orders them and [`Terms::meet`] is what two allow together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Terms {
    /// What may be done to what. Who pays for inference is the resource of its access.
    pub scope: Scope,
    /// The models that may be called, by their names at the router: any if there is none.
    pub models: BTreeSet<String>,
    /// How many requests may be made.
    pub requests: Option<u64>,
    /// How many bytes may be moved, both ways, without headers.
    pub bytes: Option<u64>,
    /// The addresses from which it may be used: any if there is none.
    pub sources: BTreeSet<Network>,
    /// Whether it belongs to the address that uses it first, and to no other.
    pub is_single_holder: bool,
}

impl Terms {
    /// Whether these allow all that the others do.
    pub fn implies(&self, other: &Self) -> bool {
        let within = |own: Option<u64>, theirs: Option<u64>| {
            own.is_none_or(|own| theirs.is_some_and(|theirs| theirs <= own))
        };
        let is_held = |network: &Network| self.sources.iter().any(|own| own.implies(network));
        self.scope.implies(&other.scope)
            && (self.models.is_empty()
                || (!other.models.is_empty() && other.models.is_subset(&self.models)))
            && within(self.requests, other.requests)
            && within(self.bytes, other.bytes)
            && (self.sources.is_empty()
                || (!other.sources.is_empty() && other.sources.iter().all(is_held)))
            && (!self.is_single_holder || other.is_single_holder)
    }

    /// Whether something may be done.
    pub fn allows(&self, need: &Access) -> bool {
        self.scope.iter().any(|access| access.implies(need))
    }

    /// Whether any part of something may be done.
    pub fn touches(&self, need: &Access) -> bool {
        let is_part =
            |access: &Access| access.meet(need).is_some_and(|met| met.action == need.action);
        self.scope.iter().any(is_part)
    }

    /// Whether a model may be called.
    pub fn calls(&self, model: &str) -> bool {
        self.models.is_empty() || self.models.contains(model)
    }

    /// Whether an address may use it.
    pub fn admits(&self, source: IpAddr) -> bool {
        self.sources.is_empty() || self.sources.iter().any(|network| network.holds(source))
    }
}
