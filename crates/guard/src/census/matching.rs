//! Which recorded identity a listed token is.
//!
//! A list gives the Hub's identifier, which settles it where the identity has that already. Where it was
//! known by its value, the last four characters, the account and the moment of issue must all be the same,
//! as whoami told them, and nothing may contradict: one mark alone fits many tokens.

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::identity::{Identity, IdentityId};
use jiff::Timestamp;

use super::Entry;

/// Whom the ledger has, by the marks by which a list can name them.
#[derive(Debug, Default)]
pub struct Roster {
    by_hub_id: BTreeMap<String, BTreeSet<IdentityId>>,
    by_last4: BTreeMap<String, Vec<Marks>>,
}

/// What tells an identity from others that end the same.
#[derive(Debug)]
struct Marks {
    id: IdentityId,
    has_value: bool,
    hub_id: Option<String>,
    account: Option<String>,
    issued_at: Option<Timestamp>,
    role: Option<String>,
}

/// Which identity a listed token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// None that is known.
    New,
    /// This one.
    Known(IdentityId),
    /// Both of these, which were taken for two: one was listed, the other known by its value.
    Twice {
        /// The one that was listed.
        listed: IdentityId,
        /// The one whose value is known.
        valued: IdentityId,
    },
    /// Any of these, and nobody can tell which.
    Ambiguous(BTreeSet<IdentityId>),
    /// One of these perhaps: they end the same, and the Hub was never asked whose they are.
    Possible(BTreeSet<IdentityId>),
}

impl Roster {
    /// Takes an identity in, in place of what was known of it.
    pub fn enter(&mut self, identity: &Identity) {
        for namesakes in self.by_last4.values_mut() {
            namesakes.retain(|marks| marks.id != identity.id);
        }
        let hub_ids = identity.versions.iter().filter_map(|version| version.hub_id.clone());
        for hub_id in hub_ids {
            self.by_hub_id.entry(hub_id).or_default().insert(identity.id);
        }
        let Some(current) = identity.versions.last() else { return };
        if let Some(last4) = &current.last4 {
            let marks = Marks {
                id: identity.id,
                has_value: current.fingerprint.is_some(),
                hub_id: current.hub_id.clone(),
                account: identity.standing.account.clone(),
                issued_at: identity.standing.issued_at,
                role: identity.standing.role.clone(),
            };
            self.by_last4.entry(last4.clone()).or_default().push(marks);
        }
    }

    /// Which identity a listed token is.
    pub fn find(&self, entry: &Entry) -> Match {
        let named = self.by_hub_id.get(&entry.hub_id);
        if let Some(several) = named.filter(|ids| ids.len() > 1) {
            return Match::Ambiguous(several.clone());
        }
        let listed = named.and_then(|ids| ids.first().copied());
        let namesakes = entry.last4.as_ref().and_then(|last4| self.by_last4.get(last4));
        let others: Vec<_> = namesakes
            .into_iter()
            .flatten()
            .filter(|marks| marks.has_value && Some(marks.id) != listed)
            .filter(|marks| !marks.contradict(entry))
            .collect();
        let ids = |all: &[&Marks]| all.iter().map(|marks| marks.id).collect::<BTreeSet<_>>();
        let sure: Vec<_> = others.iter().copied().filter(|marks| marks.agree(entry)).collect();
        match (listed, sure.as_slice()) {
            (None, [one]) => Match::Known(one.id),
            (Some(listed), [one]) => Match::Twice { listed, valued: one.id },
            (None, []) if others.is_empty() => Match::New,
            (None, []) => Match::Possible(ids(&others)),
            (Some(listed), []) => Match::Known(listed),
            (_, several) => Match::Ambiguous(ids(several).into_iter().chain(listed).collect()),
        }
    }

    /// The identities that have this identifier of the Hub.
    pub fn listed_as(&self, hub_id: &str) -> BTreeSet<IdentityId> {
        self.by_hub_id.get(hub_id).cloned().unwrap_or_default()
    }

    /// The identities whose current token ends so, of an account if one is named.
    pub fn ending(&self, last4: &str, account: Option<&str>) -> BTreeSet<IdentityId> {
        let all = self.by_last4.get(last4).into_iter().flatten();
        let of = |marks: &&Marks| account.is_none() || marks.account.as_deref() == account;
        all.filter(of).map(|marks| marks.id).collect()
    }
}

impl Marks {
    /// Whether it cannot be the listed one.
    fn contradict(&self, entry: &Entry) -> bool {
        differ(self.hub_id.as_ref(), Some(&entry.hub_id))
            || differ(self.account.as_ref(), entry.account.as_ref())
            || differ(self.issued_at.as_ref(), entry.issued_at.as_ref())
            || differ(self.role.as_ref(), entry.role.as_ref())
    }

    /// Whether it is the listed one, if nothing contradicts. What either does not tell is no agreement.
    fn agree(&self, entry: &Entry) -> bool {
        self.account.is_some()
            && self.account == entry.account
            && self.issued_at.is_some()
            && self.issued_at == entry.issued_at
    }
}

/// Whether both are told and not the same.
fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one != other)
}
