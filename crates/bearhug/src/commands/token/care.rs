//! What people do with tokens of the ledger: adopt, assign, tag, describe, confirm, mark and retire them.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{
    event::Happening,
    identity::{Condition, Identity},
    lifecycle::{Assignment, Move},
    owner::Owner,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::choice;
use crate::{
    Exit,
    cli::{Adopt, Assign, Brand, Chosen, Confirm, Describe, Global, Mark, Released, Retire, Tag},
    commands::owner::{self, Meant},
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
    owner: Option<&'a str>,
    backup: Option<&'a str>,
}

/// What it takes to do something to a token.
struct Doing<'a> {
    desk: &'a Desk,
    /// Who is to answer for it, as the ledger calls them.
    owner: Option<String>,
    backup: Option<String>,
    /// Those of them who are new there.
    newcomers: Vec<String>,
}

impl<'a> Deed<'a> {
    fn new(name: &'static str, done: &'static str, chosen: &'a Chosen) -> Self {
        Self { name, done, chosen, owner: None, backup: None }
    }

    /// Does it to all of the tokens or none.
    fn run(
        self,
        (global, stop): (&Global, &Arc<AtomicBool>),
        edit: impl FnMut(&mut Identity, &Doing<'_>) -> Result<Vec<Happening>, CommandError>,
    ) -> Result<Exit, CommandError> {
        let desk = Desk::open(&self.chosen.ledger, global, stop)?;
        // Whoever cannot be named is told of before anybody is asked to agree.
        self.people(&desk)?;
        let ids = choice::several(&desk, self.chosen, self.name, stop)?;
        let (edited, doing) = desk.edit_with(&ids, || self.people(&desk), edit)?;
        for name in doing.newcomers.iter().filter(|_| !global.quiet) {
            words::say(&format!("{name} is new: `bearhug owner add {name} --email …` says more"));
        }
        for Edited { identity, is_changed } in edited.iter().filter(|_| !global.quiet) {
            let (id, name) = (identity.id.short(), &identity.name);
            let (state, risk) = (identity.state.name(), identity.assessment.risk);
            let done = if *is_changed { self.done } else { "as it was" };
            words::say(&format!("{id} {name}: {done}; {state}, risk {risk}"));
        }
        Ok(Exit::Clean)
    }

    /// Who is meant by the names, and who of them enters the ledger.
    fn people<'d>(
        &self,
        desk: &'d Desk,
    ) -> Result<(Vec<(Owner, Happening)>, Doing<'d>), CommandError> {
        let owner = self.owner.map(|name| owner::meant(desk, name)).transpose()?;
        let backup = self.backup.map(|name| owner::meant(desk, name)).transpose()?;
        let newcomers = owner::newcomers(owner.iter().chain(&backup));
        let name = |meant: Option<Meant>| meant.map(|meant| meant.name);
        let names = newcomers.iter().map(|(owner, _)| owner.name.clone()).collect();
        let doing = Doing { desk, owner: name(owner), backup: name(backup), newcomers: names };
        Ok((newcomers, doing))
    }
}

pub(super) fn adopt(
    arguments: &Adopt,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let why = words::without_token(&arguments.reason, "`--reason`")?;
    let deed = Deed {
        owner: Some(&arguments.owner),
        backup: arguments.backup.as_deref(),
        ..Deed::new("adopt", "adopted", &arguments.chosen)
    };
    deed.run((global, stop), |identity, doing| {
        let owner = doing.owner.clone().unwrap_or_default();
        let step = Move::Adopt { owner, why: why.to_owned() };
        let mut events = vec![doing.desk.step(identity, step)?];
        if doing.backup.is_some() {
            events.extend(assigned(identity, doing, None, why));
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
    let deed = Deed {
        owner: arguments.owner.as_deref(),
        backup: arguments.backup.as_deref(),
        ..Deed::new("assign", "assigned", &arguments.chosen)
    };
    deed.run((global, stop), |identity, doing| {
        let kept = identity.ownership.backup.clone().filter(|_| !arguments.no_backup);
        Ok(assigned(identity, doing, kept, why).into_iter().collect())
    })
}

/// Assigns a token to whom was named, and to those who had it where nobody was.
fn assigned(
    identity: &mut Identity,
    doing: &Doing<'_>,
    kept_backup: Option<String>,
    why: &str,
) -> Option<Happening> {
    let to = Assignment {
        owner: doing.owner.clone().or_else(|| identity.ownership.owner.clone()),
        backup: doing.backup.clone().or(kept_backup),
        why: why.to_owned(),
    };
    identity.assign(to, &doing.desk.author, doing.desk.now)
}

pub(super) fn tag(
    arguments: &Tag,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    for tag in &arguments.add {
        words::without_token(tag, "`--add`")?;
    }
    let deed = Deed::new("tag", "tagged", &arguments.chosen);
    deed.run((global, stop), |identity, doing| {
        let mut purpose = identity.purpose.clone();
        purpose.tags.extend(arguments.add.iter().cloned());
        purpose.tags.retain(|tag| !arguments.remove.contains(tag));
        Ok(identity.describe(purpose, &doing.desk.author, doing.desk.now).into_iter().collect())
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
    let deed = Deed::new("describe", "described", &arguments.chosen);
    // An empty text takes away what was there.
    let said = |text: &Option<String>, before: Option<String>| match text {
        Some(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        None => before,
    };
    let name = arguments.name.as_ref().filter(|name| !name.is_empty());
    let mut named = None;
    deed.run((global, stop), |identity, doing| {
        if let Some(name) = name {
            choice::unused(&doing.desk.ledger, name, identity.id)?;
            if named.replace(identity.id).is_some_and(|other| other != identity.id) {
                return Err(CommandError::new("several tokens cannot have one name")
                    .hint("nothing was changed: name one at a time")
                    .usage());
            }
        }
        let mut purpose = identity.purpose.clone();
        purpose.description = said(&arguments.purpose, purpose.description);
        purpose.environment = said(&arguments.environment, purpose.environment);
        purpose.notes = said(&arguments.note, purpose.notes);
        purpose.criticality = arguments.criticality.unwrap_or(purpose.criticality);
        purpose.resources.extend(arguments.resource.iter().cloned());
        purpose.resources.retain(|resource| !arguments.no_resource.contains(resource));
        let (author, now) = (&doing.desk.author, doing.desk.now);
        let renamed = name.and_then(|name| identity.rename(name.clone(), author, now));
        let described = identity.describe(purpose, author, now);
        Ok(renamed.into_iter().chain(described).collect())
    })
}

pub(super) fn confirm(
    arguments: &Confirm,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let deed = Deed::new("confirm", "confirmed", &arguments.chosen);
    deed.run((global, stop), |identity, doing| {
        if identity.ownership.owner.is_none() {
            let what = format!("nobody answers for {} ({})", identity.id.short(), identity.name);
            return Err(CommandError::new(what)
                .hint("an owner confirms what they hold: `bearhug token adopt ID --owner NAME`"));
        }
        Ok(identity.attest(&doing.desk.author, doing.desk.now).into_iter().collect())
    })
}

pub(super) fn released(
    arguments: &Released,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let why = words::without_token(&arguments.reason, "`--reason`")?;
    let at = arguments.at.map(|day| moment_of(day, Timestamp::now())).transpose()?;
    let deed = Deed::new("mark as released", "released", &arguments.chosen);
    deed.run((global, stop), |identity, doing| {
        let (author, now) = (&doing.desk.author, doing.desk.now);
        Ok(identity.release(at.unwrap_or(now), why, author, now).into_iter().collect())
    })
}

/// The end of a day in UTC, since what was made on that day was made before; or now, if that is not over.
fn moment_of(day: Date, now: Timestamp) -> Result<Timestamp, CommandError> {
    let at = |day: Date| TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok();
    let end = day.tomorrow().ok().and_then(at);
    match (at(day), end) {
        (Some(start), Some(end)) if start <= now => Ok(end.min(now)),
        _ => Err(CommandError::new(format!("{day} is not there yet"))
            .hint("name with `--at` the day on which the release was made")
            .usage()),
    }
}

pub(super) fn mark(
    arguments: &Mark,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let why = words::without_token(&arguments.reason, "`--reason`")?;
    let deed = Deed::new("mark", "marked", &arguments.chosen);
    deed.run((global, stop), |identity, doing| {
        Ok(vec![doing.desk.step(identity, marking(arguments.what, why.to_owned()))?])
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
    let deed = Deed::new("retire", "retired", &arguments.chosen);
    deed.run((global, stop), |identity, doing| {
        Ok(vec![doing.desk.step(identity, Move::Retire { why: why.to_owned() })?])
    })
}
