//! What is known of an identity, weighed: how risky it is, what it breaks, and what to do first.

mod to_do;

use jiff::Timestamp;

use crate::{
    identity::{Assessment, Identity, Waived, Weighed},
    owner::Waiver,
    policy::{self, Policy},
    risk::{Risk, Weights},
};

/// Weighs an identity at a moment. The same facts give the same result, to the letter.
pub fn assess(
    identity: &Identity,
    policy: &Policy,
    weights: &Weights,
    waivers: &[Waiver],
    now: Timestamp,
) -> Assessment {
    let risk = Risk::of_identity(identity, weights, now);
    let mut breaches = Vec::new();
    let mut waived = Vec::new();
    for breach in policy::evaluate(identity, policy, now) {
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
