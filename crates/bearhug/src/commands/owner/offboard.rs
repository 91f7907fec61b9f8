//! `bearhug owner offboard`: a decision about every token of somebody who leaves.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{
    event::Happening,
    identity::{Condition, Identity, IdentityId, State},
    lifecycle::{Assignment, Move},
    owner::Owner,
};
use bearhug_ledger::{Page, SightingFilter};
use bearhug_view::owner::Possessions;

use super::{Meant, happened, holdings, meant, named, newcomers};
use crate::{
    Exit, author,
    cli::{Global, Offboard},
    commands::showing,
    error::CommandError,
    interrupt,
    ledger::Desk,
    words,
};

/// What becomes of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Decision {
    /// Somebody else answers for it, and replaces its value.
    Transfer(String),
    /// It is to be revoked.
    Kill,
}

type Decisions = BTreeMap<IdentityId, Decision>;

pub(super) fn run(
    arguments: &Offboard,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let desk = Desk::open(&arguments.ledger, global, stop)?;
    let owners = desk.ledger.wait(desk.ledger.store.owners())?;
    let owner = named(&owners, &arguments.name)?.clone();
    let held = holdings::possessions(&desk, owner)?;
    let format = arguments.reporting.format.into();
    showing::show(arguments.reporting.output.as_deref(), global, &mut |options, out| {
        held.render(format, options, out)
    })?;
    if arguments.dry_run {
        return Ok(Exit::Clean);
    }
    let new_backup = arguments.transfer_to.as_deref();
    let new_backup = new_backup.map(|name| meant(&desk, name)).transpose()?;
    let mut heirs: Vec<Meant> = Vec::new();
    let mut decisions = decide(arguments, &held, stop)?;
    for decision in decisions.values_mut() {
        if let Decision::Transfer(to) = decision {
            let heir = meant(&desk, to)?;
            if heir.name == held.owner.name {
                return Err(CommandError::new("what somebody leaves cannot go to them").usage());
            }
            to.clone_from(&heir.name);
            heirs.push(heir);
        }
    }
    let newcomers = newcomers(heirs.iter().chain(&new_backup));
    let new_backup = new_backup.map(|backup| backup.name);
    let undecided = held.owned.iter().filter(|held| !decisions.contains_key(&held.id)).count();
    let is_all = undecided == 0;
    leave(&desk, &held, &decisions, (newcomers, new_backup.as_deref()), is_all)?;
    if undecided > 0 {
        words::say(&format!(
            "{undecided} undecided: {} has not left yet. Run the same again for the rest",
            arguments.name
        ));
        return Ok(Exit::Partial);
    }
    Ok(Exit::Clean)
}

fn decide(
    arguments: &Offboard,
    held: &Possessions,
    stop: &AtomicBool,
) -> Result<Decisions, CommandError> {
    let all = |decision: Decision| held.owned.iter().map(|h| (h.id, decision.clone())).collect();
    let decisions = match (&arguments.transfer_to, &arguments.plan) {
        (Some(name), _) => all(Decision::Transfer(name.clone())),
        _ if arguments.kill => all(Decision::Kill),
        (_, Some(path)) => planned(path, held)?,
        _ if held.owned.is_empty() => Decisions::new(),
        _ if io::stdin().is_terminal() && io::stderr().is_terminal() => asked(held, stop)?,
        _ => {
            return Err(CommandError::new("nobody decided what becomes of the tokens")
                .hint("say `--transfer-to NAME`, `--kill` or `--plan FILE`; `--dry-run` only lists them")
                .usage());
        }
    };
    Ok(decisions)
}

/// The decisions of a file, one a line: `ID,transfer,NAME` or `ID,kill`. It must decide about each.
fn planned(path: &Path, held: &Possessions) -> Result<Decisions, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| CommandError::file("read", path, error))?;
    let mut decisions = Decisions::new();
    let lines = (1..).zip(text.lines().map(str::trim));
    for (number, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let wrong = |why: &str| {
            CommandError::new(format!(
                "line {number} of `{}` is no decision: {why}",
                path.display()
            ))
            .hint("write `ID,transfer,NAME` or `ID,kill`")
            .usage()
        };
        let fields: Vec<_> = line.split(',').map(str::trim).collect();
        let (id, decision) = match fields.as_slice() {
            [id, "transfer", name] if !name.is_empty() => {
                (*id, Decision::Transfer((*name).to_owned()))
            }
            [id, "kill"] => (*id, Decision::Kill),
            _ => return Err(wrong("it has another form")),
        };
        let meant: Vec<_> =
            held.owned.iter().filter(|held| held.id.to_string().starts_with(id)).collect();
        let [identity] = meant.as_slice() else {
            return Err(wrong(&format!("`{id}` does not name one of the tokens")));
        };
        decisions.insert(identity.id, decision);
    }
    if let Some(open) = held.owned.iter().find(|held| !decisions.contains_key(&held.id)) {
        let name = &open.name;
        return Err(CommandError::new(format!(
            "the plan does not decide about {} ({name})",
            open.id
        ))
        .hint("nothing was changed: add a line for each token")
        .usage());
    }
    Ok(decisions)
}

/// Asks about each token on the terminal.
fn asked(held: &Possessions, stop: &AtomicBool) -> Result<Decisions, CommandError> {
    let mut decisions = Decisions::new();
    for identity in &held.owned {
        let (id, name, risk) = (identity.id.short(), &identity.name, identity.assessment.risk);
        let question = words::safe(&format!(
            "{id} {name}, risk {risk}: `t NAME` transfers it, `k` kills it, nothing leaves it open: "
        ));
        loop {
            let mut out = anstream::stderr();
            drop(write!(out, "{question}").and(out.flush()));
            let line = interrupt::reading(stop, || io::stdin().lines().next().transpose())?
                .map_err(|error| CommandError::new("cannot read your answer").because(error))?;
            let Some(line) = line else { return Ok(decisions) };
            let decision = match line.split_whitespace().collect::<Vec<_>>().as_slice() {
                [] => break,
                ["k"] => Decision::Kill,
                ["t", name] => Decision::Transfer((*name).to_owned()),
                _ => continue,
            };
            decisions.insert(identity.id, decision);
            break;
        }
    }
    Ok(decisions)
}

/// Does what was decided, all of it or nothing.
fn leave(
    desk: &Desk,
    held: &Possessions,
    decisions: &Decisions,
    (mut owners, new_backup): (Vec<(Owner, Happening)>, Option<&str>),
    is_all: bool,
) -> Result<(), CommandError> {
    let leaver = held.owner.name.clone();
    if is_all && held.owner.left_at.is_none() {
        let after = Owner { left_at: Some(desk.now), ..held.owner.clone() };
        let happening = happened(desk, Some(&held.owner), &after);
        owners.push((after, happening));
    }
    let ids: Vec<_> = held.owned.iter().chain(&held.backed).map(|identity| identity.id).collect();
    let edited = desk.edit_with(&ids, &owners, |identity| {
        // Meanwhile somebody else may answer for it.
        let decision = decisions.get(&identity.id).filter(|_| holdings::owns(identity, &leaver));
        let is_backup = is_all && holdings::backs(identity, &leaver);
        let kept = identity.ownership.backup.clone().filter(|_| !is_backup);
        let backup = kept.or_else(|| new_backup.filter(|_| is_backup).map(str::to_owned));
        carry_out(identity, decision, backup, (desk, &leaver))
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
