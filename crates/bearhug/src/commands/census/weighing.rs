//! Weighing identities after they changed, or after time went by.

use std::collections::BTreeSet;

use bearhug_core::{
    assess::assess,
    event::{EventKind, Happening},
    identity::{Assessment, Identity},
    lifecycle::Author,
    owner::Waiver,
    policy::Policy,
    risk::Weights,
};
use jiff::{SignedDuration, Timestamp};

use crate::{error::CommandError, ledger::Ledger};

/// What identities are weighed with.
pub(super) struct Scales {
    policy: Policy,
    weights: Weights,
    waivers: Vec<Waiver>,
}

impl Scales {
    /// What is in force.
    pub(super) fn of(ledger: Option<&Ledger>) -> Result<Self, CommandError> {
        let waivers = match ledger {
            Some(ledger) => ledger.wait(ledger.store.waivers())?,
            None => Vec::new(),
        };
        Ok(Self { policy: Policy::default(), weights: Weights::default(), waivers })
    }

    /// How long a token may go unused, if that is limited.
    pub(super) fn dormant_after(&self) -> Option<SignedDuration> {
        let days = i64::from(self.policy.dormant_after_days);
        (days > 0).then(|| SignedDuration::from_hours(days * 24))
    }

    /// Weighs an identity, and returns what is new of what it breaks.
    pub(super) fn weigh(
        &self,
        identity: &mut Identity,
        author: &Author,
        now: Timestamp,
    ) -> Option<Happening> {
        let weighed = assess(identity, &self.policy, &self.weights, &self.waivers, now);
        let before = std::mem::replace(&mut identity.assessment, weighed);
        let (was, is) = (broken(&before), broken(&identity.assessment));
        let beyond = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
            one.difference(other).cloned().collect::<Vec<_>>().join(", ")
        };
        let details = [("breaks", beyond(&is, &was)), ("no_longer_breaks", beyond(&was, &is))];
        let details: Vec<_> = details.into_iter().filter(|(_, rules)| !rules.is_empty()).collect();
        (!details.is_empty()).then(|| Happening {
            at: now,
            kind: EventKind::Judged,
            actor: author.name.clone(),
            identity: Some(identity.id),
            details: details.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        })
    }
}

fn broken(assessment: &Assessment) -> BTreeSet<String> {
    assessment.breaches.iter().map(|breach| breach.rule.clone()).collect()
}
