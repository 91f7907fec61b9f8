//! Identities that the ledger does not have yet.

use bearhug_core::{
    Kind,
    event::Happening,
    identity::{Identity, IdentityId, Version},
    lifecycle::{Author, Discovery},
};
use jiff::Timestamp;

use super::{Entry, Shown};

/// The identity of a token that an organisation lists and nobody here has. What else the list says of it
/// is for [`examine`](super::examine).
pub fn listed(
    endpoint: &str,
    entry: &Entry,
    author: &Author,
    now: Timestamp,
) -> (Identity, Happening) {
    let account = entry.account.as_deref().unwrap_or("somebody");
    let name = match (&entry.name, &entry.last4) {
        (Some(name), _) if entry.is_service => format!("{account}: {name}"),
        (Some(name), _) => name.clone(),
        (None, Some(last4)) => format!("{account} …{last4}"),
        (None, None) => format!("{account} {}", entry.hub_id),
    };
    let version = Version {
        fingerprint: None,
        hub_id: Some(entry.hub_id.clone()),
        last4: entry.last4.clone(),
        since: now,
        until: None,
    };
    let id = IdentityId::of_listed(endpoint, &entry.organisation, &entry.hub_id);
    Identity::discover(Discovery { id, name, kind: Kind::UserToken, version }, author, now)
}

/// The identity of a token whose value is at hand.
pub fn shown(shown: &Shown, author: &Author, now: Timestamp) -> (Identity, Happening) {
    let version = shown.version(now);
    let id = IdentityId::of_token(shown.fingerprint);
    let (name, kind) = (shown.redacted.clone(), shown.kind);
    Identity::discover(Discovery { id, name, kind, version }, author, now)
}
