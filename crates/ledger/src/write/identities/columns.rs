//! What identities are filtered and sorted by.

use bearhug_core::identity::{Condition, Criticality, Identity};
use jiff::Timestamp;
use serde::Serialize;

use crate::stored;

/// An identity as a row.
#[derive(Serialize)]
pub(super) struct IdentityRow {
    id: String,
    revision: i64,
    name: String,
    kind: &'static str,
    state: String,
    dormant: u8,
    compromised: u8,
    owner: String,
    backup: String,
    environment: String,
    criticality: u8,
    role: String,
    verdict: &'static str,
    risk: u8,
    urgency: u16,
    attested_at: Option<i64>,
    born_at: i64,
    used_at: i64,
    updated_at: i64,
    searched: String,
    tags: String,
    breaches: String,
}

impl IdentityRow {
    pub(super) fn of(identity: &Identity) -> Self {
        let Identity { ownership, purpose, standing, assessment, .. } = identity;
        let has = |condition| u8::from(identity.conditions.contains(&condition));
        let or_empty = |text: &Option<String>| stored::key(text.as_deref().unwrap_or_default());
        let born = born(identity);
        Self {
            id: identity.id.to_string(),
            revision: stored::number(identity.revision),
            name: stored::key(&identity.name),
            kind: identity.kind.name(),
            state: stored::word(identity.state),
            dormant: has(Condition::Dormant),
            compromised: has(Condition::Compromised),
            owner: or_empty(&ownership.owner),
            backup: or_empty(&ownership.backup),
            environment: or_empty(&purpose.environment),
            criticality: rank(purpose.criticality),
            role: or_empty(&standing.role),
            verdict: standing.verdict.name(),
            risk: assessment.risk,
            urgency: assessment.urgency,
            attested_at: ownership.attested.as_ref().map(|attested| stored::micros(attested.at)),
            born_at: stored::micros(born),
            used_at: stored::micros(standing.last_used_at.unwrap_or(born)),
            updated_at: stored::micros(identity.updated_at),
            searched: searched(identity),
            tags: stored::lines(purpose.tags.iter().map(String::as_str)),
            breaches: stored::lines(assessment.breaches.iter().map(|breach| breach.rule.as_str())),
        }
    }
}

/// How criticality is compared.
pub(crate) fn rank(criticality: Criticality) -> u8 {
    match criticality {
        Criticality::Low => 0,
        Criticality::Unknown => 1,
        Criticality::Normal => 2,
        Criticality::High => 3,
    }
}

/// When the current token was made or, where nobody told, became known.
fn born(identity: &Identity) -> Timestamp {
    let known = identity.versions.last().map(|version| version.since);
    identity.standing.issued_at.or(known).unwrap_or(identity.created_at)
}

/// The texts that an identity is searched by.
fn searched(identity: &Identity) -> String {
    let account = identity.standing.account.as_deref().unwrap_or_default();
    let fingerprints = identity.versions.iter().filter_map(|version| version.fingerprint);
    let mut lines = vec![identity.name.clone(), account.to_owned()];
    lines.extend(fingerprints.map(|fingerprint| fingerprint.to_string()));
    let ends = identity.versions.iter().filter_map(|version| version.last4.as_deref());
    lines.extend(ends.map(|last4| format!("…{last4}")));
    stored::text(&lines.join("\n")).to_lowercase()
}
