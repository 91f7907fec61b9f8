//! Writing down what was learned, a batch at a time.

use std::collections::BTreeMap;

use bearhug_core::{
    event::{EventKind, Happening},
    identity::{Identity, IdentityId},
};
use bearhug_guard::census::examine;
use bearhug_ledger::Changes;
use bearhug_view::census::{Census as Report, Change, Doubt, Left};
use jiff::SignedDuration;

use super::{
    Round,
    plan::{Item, Plan},
};
use crate::{
    error::CommandError,
    ledger::{Desk, Ledger, Scales},
};

/// How many identities are written at once.
const BATCH: usize = 100;

/// What a batch comes to.
#[derive(Default)]
struct Batch {
    changes: Changes,
    changed: Vec<Change>,
    doubts: Vec<Doubt>,
    unchanged: usize,
}

/// Records all of it.
pub(super) fn record(
    round: &Round<'_>,
    plan: &Plan,
    report: &mut Report,
) -> Result<(), CommandError> {
    let items: Vec<_> = plan.items.iter().collect();
    for items in items.chunks(BATCH) {
        let done = write(round, |ledger| prepare(round, items, ledger))?;
        report.unchanged += done.unchanged;
        report.changes.extend(done.changed);
        report.doubts.extend(done.doubts);
    }
    departures(round, plan, report)
}

/// Prepares a batch and writes it, unless it is a dry run.
fn write(
    round: &Round<'_>,
    prepare: impl Fn(Option<&Ledger>) -> Result<Batch, CommandError>,
) -> Result<Batch, CommandError> {
    let Some(desk) = round.writing() else { return prepare(round.ledger()) };
    desk.ledger.change(|ledger| {
        let mut batch = prepare(Some(ledger))?;
        Ok((std::mem::take(&mut batch.changes), batch))
    })
}

fn prepare(
    round: &Round<'_>,
    items: &[(&IdentityId, &Item)],
    ledger: Option<&Ledger>,
) -> Result<Batch, CommandError> {
    let read = |id: IdentityId| match ledger {
        Some(ledger) => ledger.wait(ledger.store.identity(id)),
        None => Ok(None),
    };
    let scales = round.desk.map(Desk::scales).transpose()?.unwrap_or_default();
    let mut batch = Batch::default();
    for (id, item) in items {
        let mut events = Vec::new();
        let mut identity = match (read(**id)?, &item.newcomer) {
            (Some(identity), _) => identity,
            (None, Some(newcomer)) => {
                let (identity, event) = newcomer.identity(round);
                events.push(event);
                identity
            }
            (None, None) => continue,
        };
        if let Some(other) = item.absorbs.map(read).transpose()?.flatten() {
            events.extend(batch.join((round, &scales), &mut identity, other));
        }
        let told = examine(&mut identity, &item.testimony, dormant_after(&scales), &round.author);
        if told.is_none() && events.is_empty() {
            batch.unchanged += 1;
            continue;
        }
        events.extend(told.into_iter().flatten());
        events.extend(scales.weigh(&mut identity, &round.author, round.now));
        if events.is_empty() {
            batch.unchanged += 1;
        } else {
            batch.changes.events.extend(events.iter().cloned());
            batch.changed.push(Change::new(&identity, events));
        }
        batch.changes.identities.push(identity);
    }
    Ok(batch)
}

/// How long a token may go unused, if that is limited.
fn dormant_after(scales: &Scales) -> Option<SignedDuration> {
    let days = i64::from(scales.policy.dormant_after_days);
    (days > 0).then(|| SignedDuration::from_hours(days * 24))
}

impl Batch {
    /// Makes one identity of two, if they can be. What happened to the one that goes on; what happened
    /// to the other is told of that.
    fn join(
        &mut self,
        (round, scales): (&Round<'_>, &Scales),
        identity: &mut Identity,
        mut other: Identity,
    ) -> Vec<Happening> {
        let candidates = vec![identity.id, other.id];
        match identity.absorb(&mut other, &round.author, round.now) {
            Ok(told) => {
                let is_own = |event: &Happening| event.identity == Some(identity.id);
                let (own, mut its): (Vec<_>, Vec<_>) = told.into_iter().partition(is_own);
                its.extend(scales.weigh(&mut other, &round.author, round.now));
                self.changes.events.extend(its.iter().cloned());
                self.changed.push(Change::new(&other, its));
                self.changes.identities.push(other);
                own
            }
            Err(refusal) => {
                self.doubts.push(Doubt {
                    token: other.name.clone(),
                    organisation: other.standing.organisation.clone().unwrap_or_default(),
                    candidates,
                    why: format!("they are one credential, and {refusal}"),
                });
                Vec::new()
            }
        }
    }
}

/// Tells of members who left: who of the owners that is, and how much speaks for them.
fn departures(round: &Round<'_>, plan: &Plan, report: &mut Report) -> Result<(), CommandError> {
    let mut events = Vec::new();
    for ((account, organisation), identities) in &plan.left {
        let is_theirs = |name: &String| name.eq_ignore_ascii_case(account);
        let owner = plan
            .owners
            .iter()
            .find(|owner| is_theirs(&owner.name) || owner.aliases.iter().any(is_theirs));
        if let Some(owner) = owner.filter(|owner| owner.left_at.is_none()) {
            let details: BTreeMap<_, _> = [
                ("owner", owner.name.clone()),
                ("account", account.clone()),
                ("left", organisation.clone()),
                ("identities", identities.len().to_string()),
            ]
            .map(|(key, value)| (key.to_owned(), value))
            .into();
            let actor = round.author.name.clone();
            let (at, kind) = (round.now, EventKind::Owner);
            events.push(Happening { at, kind, actor, identity: None, details });
        }
        report.left.push(Left {
            account: account.clone(),
            organisation: organisation.clone(),
            owner: owner.map(|owner| owner.name.clone()),
            identities: identities.len(),
        });
    }
    if events.is_empty() {
        return Ok(());
    }
    let changes = Changes { events, ..Changes::default() };
    write(round, |_| Ok(Batch { changes: changes.clone(), ..Batch::default() })).map(drop)
}
