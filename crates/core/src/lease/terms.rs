//! What a lease allows.

use std::{collections::BTreeSet, net::IpAddr};

use serde::{Deserialize, Serialize};

use super::Network;
use crate::scope::{Access, Scope};

/// What a lease allows. [`Terms::implies`] orders them.
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::lease::{Lease, LeaseId};
    use crate::lending::{Attempt, Denial, Operation, Spent, decide};

    fn a_limit() -> impl Strategy<Value = Option<u64>> {
        prop::option::of(prop::sample::select(vec![0, 1, 5]))
    }

    fn some_of<T: Ord + Clone + std::fmt::Debug + 'static>(
        all: Vec<T>,
    ) -> impl Strategy<Value = BTreeSet<T>> {
        prop::sample::subsequence(all, 0..=2).prop_map(|some| some.into_iter().collect())
    }

    fn terms() -> impl Strategy<Value = Terms> {
        let accesses =
            ["read", "read:acme/a", "write:acme/a", "write:acme/a@ci/*", "inference:acme"];
        let accesses = accesses.map(|text| text.parse::<Access>().unwrap()).to_vec();
        let networks = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "2001:db8::/32"];
        let networks = networks.map(|text| text.parse::<Network>().unwrap()).to_vec();
        let models = ["one", "two"].map(ToOwned::to_owned).to_vec();
        (
            prop::sample::subsequence(accesses, 0..=3),
            some_of(models),
            a_limit(),
            a_limit(),
            some_of(networks),
            any::<bool>(),
        )
            .prop_map(|(scope, models, requests, bytes, sources, is_single_holder)| {
                Terms {
                    scope: scope.into_iter().collect(),
                    models,
                    requests,
                    bytes,
                    sources,
                    is_single_holder,
                }
            })
    }

    fn a_request() -> impl Strategy<Value = (Operation, IpAddr, Spent, Option<IpAddr>)> {
        let needs = ["read:acme/a", "write:acme/a@ci/one", "write:acme/a@main", "inference:acme"];
        let needs = needs.map(|text| text.parse::<Access>().unwrap()).to_vec();
        let address = || {
            let all = ["10.1.2.3", "10.1.9.9", "10.9.9.9", "2001:db8::1", "::ffff:10.1.2.3"];
            prop::sample::select(all.map(|text| text.parse::<IpAddr>().unwrap()).to_vec())
        };
        let model = prop::option::of(prop::sample::select(vec!["one", "two", "three"]));
        let spent = (0..6u64, 0..6u64).prop_map(|(requests, bytes)| Spent { requests, bytes });
        (
            prop::sample::subsequence(needs, 1..=2),
            model,
            address(),
            spent,
            prop::option::of(address()),
        )
            .prop_map(|(needs, model, source, spent, holder)| {
                let model = model.map(ToOwned::to_owned);
                let operation = Operation { name: "test", needs, partly: Vec::new(), model };
                (operation, source, spent, holder)
            })
    }

    fn lease(terms: Terms) -> Lease {
        Lease {
            id: LeaseId::of("x"),
            workload: "test".to_owned(),
            account: None,
            entry: "test".to_owned(),
            parent: None,
            terms,
            reason: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            expires_at: jiff::Timestamp::MAX,
            revoked: None,
        }
    }

    proptest! {
        /// What a narrower lease is allowed, a wider one is.
        #[test]
        fn implication_is_about_requests(
            one in terms(), two in terms(), (operation, source, spent, holder) in a_request()
        ) {
            prop_assert!(one.implies(&one));
            let at = jiff::Timestamp::UNIX_EPOCH;
            let attempt = Attempt { operation: &operation, source, at, spent, holder };
            let (wide, narrow) = (lease(one.clone()), lease(two.clone()));
            if one.implies(&two) && decide(&narrow, &attempt).is_ok() {
                prop_assert!(decide(&wide, &attempt).is_ok(), "{:?}", decide(&wide, &attempt));
            }
        }

        #[test]
        fn terms_are_read_as_they_were_written(terms in terms()) {
            let text = serde_json::to_string(&terms).unwrap();
            prop_assert_eq!(serde_json::from_str::<Terms>(&text).unwrap(), terms);
        }
    }

    #[test]
    fn a_lease_that_has_ended_allows_nothing() {
        let operation =
            Operation { name: "test", needs: Vec::new(), partly: Vec::new(), model: None };
        let mut lease = lease(Terms::default());
        lease.expires_at = jiff::Timestamp::UNIX_EPOCH;
        let attempt = Attempt {
            operation: &operation,
            source: "10.0.0.1".parse().unwrap(),
            at: lease.expires_at,
            spent: Spent::default(),
            holder: None,
        };
        assert_eq!(decide(&lease, &attempt), Err(Denial::Expired(lease.expires_at)));
    }
}
