//! `bearhug owner offboard`: a decision about every token of somebody who leaves.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{
    event::Happening,
    identity::{Condition, Identity, State},
    lifecycle::{Assignment, Move},
    owner::Owner,
};
use bearhug_ledger::{Page, SightingFilter};
use bearhug_view::owner::Possessions;

use self::decisions::{Choice, Decision, Decisions};
use super::{happened, holdings, left, named, present};
use crate::{
    Exit, author,
    cli::{Global, Offboard},
    commands::showing,
    error::CommandError,
    ledger::Desk,
    words,
};

mod decisions;

pub(super) fn run(
    arguments: &Offboard,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let desk = Desk::open(&arguments.ledger, global, stop)?;
    let owners = desk.ledger.wait(desk.ledger.store.owners())?;
    let owner = named(&owners, &arguments.name)?.clone();
    let held = holdings::possessions(&desk, owner)?;
    if let Some(day) = left(&held.owner).filter(|_| held.owned.is_empty() && held.backed.is_empty())
    {
        words::say(&format!("{} left on {day}, and nothing is left of theirs", held.owner.name));
        return Ok(Exit::Clean);
    }
    let format = arguments.reporting.format.into();
    showing::show(arguments.reporting.output.as_deref(), global, &mut |options, out| {
        held.render(format, options, out)
    })?;
    if arguments.dry_run {
        return Ok(Exit::Clean);
    }
    let choice = Choice { held: &held, owners: &owners };
    let new_backup = arguments.transfer_to.as_deref().map(|name| choice.heir(name)).transpose()?;
    let decisions = choice.decide(arguments, stop)?;
    let undecided = held.owned.iter().filter(|held| !decisions.contains_key(&held.id)).count();
    leave(&desk, &held, (&decisions, new_backup.as_deref()), undecided == 0)?;
    if undecided > 0 {
        words::say(&format!(
            "{undecided} undecided: {} has not left yet. Run the same again for the rest",
            arguments.name
        ));
        return Ok(Exit::Partial);
    }
    Ok(Exit::Clean)
}

/// Does what was decided, all of it or nothing.
fn leave(
    desk: &Desk,
    held: &Possessions,
    (decisions, new_backup): (&Decisions, Option<&str>),
    is_all: bool,
) -> Result<(), CommandError> {
    let leaver = held.owner.name.as_str();
    let ids: Vec<_> = held.owned.iter().chain(&held.backed).map(|identity| identity.id).collect();
    let people = || Ok((leaving(desk, leaver, (decisions, is_all))?, ()));
    let (edited, ()) = desk.edit_with(&ids, people, |identity, ()| {
        // Meanwhile somebody else may answer for it.
        let decision = decisions.get(&identity.id).filter(|_| holdings::owns(identity, leaver));
        let is_backup = is_all && holdings::backs(identity, leaver);
        let kept = identity.ownership.backup.clone().filter(|_| !is_backup);
        let backup = kept.or_else(|| new_backup.filter(|_| is_backup).map(str::to_owned));
        carry_out(identity, decision, backup, (desk, leaver))
    })?;
    for edited in edited.iter().filter(|edited| edited.is_changed) {
        let identity = &edited.identity;
        let (id, name) = (identity.id.short(), &identity.name);
        let what = match decisions.get(&identity.id) {
            Some(Decision::Transfer(to)) => {
                format!(
                    "{to}'s from now on, and to be replaced: bearhug token add - --replaces {id}"
                )
            }
            Some(Decision::Kill) => format!("to be killed: {}", revocation(desk, identity)?),
            None => "has another backup owner".to_owned(),
        };
        words::say(&format!("{id} {name}: {what}"));
    }
    Ok(())
}

/// The leaver as gone, if nothing is undecided. Fails if an heir went meanwhile.
fn leaving(
    desk: &Desk,
    leaver: &str,
    (decisions, is_all): (&Decisions, bool),
) -> Result<Vec<(Owner, Happening)>, CommandError> {
    let known = desk.ledger.wait(desk.ledger.store.owners())?;
    for decision in decisions.values() {
        if let Decision::Transfer(to) = decision {
            present(named(&known, to)?)?;
        }
    }
    let before = named(&known, leaver)?;
    if !is_all || before.left_at.is_some() {
        return Ok(Vec::new());
    }
    let after = Owner { left_at: Some(desk.now), ..before.clone() };
    let happening = happened(desk, Some(before), &after);
    Ok(vec![(after, happening)])
}

/// Does to one token what was decided. `backup` is its backup owner from now on.
fn carry_out(
    identity: &mut Identity,
    decision: Option<&Decision>,
    backup: Option<String>,
    (desk, leaver): (&Desk, &str),
) -> Result<Vec<Happening>, CommandError> {
    let (author, now) = (&desk.author, desk.now);
    let why = format!("{leaver} left");
    let mut events = Vec::new();
    let owner = match decision {
        Some(Decision::Transfer(to)) => Some(to.clone()),
        // Until it is dead, nobody answers for it, and lists say so.
        Some(Decision::Kill) => None,
        None => identity.ownership.owner.clone(),
    };
    // Who answers for it is no backup of themselves.
    let backup = backup.filter(|backup| Some(backup) != owner.as_ref());
    events.extend(identity.assign(Assignment { owner, backup, why: why.clone() }, author, now));
    match decision {
        Some(Decision::Transfer(_)) if matches!(identity.state, State::Adopted | State::Active) => {
            let step = Move::StartRotation { why };
            events.push(desk.step(identity, step)?);
        }
        Some(Decision::Kill) if !identity.conditions.contains(&Condition::Compromised) => {
            let why = format!("{why}, and it is to be revoked");
            let step = Move::SetCondition { condition: Condition::Compromised, why };
            events.push(desk.step(identity, step)?);
        }
        _ => {}
    }
    Ok(events)
}

/// The command that revokes a token: where its value can be read, or else with its value.
fn revocation(desk: &Desk, identity: &Identity) -> Result<String, CommandError> {
    let token = identity.versions.last().and_then(|version| version.fingerprint);
    let Some(token) = token else {
        return Ok("nobody here has its value; revoke it in the Hub's settings".to_owned());
    };
    let filter =
        SightingFilter { identity: Some(identity.id), present: true, ..SightingFilter::default() };
    let page = Page { limit: 100, after: None };
    let places = desk.ledger.wait(desk.ledger.store.sightings(&filter, &page))?.items;
    let here = format!("{}:", author::host());
    let readable = places.iter().filter(|place| place.fingerprint == token).find_map(|place| {
        let path = place.source.strip_prefix(&here).filter(|path| path.starts_with('/'));
        path.or_else(|| place.source.starts_with("https://").then_some(place.source.as_str()))
    });
    Ok(match readable {
        Some(source) => {
            let source = source.replace('\'', r"'\''");
            format!("bearhug revoke '{source}' --fingerprint {token}")
        }
        None => "bearhug revoke, with its value on the standard input".to_owned(),
    })
}
