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
    fn check<T: Serialize>(all: &[T], name: impl Fn(&T) -> &'static str) {
        for value in all {
            assert_eq!(serde_json::to_value(value).unwrap(), name(value));
        }
    }
    check(&State::ALL, |state| state.name());
    check(&Condition::ALL, |condition| condition.name());
    check(&Criticality::ALL, |criticality| criticality.name());
    check(&crate::risk::Keeping::ALL, |keeping| keeping.name());
    check(&Kind::ALL, |kind| kind.name());
    check(crate::event::EventKind::ALL, |kind| kind.name());
}
