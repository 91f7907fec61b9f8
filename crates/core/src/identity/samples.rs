//! Identities for tests.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{
    Assessment, Attested, Condition, Criticality, Exposure, Identity, IdentityId, Ownership,
    Purpose, Standing, State, Suggestion, Teller, Version,
};
use crate::{
    Fingerprint, Kind, Verdict,
    lifecycle::{Author, Discovery},
    rights::samples::{a_grant, a_moment},
    risk::Keeping,
};

/// A token by a word that stands for its value.
pub(crate) fn version(value: &str) -> Version {
    Version {
        fingerprint: Some(Fingerprint::of(value)),
        hub_id: None,
        last4: Some("abcd".to_owned()),
        since: "2026-01-01T00:00:00Z".parse().unwrap(),
        until: None,
    }
}

/// An identity that was seen on 2026-01-01, and of which nothing else is known.
pub(crate) fn seen() -> Identity {
    let version = version("first");
    let (id, since) = (IdentityId::of_token(version.fingerprint.unwrap()), version.since);
    let found = Discovery { id, name: "ci".to_owned(), kind: Kind::UserToken, version };
    Identity::discover(found, &Author { name: "scan".to_owned() }, since).0
}

fn some(words: &'static [&'static str]) -> impl Strategy<Value = Option<String>> {
    prop::option::of(prop::sample::select(words).prop_map(str::to_owned))
}

fn several(words: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<String>> {
    prop::sample::subsequence(words, 0..=words.len())
        .prop_map(|words| words.into_iter().map(str::to_owned).collect())
}

fn an_ownership() -> impl Strategy<Value = Ownership> {
    let attested = prop::option::of(a_moment());
    (some(&["alice", "team"]), some(&["alice", "bob"]), attested, any::<bool>()).prop_map(
        |(owner, backup, attested, is_suggested)| {
            let by = "alice".to_owned();
            let evidence = "it wrote the commit".to_owned();
            let suggestion = Suggestion { owner: "carol <c@example.org>".to_owned(), evidence };
            let suggestions = if is_suggested { vec![suggestion] } else { Vec::new() };
            let attested = attested.map(|at| Attested { at, by });
            Ownership { owner, backup, suggestions, attested }
        },
    )
}

fn a_purpose() -> impl Strategy<Value = Purpose> {
    (
        some(&["publishes nightly models"]),
        some(&["ci", "production"]),
        prop::sample::select(Criticality::ALL.as_slice()),
        several(&["acme/model", "datasets/acme/train"]),
        prop::option::of(a_moment()),
        several(&["gpu", "nightly"]),
    )
        .prop_map(|(description, environment, criticality, resources, released_at, tags)| {
            let notes = description.clone();
            Purpose { description, environment, criticality, resources, released_at, tags, notes }
        })
}

fn a_standing() -> impl Strategy<Value = Standing> {
    let verdicts = [
        Verdict::Unverified,
        Verdict::Active,
        Verdict::Inactive,
        Verdict::Expired,
        Verdict::BlockedByOrg,
        Verdict::Unavailable,
    ];
    let tellers = Teller::ALL;
    let when = || prop::option::of(a_moment());
    (
        prop::sample::select(verdicts.to_vec()),
        some(&["alice"]),
        some(&["acme"]),
        some(&["read", "write", "god", "fineGrained", "new"]),
        prop::option::of((a_grant(), prop::option::of(prop::sample::select(tellers.to_vec())))),
        (when(), when(), when(), when()),
    )
        .prop_map(|(verdict, account, organisation, role, granted, moments)| {
            let (grant, told_by) = granted.unzip();
            let (asked_at, issued_at, expires_at, last_used_at) = moments;
            Standing {
                verdict,
                missing_from: None,
                asked_at,
                account,
                organisation,
                role,
                grant,
                told_by: told_by.flatten(),
                issued_at,
                expires_at,
                last_used_at,
            }
        })
}

fn an_exposure() -> impl Strategy<Value = Exposure> {
    let keepings = prop::sample::subsequence(Keeping::ALL.as_slice(), 0..=Keeping::ALL.len());
    let counts = (0_u64..20, 0_u64..20, 0_u64..20);
    let sources = several(&["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]);
    (keepings, counts, several(&["ci", "dev", "production"]), sources).prop_map(
        |(keepings, (more, present, in_history), environments, sources)| Exposure {
            places: present + more,
            present,
            in_history: in_history.min(present),
            keepings: keepings.into_iter().collect(),
            environments,
            sources,
        },
    )
}

/// Anything that the ledger may hold.
pub(crate) fn an_identity() -> impl Strategy<Value = Identity> {
    let conditions = prop::sample::subsequence(Condition::ALL.as_slice(), 0..=2);
    let state = prop::sample::select(State::ALL.as_slice());
    let kind = prop::sample::select(Kind::ALL.to_vec());
    let parts = (an_ownership(), a_purpose(), a_standing(), an_exposure());
    (conditions, state, kind, parts, a_moment()).prop_map(
        |(conditions, state, kind, (ownership, purpose, standing, exposure), created_at)| {
            Identity {
                kind,
                state,
                conditions: conditions.into_iter().collect(),
                ownership,
                purpose,
                standing,
                exposure,
                assessment: Assessment::default(),
                created_at,
                ..seen()
            }
        },
    )
}
