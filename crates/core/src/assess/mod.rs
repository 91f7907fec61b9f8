//! What is known of an identity, weighed: how risky it is, what it breaks, and what to do first.

mod to_do;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::{
    event::{EventKind, Happening},
    identity::{Assessment, Identity, Waived, Weighed},
    lifecycle::Author,
    owner::Waiver,
    policy::{self, Policy},
    risk::{Risk, Weights},
};

/// What identities are weighed by.
#[derive(Debug, Clone, Default)]
pub struct Scales {
    /// What is demanded.
    pub policy: Policy,
    /// How much each factor of a risk counts.
    pub weights: Weights,
    /// Leave to break rules.
    pub waivers: Vec<Waiver>,
    /// The owners who left, by name.
    pub leavers: BTreeSet<String>,
}

impl Scales {
    /// Weighs an identity anew. What happened, if it breaks other rules than before.
    pub fn weigh(
        &self,
        identity: &mut Identity,
        author: &Author,
        now: Timestamp,
    ) -> Option<Happening> {
        let after = assess(identity, self, now);
        let before = std::mem::replace(&mut identity.assessment, after);
        let rules = |assessment: &Assessment| -> BTreeSet<String> {
            assessment.breaches.iter().map(|breach| breach.rule.clone()).collect()
        };
        let (before, after) = (rules(&before), rules(&identity.assessment));
        let differences = [("breaks", &after - &before), ("keeps", &before - &after)];
        let details: BTreeMap<_, _> = differences
            .into_iter()
            .filter(|(_, rules)| !rules.is_empty())
            .map(|(key, rules)| (key.to_owned(), Vec::from_iter(rules).join(", ")))
            .collect();
        (!details.is_empty()).then(|| Happening {
            at: now,
            kind: EventKind::Judged,
            actor: author.name.clone(),
            identity: Some(identity.id),
            details,
        })
    }
}

/// Weighs an identity at a moment. The same facts give the same result, to the letter.
pub fn assess(identity: &Identity, scales: &Scales, now: Timestamp) -> Assessment {
    let Scales { policy, weights, waivers, leavers } = scales;
    let risk = Risk::of_identity(identity, weights, leavers, now);
    let mut breaches = Vec::new();
    let mut waived = Vec::new();
    for breach in policy::evaluate(identity, policy, leavers, now) {
        let covers = |waiver: &&Waiver| {
            waiver.identity == identity.id && waiver.rule == breach.rule && now < waiver.until
        };
        match waivers.iter().filter(covers).max_by_key(|waiver| waiver.until) {
            Some(Waiver { until, by, reason, .. }) => {
                waived.push(Waived {
                    breach,
                    until: *until,
                    by: by.clone(),
                    reason: reason.clone(),
                });
            }
            None => breaches.push(breach),
        }
    }
    let score = risk.score();
    let parts = risk.parts.into_iter().map(|part| Weighed {
        factor: part.factor.name().to_owned(),
        points: part.points,
        limit: part.limit,
        reason: part.reason,
    });
    let parts = parts.collect();
    let (to_do, urgency) = to_do::to_do(identity, &breaches, score, now);
    Assessment { at: Some(now), risk: score, parts, breaches, waived, to_do, urgency }
}

#[cfg(test)]
mod tests;
