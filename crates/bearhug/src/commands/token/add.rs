//! `bearhug token add`.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{
    Token,
    event::Happening,
    identity::{Identity, State},
    lifecycle::Move,
};
use bearhug_guard::census::{Said, Shown, Testimony, examine, newcomer};
use bearhug_ledger::Changes;

use super::choice;
use crate::{
    Exit,
    cleaning::Cleaner,
    cli::{Add, Global},
    commands::owner,
    error::CommandError,
    hub::Hub,
    interrupt,
    ledger::Desk,
    tokens, words,
};

pub(super) fn run(
    arguments: &Add,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    for (text, what) in [(&arguments.name, "`--name`"), (&arguments.environment, "`--environment`")]
    {
        text.as_deref().map(|text| words::without_token(text, what)).transpose()?;
    }
    let token = token(arguments, stop)?;
    let desk = Desk::open(&arguments.ledger, global, stop)?;
    let said = arguments.verify.then(|| ask(&token, (global, stop))).transpose()?;
    // Its value stays behind.
    let entry = Shown::of(&token, said.unwrap_or(Said::Nothing));
    drop(token);
    let identity = match &arguments.replaces {
        Some(replaced) => replace(&desk, replaced, &entry)?,
        None => enter(&desk, arguments, &entry)?,
    };
    if !global.quiet {
        let (id, name, state) = (identity.id.short(), &identity.name, identity.state.name());
        let risk = identity.assessment.risk;
        words::say(&format!("{id} {name}: {state}, risk {risk}. Next: bearhug token show {id}"));
    }
    Ok(Exit::Clean)
}

/// The one token that the user gives.
fn token(arguments: &Add, stop: &AtomicBool) -> Result<Token, CommandError> {
    let found = match (&arguments.which.env, &arguments.which.file) {
        (Some(name), _) => tokens::variable(name)?,
        (_, Some(path)) => tokens::file(path)?,
        _ => interrupt::reading(stop, tokens::standard_input)??,
    };
    let mut held = tokens::merged(found).into_iter();
    let (Some(first), None) = (held.next(), held.next()) else {
        return Err(CommandError::new("there is more than one token")
            .hint("add one at a time; `bearhug scan PATH --record` keeps all that it finds")
            .usage());
    };
    if !tokens::is_recognised(&first.token) {
        let redacted = first.token.redacted();
        return Err(CommandError::new(format!("{redacted} is not written as a token is"))
            .hint("give the whole value, and nothing around it"));
    }
    Ok(first.token)
}

/// What the Hub says of a token. No answer is an error: the user asked for one.
fn ask(token: &Token, (global, stop): (&Global, &Arc<AtomicBool>)) -> Result<Said, CommandError> {
    if let Some(why) = token.kind().unknown_to_whoami() {
        return Err(CommandError::new(why).hint("add it without `--verify`"));
    }
    let standing = Hub::of_environment(stop, global)?.standing(token)?;
    Cleaner::new().said(standing).map_err(|why| {
        CommandError::new(format!("the Hub could not be asked: {why}"))
            .hint("nothing was added: try again, or add it without `--verify`")
    })
}

/// Makes an identity of the token, or says more of the one that has it.
fn enter(desk: &Desk, arguments: &Add, entry: &Shown) -> Result<Identity, CommandError> {
    let owner = arguments.owner.as_deref();
    desk.ledger.change(|ledger| {
        let owner = owner.map(|name| owner::meant(desk, name)).transpose()?;
        let newcomers = owner::newcomers(&owner);
        let known = ledger.wait(ledger.store.holders(&[entry.fingerprint]))?.into_values().next();
        let mut events: Vec<_> = newcomers.iter().map(|(_, event)| event.clone()).collect();
        let mut identity = known.unwrap_or_else(|| {
            let (identity, discovered) = newcomer::shown(entry, &desk.author, desk.now);
            events.push(discovered);
            identity
        });
        events.extend(hear(&mut identity, entry, desk));
        let owner = owner.as_ref().map(|owner| owner.name.as_str());
        events.extend(say(&mut identity, (arguments, owner), desk)?);
        events.extend(desk.scales()?.weigh(&mut identity, &desk.author, desk.now));
        let changes = Changes {
            identities: vec![identity.clone()],
            owners: newcomers.iter().map(|(owner, _)| owner.clone()).collect(),
            events,
            ..Changes::default()
        };
        Ok((changes, identity))
    })
}

/// Takes down what the Hub said, if it was asked.
fn hear(identity: &mut Identity, entry: &Shown, desk: &Desk) -> Vec<Happening> {
    if entry.said == Said::Nothing {
        return Vec::new();
    }
    let testimony = Testimony { shown: Some(entry.clone()), ..Testimony::new(desk.now) };
    examine(identity, &testimony, None, &desk.author).unwrap_or_default()
}

/// What the user says of it.
fn say(
    identity: &mut Identity,
    (arguments, owner): (&Add, Option<&str>),
    desk: &Desk,
) -> Result<Vec<Happening>, CommandError> {
    let (author, now) = (&desk.author, desk.now);
    let mut events = Vec::new();
    if let Some(name) = &arguments.name {
        choice::unused(&desk.ledger, name, identity.id)?;
        events.extend(identity.rename(name.clone(), author, now));
    }
    if let Some(environment) = &arguments.environment {
        let environment = Some(environment.clone());
        let purpose = bearhug_core::identity::Purpose { environment, ..identity.purpose.clone() };
        events.extend(identity.describe(purpose, author, now));
    }
    if let Some(owner) = owner.filter(|owner| identity.ownership.owner.as_deref() != Some(*owner)) {
        let step = Move::Adopt { owner: owner.to_owned(), why: String::new() };
        events.push(desk.step(identity, step)?);
    }
    Ok(events)
}

/// Makes the token the current one of an identity. A rotation that nobody started starts and ends here.
fn replace(desk: &Desk, replaced: &str, entry: &Shown) -> Result<Identity, CommandError> {
    let id = choice::one(&desk.ledger, replaced)?.id;
    let edited = desk.edit(&[id], |identity| {
        let mut events = Vec::new();
        if matches!(identity.state, State::Adopted | State::Active) {
            let why = "a new token is there".to_owned();
            events.push(desk.step(identity, Move::StartRotation { why })?);
        }
        let step = Move::Replace { version: entry.version(desk.now), why: String::new() };
        events.push(desk.step(identity, step)?);
        events.extend(hear(identity, entry, desk));
        Ok(events)
    })?;
    words::say(
        "the old token lives on until it is revoked: `bearhug revoke` ends it and proves that",
    );
    let identity = edited.into_iter().next().map(|edited| edited.identity);
    identity.ok_or_else(|| CommandError::new(format!("`{replaced}` is no longer in the ledger")))
}
