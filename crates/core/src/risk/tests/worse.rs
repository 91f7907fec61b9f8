//! What makes an identity worse never makes it less risky.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{super::*, moment, weights};
use crate::{
    Verdict,
    grant::{Credential, Role},
    identity::{Condition, Criticality, samples::an_identity},
};

/// What makes an identity worse in one respect.
#[derive(Debug, Clone, Copy)]
enum Worse {
    Role,
    Scope,
    Age(i64),
    LongerLife(i64),
    Keeping(Keeping),
    Places(u64),
    Source(u8),
    Environment(u8),
    Criticality,
    Resource(u8),
    NoBackup,
    NoOwner,
    Leaves(&'static str),
    Compromised,
}

fn worse() -> impl Strategy<Value = Worse> {
    prop_oneof![
        Just(Worse::Role),
        Just(Worse::Scope),
        (1_i64..900).prop_map(Worse::Age),
        (1_i64..900).prop_map(Worse::LongerLife),
        prop::sample::select(Keeping::ALL.to_vec()).prop_map(Worse::Keeping),
        (1_u64..20).prop_map(Worse::Places),
        any::<u8>().prop_map(Worse::Source),
        any::<u8>().prop_map(Worse::Environment),
        Just(Worse::Criticality),
        any::<u8>().prop_map(Worse::Resource),
        Just(Worse::NoBackup),
        Just(Worse::NoOwner),
        prop::sample::select(vec!["alice", "bob", "team"]).prop_map(Worse::Leaves),
        Just(Worse::Compromised),
    ]
}

fn earlier(at: Timestamp, days: i64) -> Timestamp {
    at.checked_sub(jiff::SignedDuration::from_hours(24 * days)).unwrap()
}

fn worsen((identity, leavers): &mut (Identity, BTreeSet<String>), worse: Worse) {
    let Identity { standing, exposure, purpose, ownership, .. } = identity;
    match worse {
        Worse::Role => {
            if standing.role.as_deref() == Some("read") {
                standing.role = Some("write".to_owned());
            }
        }
        Worse::Scope => {
            if let Some(Grant { credential: Credential::AccessToken(token), .. }) =
                &mut standing.grant
                && !matches!(token.role, Role::Unknown(_))
            {
                token.role = Role::God;
            }
        }
        Worse::Age(days) => {
            standing.issued_at = standing.issued_at.map(|at| earlier(at, days));
            identity.versions[0].since = earlier(identity.versions[0].since, days);
        }
        Worse::LongerLife(days) => {
            standing.expires_at = standing.expires_at.map(|at| earlier(at, -days));
        }
        // The first that is known replaces what had to be assumed, and may be better than that.
        Worse::Keeping(keeping) => {
            if !exposure.keepings.is_empty() {
                exposure.keepings.insert(keeping);
            }
        }
        Worse::Places(more) => {
            exposure.places += more;
            exposure.present += more;
        }
        Worse::Source(n) => {
            exposure.sources.insert(format!("source {n}"));
        }
        Worse::Environment(n) => {
            exposure.environments.insert(format!("environment {n}"));
        }
        Worse::Criticality => {
            purpose.criticality = match purpose.criticality {
                Criticality::Low => Criticality::Unknown,
                Criticality::Unknown => Criticality::Normal,
                _ => Criticality::High,
            };
        }
        Worse::Resource(n) => {
            purpose.resources.insert(format!("acme/{n}"));
        }
        Worse::NoBackup => ownership.backup = None,
        Worse::NoOwner => ownership.owner = None,
        Worse::Leaves(name) => {
            leavers.insert(name.to_owned());
        }
        Worse::Compromised => {
            identity.conditions.insert(Condition::Compromised);
        }
    }
}

proptest! {
    #[test]
    fn what_is_worse_is_never_less_risk(
        before in an_identity(), steps in prop::collection::vec(worse(), 1..8), weights in weights()
    ) {
        let now = moment("2026-11-24T00:00:00Z");
        let mut before = (before, BTreeSet::new());
        before.0.standing.verdict = Verdict::Active;
        for step in steps {
            let mut after = before.clone();
            worsen(&mut after, step);
            let [less, more] = [&before, &after]
                .map(|(identity, leavers)| Risk::of_identity(identity, &weights, leavers, now));
            for (less, more) in less.parts.iter().zip(&more.parts) {
                prop_assert!(less.points <= more.points, "{step:?}: {less:?}, then {more:?}");
                prop_assert!(more.points <= more.limit, "{more:?}");
            }
            prop_assert!(more.score() <= 100);
            before = after;
        }
    }
}
