//! What the ledger is told of tokens that were revoked.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{
    Fingerprint, Verdict,
    identity::State,
    lifecycle::Move,
    revocation::{Ending, Outcome},
};

use crate::{
    cli::{Global, WhichLedger},
    error::CommandError,
    ledger::Desk,
    words,
};

/// Moves the identities whose current tokens are proved to be dead, if there is a ledger.
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
        let Some(why) = current.and_then(|token| dead.get(&token)) else { return Ok(Vec::new()) };
        if matches!(identity.state, State::Revoked | State::Retired) {
            return Ok(Vec::new());
        }
        let happened = desk.step(identity, Move::Revoke { why: why.clone() })?;
        (identity.standing.verdict, identity.standing.asked_at) =
            (Verdict::Inactive, Some(desk.now));
        Ok(vec![happened])
    })?;
    for edited in edited.iter().filter(|edited| edited.is_changed && !global.quiet) {
        let (id, name) = (edited.identity.id.short(), &edited.identity.name);
        words::say(&format!("{id} {name}: revoked in the ledger"));
    }
    Ok(())
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
