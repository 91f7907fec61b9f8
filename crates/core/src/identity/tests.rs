//! The form in which identities are stored.

use proptest::prelude::*;

use super::{samples::an_identity, *};
use crate::rights::samples::a_grant;

fn round<T: Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

proptest! {
    #[test]
    fn an_identity_comes_back_as_it_was_stored(identity in an_identity()) {
        prop_assert_eq!(round(&identity), identity);
    }

    #[test]
    fn a_grant_comes_back_as_it_was_stored(grant in a_grant()) {
        prop_assert_eq!(round(&grant), grant);
    }

    #[test]
    fn what_was_stored_before_there_was_more_to_say_is_read(identity in an_identity()) {
        let mut stored = serde_json::to_value(&identity).unwrap();
        stored["purpose"].as_object_mut().unwrap().remove("released_at");
        stored["assessment"].as_object_mut().unwrap().remove("waived");
        let read: Identity = serde_json::from_value(stored).unwrap();
        prop_assert_eq!(read.purpose.resources, identity.purpose.resources);
    }
}

#[test]
fn names_are_those_that_are_stored() {
    fn check<T: Serialize>(all: &[T], name: impl Fn(&T) -> &str) {
        for value in all {
            assert_eq!(serde_json::to_value(value).unwrap(), name(value));
        }
    }
    check(&State::ALL, |state| state.name());
    check(&Condition::ALL, |condition| condition.name());
    check(&Criticality::ALL, |criticality| criticality.name());
    check(&Teller::ALL, |teller| teller.name());
    check(&crate::risk::Keeping::ALL, |keeping| keeping.name());
    check(&Kind::ALL, |kind| kind.name());
    check(crate::event::EventKind::ALL, crate::event::EventKind::name);
}

/// An identity of which everything is known that can be stored.
fn full() -> Identity {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let mut identity = samples::seen();
    identity.state = State::Active;
    identity.conditions = [Condition::Dormant].into();
    identity.ownership.owner = Some("alice".to_owned());
    identity.purpose.criticality = Criticality::High;
    identity.purpose.resources = ["acme/model".to_owned()].into();
    identity.standing.verdict = Verdict::Active;
    identity.standing.asked_at = Some(at("2026-02-01T00:00:00Z"));
    let entry = crate::rights::samples::scoped(
        crate::grant::EntityKind::Model,
        Some("acme/model"),
        &["repo.write", "repo.new"],
    );
    identity.standing.grant = Some(crate::rights::samples::fine(vec![entry]));
    identity.standing.told_by = Some(Teller::Whoami);
    identity.exposure.places = 1;
    identity.exposure.keepings = [crate::risk::Keeping::SharedFile].into();
    identity.assessment.risk = 42;
    identity
}

/// Ledgers hold documents of this form for good: what is renamed here cannot be read there.
#[test]
fn the_stored_form_stays_as_it_is() {
    let stored = serde_json::to_string_pretty(&full()).unwrap();
    assert_eq!(stored, include_str!("stored.json").trim_end());
    assert_eq!(serde_json::from_str::<Identity>(&stored).unwrap(), full());
}
