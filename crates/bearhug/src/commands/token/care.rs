//! What people do with tokens of the ledger: adopt, assign, tag, describe, confirm, mark and retire them.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{
    event::Happening,
    identity::{Condition, Identity},
    lifecycle::{Assignment, Move},
};

use super::choice;
use crate::{
    Exit,
    cli::{Adopt, Assign, Brand, Chosen, Confirm, Describe, Global, Mark, Retire, Tag},
    commands::owner,
    error::CommandError,
    ledger::{Desk, Edited},
    words,
};

/// Something that is done to tokens.
struct Deed<'a> {
    /// What it is called, for who is asked to agree: `adopt`.
    name: &'static str,
    /// What was done, for who is told: `adopted`.
    done: &'static str,
    chosen: &'a Chosen,
    /// Those who are to answer for the tokens.
    owners: Vec<&'a str>,
}

impl Deed<'_> {
    /// Does it to all of the tokens or none.
    fn run(
        self,
        (global, stop): (&Global, &Arc<AtomicBool>),
        mut edit: impl FnMut(&mut Identity, &Desk) -> Result<Vec<Happening>, CommandError>,
    ) -> Result<Exit, CommandError> {
        let desk = Desk::open(&self.chosen.ledger, global, stop)?;
        let ids = choice::several(&desk, self.chosen, self.name, stop)?;
        let newcomers = owner::newcomers(&desk, &self.owners)?;
        let edited = desk.edit_with(&ids, &newcomers, |identity| edit(identity, &desk))?;
        for (owner, _) in newcomers.iter().filter(|_| !global.quiet) {
            words::say(&format!(
                "{} is new in the ledger: `bearhug owner add {} --email …` says more of them",
                owner.name, owner.name
            ));
        }
        for Edited { identity, is_changed } in edited.iter().filter(|_| !global.quiet) {
            let (id, name) = (identity.id.short(), &identity.name);
            let risk = identity.assessment.risk;
            words::say(&match is_changed {
                true => {
                    format!("{id} {name}: {}; {}, risk {risk}", self.done, identity.state.name())
                }
                false => format!("{id} {name}: as it was"),
            });
        }
        Ok(Exit::Clean)
    }
}

pub(super) fn adopt(
    arguments: &Adopt,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let why = words::without_token(&arguments.reason, "`--reason`")?;
    let owner = words::without_token(&arguments.owner, "`--owner`")?;
    let backup = arguments.backup.as_deref();
    let backup = backup.map(|name| words::without_token(name, "`--backup`")).transpose()?;
    let deed = Deed {
        name: "adopt",
        done: "adopted",
        chosen: &arguments.chosen,
        owners: [owner].into_iter().chain(backup).collect(),
    };
    deed.run((global, stop), |identity, desk| {
        let step = Move::Adopt { owner: owner.to_owned(), why: why.to_owned() };
        let mut events = vec![desk.step(identity, step)?];
        if let Some(backup) = backup {
            let to = Assignment {
                owner: Some(owner.to_owned()),
                backup: Some(backup.to_owned()),
                why: why.to_owned(),
            };
            events.extend(identity.assign(to, &desk.author, desk.now));
        }
        Ok(events)
    })
}

pub(super) fn assign(
    arguments: &Assign,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let why = words::without_token(&arguments.reason, "`--reason`")?;
    let checked = |name: &'_ Option<String>, what| {
        name.as_deref().map(|name| words::without_token(name, what).map(str::to_owned)).transpose()
    };
    let owner = checked(&arguments.owner, "`--owner`")?;
    let backup = checked(&arguments.backup, "`--backup`")?;
    let deed = Deed {
        name: "assign",
        done: "assigned",
        chosen: &arguments.chosen,
        owners: [owner.as_deref(), backup.as_deref()].into_iter().flatten().collect(),
    };
    deed.run((global, stop), |identity, desk| {
        let before = identity.ownership.clone();
        let kept = before.backup.filter(|_| !arguments.no_backup);
        let to = Assignment {
            owner: owner.clone().or(before.owner),
            backup: backup.clone().or(kept),
            why: why.to_owned(),
        };
        Ok(identity.assign(to, &desk.author, desk.now).into_iter().collect())
    })
}

pub(super) fn tag(
    arguments: &Tag,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    for tag in &arguments.add {
        words::without_token(tag, "`--add`")?;
    }
    let deed = Deed { name: "tag", done: "tagged", chosen: &arguments.chosen, owners: Vec::new() };
    deed.run((global, stop), |identity, desk| {
        let mut purpose = identity.purpose.clone();
        purpose.tags.extend(arguments.add.iter().cloned());
        purpose.tags.retain(|tag| !arguments.remove.contains(tag));
        Ok(identity.describe(purpose, &desk.author, desk.now).into_iter().collect())
    })
}

pub(super) fn describe(
    arguments: &Describe,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let texts = [&arguments.name, &arguments.purpose, &arguments.environment, &arguments.note];
    for text in texts.into_iter().flatten().chain(&arguments.resource) {
        words::without_token(text, "what was typed")?;
    }
    let deed =
        Deed { name: "describe", done: "described", chosen: &arguments.chosen, owners: Vec::new() };
    // An empty text takes away what was there.
    let said = |text: &Option<String>, before: Option<String>| match text {
        Some(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        None => before,
    };
    deed.run((global, stop), |identity, desk| {
        let mut purpose = identity.purpose.clone();
        purpose.description = said(&arguments.purpose, purpose.description);
        purpose.environment = said(&arguments.environment, purpose.environment);
        purpose.notes = said(&arguments.note, purpose.notes);
        purpose.criticality = arguments.criticality.unwrap_or(purpose.criticality);
        purpose.resources.extend(arguments.resource.iter().cloned());
        purpose.resources.retain(|resource| !arguments.no_resource.contains(resource));
        let name = arguments.name.clone().filter(|name| !name.is_empty());
        let renamed = name.and_then(|name| identity.rename(name, &desk.author, desk.now));
        let described = identity.describe(purpose, &desk.author, desk.now);
        Ok(renamed.into_iter().chain(described).collect())
    })
}

pub(super) fn confirm(
    arguments: &Confirm,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let deed =
        Deed { name: "confirm", done: "confirmed", chosen: &arguments.chosen, owners: Vec::new() };
    deed.run((global, stop), |identity, desk| {
        Ok(identity.attest(&desk.author, desk.now).into_iter().collect())
    })
}

pub(super) fn mark(
    arguments: &Mark,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let why = words::without_token(&arguments.reason, "`--reason`")?;
    let deed = Deed { name: "mark", done: "marked", chosen: &arguments.chosen, owners: Vec::new() };
    deed.run((global, stop), |identity, desk| {
        Ok(vec![desk.step(identity, marking(arguments.what, why.to_owned()))?])
    })
}

fn marking(what: Brand, why: String) -> Move {
    let (compromised, dormant) = (Condition::Compromised, Condition::Dormant);
    match what {
        Brand::Active => Move::Activate { why },
        Brand::Rotating => Move::StartRotation { why },
        Brand::Compromised => Move::SetCondition { condition: compromised, why },
        Brand::NotCompromised => Move::ClearCondition { condition: compromised, why },
        Brand::Dormant => Move::SetCondition { condition: dormant, why },
        Brand::NotDormant => Move::ClearCondition { condition: dormant, why },
    }
}

pub(super) fn retire(
    arguments: &Retire,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let why = words::without_token(&arguments.reason, "`--reason`")?;
    let deed =
        Deed { name: "retire", done: "retired", chosen: &arguments.chosen, owners: Vec::new() };
    deed.run((global, stop), |identity, desk| {
        Ok(vec![desk.step(identity, Move::Retire { why: why.to_owned() })?])
    })
}
