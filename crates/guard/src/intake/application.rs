//! Having an identity follow a row.

use bearhug_core::{
    event::Happening,
    identity::{Identity, IdentityId, State, Suggestion, Version},
    lifecycle::{Assignment, Author, Discovery, Move},
};
use jiff::Timestamp;

use super::{Row, Subject};

/// The identity that a row is about as the row has it, and what happened. `known` is the one on record;
/// `endpoint` is the Hub's address, which the name of a new one follows from.
///
/// # Errors
///
/// Why the row cannot be followed, in a sentence without a full stop.
pub fn apply(
    row: &Row,
    known: Option<Identity>,
    endpoint: &str,
    (author, now): (&Author, Timestamp),
) -> Result<(Identity, Vec<Happening>), String> {
    let mut events = Vec::new();
    let mut identity = if let Some(identity) = known {
        identity
    } else {
        let found = discovery(row, endpoint, now)?;
        let (mut identity, event) = Identity::discover(found, author, now);
        events.push(event);
        identity.ownership.suggestions.extend(row.account.as_ref().map(suggestion));
        identity
    };
    if let Some(name) = &row.name {
        events.extend(identity.rename(name.clone(), author, now));
    }
    events.extend(owned(&mut identity, row, author, now)?);
    let mut purpose = identity.purpose.clone();
    let or = |new: &Option<String>, old: Option<String>| new.clone().or(old);
    purpose.description = or(&row.purpose, purpose.description);
    purpose.environment = or(&row.environment, purpose.environment);
    purpose.notes = or(&row.notes, purpose.notes);
    purpose.criticality = row.criticality.unwrap_or(purpose.criticality);
    purpose.tags.extend(row.tags.iter().cloned());
    purpose.resources.extend(row.resources.iter().cloned());
    events.extend(identity.describe(purpose, author, now));
    Ok((identity, events))
}

/// Nobody asked the Hub yet: the account is what somebody wrote down.
fn suggestion(account: &String) -> Suggestion {
    let evidence = format!("a table that was imported has it as `{account}`'s");
    Suggestion { owner: account.clone(), evidence }
}

fn discovery(row: &Row, endpoint: &str, now: Timestamp) -> Result<Discovery, String> {
    let version = |fingerprint, hub_id, last4: &Option<String>| Version {
        fingerprint,
        hub_id,
        last4: last4.clone(),
        since: now,
        until: None,
    };
    let (id, kind, version) = match &row.subject {
        Subject::Token { fingerprint, kind, last4 } => {
            (IdentityId::of_token(*fingerprint), *kind, version(Some(*fingerprint), None, last4))
        }
        Subject::Listed { organisation, hub_id, last4 } => {
            let organisation = organisation.as_ref().ok_or(
                "nothing on record has this `hub_id`: give the `organisation` that lists it as well",
            )?;
            let id = IdentityId::of_listed(endpoint, organisation, hub_id);
            (id, bearhug_core::Kind::UserToken, version(None, Some(hub_id.clone()), last4))
        }
        Subject::Ending { .. } => {
            return Err("nothing on record ends so: name it by `value`, `fingerprint` or `hub_id`"
                .to_owned());
        }
    };
    let name = row.name.clone().unwrap_or_else(|| version.label());
    Ok(Discovery { id, name, kind, version })
}

/// Says who answers for it, which takes it on if nobody had.
fn owned(
    identity: &mut Identity,
    row: &Row,
    author: &Author,
    now: Timestamp,
) -> Result<Vec<Happening>, String> {
    let mut events = Vec::new();
    if let (State::Discovered, Some(owner)) = (identity.state, &row.owner) {
        let why = format!("line {} of a table says so", row.line);
        let step = Move::Adopt { owner: owner.clone(), why };
        events.push(identity.apply(step, author, now).map_err(|error| error.to_string())?);
    }
    let assignment = Assignment {
        owner: row.owner.clone().or(identity.ownership.owner.clone()),
        backup: row.backup.clone().or(identity.ownership.backup.clone()),
        why: String::new(),
    };
    events.extend(identity.assign(assignment, author, now));
    Ok(events)
}
