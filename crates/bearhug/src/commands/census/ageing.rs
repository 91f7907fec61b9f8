//! Weighing anew what was last weighed long ago: risks grow with time alone.

use bearhug_core::identity::{Identity, IdentityId};
use bearhug_ledger::{Changes, Filter, Order};
use jiff::SignedDuration;

use super::Round;
use crate::{error::CommandError, ledger::Desk};

/// How long a weight holds.
const HOLDS: SignedDuration = SignedDuration::from_hours(24);

/// How many identities are written at once.
const BATCH: usize = 500;

/// Weighs every identity whose weight is old, or each one if that is wanted. Returns how many.
pub(super) fn reassess(round: &Round<'_>) -> Result<usize, CommandError> {
    let Some(desk) = round.writing() else { return Ok(0) };
    let mut old = Vec::new();
    desk.ledger.each_identity(&Filter::default(), Order::Name, |identity| {
        if round.arguments.reassess || is_old(round, &identity) {
            old.push(identity.id);
        }
    })?;
    for ids in old.chunks(BATCH) {
        desk.ledger.change(|_| Ok((weighed(desk, ids)?, ())))?;
    }
    Ok(old.len())
}

/// One that this census weighed is not old, even if it is weighed at the moment at which it began.
fn is_old(round: &Round<'_>, identity: &Identity) -> bool {
    identity.assessment.at.is_none_or(|at| round.now.duration_since(at) > HOLDS)
}

fn weighed(desk: &Desk, ids: &[IdentityId]) -> Result<Changes, CommandError> {
    // A scan that was stopped before it weighed what it recorded is made good for here.
    let mut exposures = desk.ledger.wait(desk.ledger.store.exposures(ids))?;
    let mut changes = Changes::default();
    let scales = desk.scales()?;
    for id in ids {
        let found = desk.ledger.wait(desk.ledger.store.identity(*id))?;
        let Some(mut identity) = found else { continue };
        identity.exposure = exposures.remove(id).unwrap_or_default();
        changes.events.extend(scales.weigh(&mut identity, &desk.author, desk.now));
        changes.identities.push(identity);
    }
    Ok(changes)
}
