//! `bearhug owner list` and `bearhug owner show`: who answers for what.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{
    identity::{Identity, State},
    owner::{Owner, OwnerKind},
};
use bearhug_ledger::{Filter, Order};
use bearhug_view::owner::{Holding, Holdings, Possessions};

use super::named;
use crate::{
    Exit,
    cli::{Global, ListOwners, ShowOwner},
    commands::showing,
    error::CommandError,
    ledger::{Desk, Ledger},
};

/// Every token that is not over yet and passes a filter, the most urgent first.
pub(super) fn living(ledger: &Ledger, filter: Filter) -> Result<Vec<Identity>, CommandError> {
    let is_over = |state: &State| matches!(state, State::Revoked | State::Retired);
    let states = State::ALL.into_iter().filter(|state| !is_over(state)).collect();
    let filter = Filter { states, ..filter };
    let mut all = Vec::new();
    ledger.each_identity(&filter, Order::Urgency, |identity| all.push(identity))?;
    Ok(all)
}

pub(super) fn owns(identity: &Identity, name: &str) -> bool {
    identity.ownership.owner.as_deref() == Some(name)
}

pub(super) fn backs(identity: &Identity, name: &str) -> bool {
    identity.ownership.backup.as_deref() == Some(name)
}

pub(super) fn list(
    arguments: &ListOwners,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let desk = Desk::open(&arguments.ledger, global, stop)?;
    let identities = living(&desk.ledger, Filter::default())?;
    let holding = |owner: Owner| {
        let owned = || identities.iter().filter(|identity| owns(identity, &owner.name));
        let riskiest = owned().map(|identity| identity.assessment.risk).max();
        let backs = identities.iter().filter(|identity| backs(identity, &owner.name)).count();
        Holding { owns: owned().count(), backs, riskiest, owner }
    };
    let owners = desk.ledger.wait(desk.ledger.store.owners())?;
    let orphans = identities.iter().filter(|identity| identity.ownership.owner.is_none());
    let holdings =
        Holdings { orphans: orphans.count(), owners: owners.into_iter().map(holding).collect() };
    let format = arguments.reporting.format.into();
    showing::show(arguments.reporting.output.as_deref(), global, &mut |options, out| {
        holdings.render(format, options, out)
    })?;
    Ok(Exit::Clean)
}

pub(super) fn show(
    arguments: &ShowOwner,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let desk = Desk::open(&arguments.ledger, global, stop)?;
    let owners = desk.ledger.wait(desk.ledger.store.owners())?;
    let owner = named(&owners, &arguments.name)?.clone();
    let possessions = possessions(&desk, owner)?;
    let format = arguments.reporting.format.into();
    showing::show(arguments.reporting.output.as_deref(), global, &mut |options, out| {
        possessions.render(format, options, out)
    })?;
    Ok(Exit::Clean)
}

/// What somebody answers for.
pub(super) fn possessions(desk: &Desk, owner: Owner) -> Result<Possessions, CommandError> {
    let name = || Some(owner.name.clone());
    let owned = living(&desk.ledger, Filter { owner: name(), ..Filter::default() })?;
    let mut backed = living(&desk.ledger, Filter { backup: name(), ..Filter::default() })?;
    backed.retain(|identity| !owns(identity, &owner.name));
    let is_team = owner.kind == OwnerKind::Team;
    Ok(Possessions { owner, is_team, owned, backed, now: desk.now })
}
