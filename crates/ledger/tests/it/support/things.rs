//! Identities, sightings and events to put into ledgers.

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{
    Fingerprint, Kind,
    event::{EventKind, Happening},
    identity::{
        Assessment, Exposure, Identity, IdentityId, Ownership, Purpose, Standing, State, Version,
    },
    owner::{Owner, OwnerKind, Waiver},
    risk::Keeping,
};
use bearhug_ledger::{Page, Presence, Sighting};
use jiff::Timestamp;

/// A moment, in seconds after an arbitrary one.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

/// The public name of the token with a number.
pub(crate) fn token(number: usize) -> Fingerprint {
    Fingerprint::of(&format!("token {number}"))
}

/// The name of the identity that starts with this token.
pub(crate) fn id(number: usize) -> IdentityId {
    IdentityId::of_token(token(number))
}

/// The identity that starts with this token.
pub(crate) fn identity(number: usize) -> Identity {
    Identity {
        id: id(number),
        revision: 0,
        name: format!("token-{number}"),
        kind: Kind::UserToken,
        state: State::Discovered,
        conditions: BTreeSet::new(),
        ownership: Ownership::default(),
        purpose: Purpose::default(),
        versions: vec![version(number)],
        standing: Standing::default(),
        exposure: Exposure::default(),
        assessment: Assessment::default(),
        created_at: at(0),
        updated_at: at(0),
    }
}

/// The version of an identity that has this token.
pub(crate) fn version(number: usize) -> Version {
    Version {
        fingerprint: Some(token(number)),
        hub_id: None,
        last4: Some("Ab3x".to_owned()),
        since: at(0),
        until: None,
    }
}

/// That a token was seen in a place at a moment.
pub(crate) fn sighting(number: usize, origin: &str, second: i64) -> Sighting {
    Sighting {
        fingerprint: token(number),
        identity: id(number),
        source: "https://git.example/acme/models".to_owned(),
        origin: origin.to_owned(),
        path: Some("notebooks/train.ipynb".to_owned()),
        line: Some(41),
        commit: None,
        author: None,
        keeping: Keeping::Copied,
        environment: Some("notebook".to_owned()),
        presence: Presence::Present,
        first_seen: at(second),
        last_seen: at(second),
    }
}

/// That an identity was discovered.
pub(crate) fn event(number: usize, second: i64) -> Happening {
    let what = BTreeMap::from([("why".to_owned(), format!("number {number}"))]);
    Happening {
        at: at(second),
        kind: EventKind::Discovered,
        actor: "alice".to_owned(),
        identity: Some(id(number)),
        details: what,
    }
}

pub(crate) fn owner(name: &str) -> Owner {
    Owner {
        name: name.to_owned(),
        revision: 0,
        kind: OwnerKind::Person,
        email: Some(format!("{name}@acme.example")),
        aliases: BTreeSet::from([format!("{name}-hub"), format!("{name} of Acme")]),
        left_at: None,
    }
}

pub(crate) fn waiver(rule: &str, number: usize) -> Waiver {
    Waiver {
        rule: rule.to_owned(),
        identity: id(number),
        reason: "it moves next week".to_owned(),
        by: "alice".to_owned(),
        given_at: at(1),
        until: at(100),
    }
}

/// The first page of a size.
pub(crate) fn first(limit: u32) -> Page {
    Page { limit, after: None }
}
