//! `bearhug owner campaign`: what is to be confirmed, and by whom.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::identity::Identity;
use bearhug_ledger::Filter;
use bearhug_view::owner::{Due, Rounds};
use jiff::{SignedDuration, Timestamp};

use super::holdings;
use crate::{
    Exit,
    cli::{Campaign, Global},
    commands::showing,
    error::CommandError,
    ledger::Desk,
};

/// How long before it is due a confirmation is asked for.
const AHEAD: SignedDuration = SignedDuration::from_hours(14 * 24);

pub(super) fn run(
    arguments: &Campaign,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let desk = Desk::open(&arguments.ledger, global, stop)?;
    let days = desk.policy.attest_every_days;
    let by_policy = SignedDuration::from_hours(i64::from(days) * 24);
    let every = arguments.every.or_else(|| (days > 0).then_some(by_policy)).ok_or_else(|| {
        CommandError::new("the policy does not say how often tokens are to be confirmed")
            .hint("say it with `--every 90d`")
            .usage()
    })?;
    let mut orphans = 0;
    let mut due = Vec::new();
    for identity in holdings::living(&desk.ledger, Filter::default())? {
        match &identity.ownership.owner {
            None => orphans += 1,
            Some(_) => due.extend(self::due(identity, every, desk.now)),
        }
    }
    due.sort_by(|a, b| {
        let key = |due: &Due| (due.identity.ownership.owner.clone(), due.at, due.identity.id);
        key(a).cmp(&key(b))
    });
    let rounds = Rounds { due, orphans, days: every.as_hours() / 24, now: desk.now };
    let is_overdue = rounds.overdue() > 0;
    let format = arguments.reporting.format.into();
    showing::show(arguments.reporting.output.as_deref(), global, &mut |options, out| {
        rounds.render(format, options, out)
    })?;
    Ok(if is_overdue { Exit::Findings } else { Exit::Clean })
}

/// When an identity is to be confirmed, if that is soon or should have been.
fn due(identity: Identity, every: SignedDuration, now: Timestamp) -> Option<Due> {
    let attested = identity.ownership.attested.as_ref();
    let last = attested.map_or(identity.created_at, |attested| attested.at);
    let at = last.checked_add(every).ok()?;
    (at.duration_since(now) <= AHEAD).then_some(Due { identity, at })
}
