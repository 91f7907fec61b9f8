//! What the ledger is told of tokens that were revoked.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{
    Fingerprint, Verdict,
    event::{EventKind, Happening},
    identity::{Identity, State},
    lifecycle::Move,
    revocation::{Ending, Outcome},
};

use crate::{
    cli::{Global, WhichLedger},
    error::CommandError,
    ledger::Desk,
    words,
};

/// Moves the identities whose current tokens are proved to be dead, and tells of past ones, if there is a
/// ledger.
pub(super) fn record(
    endings: &[Ending],
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<(), CommandError> {
    let dead: BTreeMap<Fingerprint, String> =
        endings.iter().filter_map(|ending| Some((ending.fingerprint, proof(ending)?))).collect();
    if dead.is_empty() {
        return Ok(());
    }
    let Some(desk) = Desk::open_if_there(&WhichLedger::default(), global, stop)? else {
        return Ok(());
    };
    let fingerprints: Vec<_> = dead.keys().copied().collect();
    let holders = desk.ledger.wait(desk.ledger.store.holders(&fingerprints))?;
    let ids: Vec<_> = holders.values().map(|identity| identity.id).collect();
    let edited = desk.edit(&ids, |identity| {
        let current = identity.versions.last().and_then(|version| version.fingerprint);
        let past = identity.versions.iter().filter_map(|version| version.fingerprint);
        let past = past.filter(|token| Some(*token) != current);
        let past = past.filter_map(|token| Some(ended(identity, token, dead.get(&token)?, &desk)));
        let mut events: Vec<_> = past.collect();
        let is_over = matches!(identity.state, State::Revoked | State::Retired);
        let why = current.filter(|_| !is_over).and_then(|token| dead.get(&token));
        let Some(why) = why else { return Ok(events) };
        let happened = desk.step(identity, Move::Revoke { why: why.clone() })?;
        (identity.standing.verdict, identity.standing.asked_at) =
            (Verdict::Inactive, Some(desk.now));
        events.push(happened);
        Ok(events)
    })?;
    for edited in edited.iter().filter(|edited| edited.is_changed && !global.quiet) {
        let (id, name) = (edited.identity.id.short(), &edited.identity.name);
        let what = match edited.identity.state {
            State::Revoked | State::Retired => "revoked in the ledger",
            _ => "the end of a past token is recorded in the ledger",
        };
        words::say(&format!("{id} {name}: {what}"));
    }
    Ok(())
}

/// That a token is dead which another has replaced. The identity goes on as it is.
fn ended(identity: &Identity, token: Fingerprint, why: &str, desk: &Desk) -> Happening {
    let details = [("past_token", token.to_string()), ("why", why.to_owned())];
    Happening {
        at: desk.now,
        kind: EventKind::Drifted,
        actor: desk.author.name.clone(),
        identity: Some(identity.id),
        details: details.map(|(key, value)| (key.to_owned(), value)).into(),
    }
}

/// What proves that a token is dead everywhere, if something does.
fn proof(ending: &Ending) -> Option<String> {
    let request = ending.after.as_ref().and_then(|check| check.request_id.as_deref());
    let by = request.map_or_else(String::new, |id| format!(" (request {id})"));
    match ending.outcome {
        Outcome::Revoked => {
            Some(format!("bearhug revoked it, and the Hub does not know it any more{by}"))
        }
        Outcome::AlreadyGone => Some(format!("the Hub did not know it any more{by}")),
        _ => None,
    }
}
