//! `bearhug token add`.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{
    Kind, Token, Told, Verdict,
    event::{EventKind, Happening},
    identity::{Identity, IdentityId, Standing, State, Version},
    lifecycle::{Author, Discovery, Move},
};
use bearhug_ledger::Changes;
use jiff::Timestamp;

use super::choice;
use crate::{
    Exit,
    cli::{Add, Global},
    commands::owner,
    error::CommandError,
    hub::{self, Hub},
    interrupt,
    ledger::Desk,
    tokens, words,
};

/// A token that is to enter the ledger. Its value stays behind.
struct Entry {
    version: Version,
    kind: Kind,
    redacted: String,
    /// What the Hub said, if it was asked.
    standing: Option<Standing>,
}

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
    let standing = arguments.verify.then(|| ask(&token, (global, stop), desk.now)).transpose()?;
    let version = Version {
        fingerprint: Some(token.fingerprint()),
        hub_id: None,
        last4: Some(token.last4()),
        since: desk.now,
        until: None,
    };
    let entry = Entry { version, kind: token.kind(), redacted: token.redacted(), standing };
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
fn ask(
    token: &Token,
    (global, stop): (&Global, &Arc<AtomicBool>),
    now: Timestamp,
) -> Result<Standing, CommandError> {
    if let Some(why) = token.kind().unknown_to_whoami() {
        return Err(CommandError::new(why).hint("add it without `--verify`"));
    }
    let hub = Hub::of_environment(stop, global)?;
    let asked = Standing { asked_at: Some(now), ..Standing::default() };
    match hub.standing(token)? {
        hub::Standing::Live(whoami) => {
            let grant = whoami.grant.clone();
            let (verdict, Told { account, role, .. }) = Told::of(&grant);
            Ok(Standing { verdict, account, role, grant: Some(grant), ..asked })
        }
        hub::Standing::Dead(_) => Ok(Standing { verdict: Verdict::Inactive, ..asked }),
        hub::Standing::Unanswered(why) => {
            Err(CommandError::new(format!("the Hub could not be asked: {why}"))
                .hint("nothing was added: try again, or add it without `--verify`"))
        }
    }
}

/// Makes an identity of the token, or says more of the one that has it.
fn enter(desk: &Desk, arguments: &Add, entry: &Entry) -> Result<Identity, CommandError> {
    let owner = arguments.owner.as_deref();
    let fingerprints: Vec<_> = entry.version.fingerprint.into_iter().collect();
    desk.ledger.change(|ledger| {
        let owner = owner.map(|name| owner::meant(desk, name)).transpose()?;
        let newcomers = owner::newcomers(&owner);
        let known = ledger.wait(ledger.store.holders(&fingerprints))?.into_values().next();
        let mut events: Vec<_> = newcomers.iter().map(|(_, event)| event.clone()).collect();
        let mut identity = known.unwrap_or_else(|| {
            let (identity, discovered) = discover(entry, &desk.author, desk.now);
            events.push(discovered);
            identity
        });
        let is_current = identity.versions.last().map(|version| version.fingerprint)
            == Some(entry.version.fingerprint);
        if is_current {
            events.extend(hear(&mut identity, entry, (&desk.author, desk.now)));
        }
        let owner = owner.as_ref().map(|owner| owner.name.as_str());
        events.extend(say(&mut identity, (arguments, owner), desk)?);
        events.extend(desk.scales.weigh(&mut identity, &desk.author, desk.now));
        let changes = Changes {
            identities: vec![identity.clone()],
            owners: newcomers.iter().map(|(owner, _)| owner.clone()).collect(),
            events,
            ..Changes::default()
        };
        Ok((changes, identity))
    })
}

fn discover(entry: &Entry, author: &Author, now: Timestamp) -> (Identity, Happening) {
    let Entry { version, kind, redacted, .. } = entry;
    let first = version.fingerprint;
    let found = Discovery {
        id: first.map_or_else(|| IdentityId::of_listed("", "", redacted), IdentityId::of_token),
        name: redacted.clone(),
        kind: *kind,
        version: version.clone(),
    };
    Identity::discover(found, author, now)
}

/// Takes over what the Hub said of the current token.
fn hear(
    identity: &mut Identity,
    entry: &Entry,
    (author, now): (&Author, Timestamp),
) -> Vec<Happening> {
    let Some(standing) = &entry.standing else { return Vec::new() };
    let before = std::mem::replace(&mut identity.standing, standing.clone());
    let mut details = BTreeMap::new();
    for (key, was, is) in [
        ("verdict", Some(before.verdict.name()), Some(standing.verdict.name())),
        ("account", before.account.as_deref(), standing.account.as_deref()),
        ("role", before.role.as_deref(), standing.role.as_deref()),
    ] {
        if was != is {
            let word = |text: Option<&str>| text.unwrap_or("nothing").to_owned();
            details.insert(key.to_owned(), format!("{} → {}", word(was), word(is)));
        }
    }
    let mut events = Vec::new();
    if !details.is_empty() {
        events.push(Happening {
            at: now,
            kind: EventKind::Drifted,
            actor: author.name.clone(),
            identity: Some(identity.id),
            details,
        });
    }
    let is_over = matches!(identity.state, State::Revoked | State::Retired);
    if standing.verdict.is_dead() && !is_over {
        let why = format!("the Hub says that it is {}", standing.verdict.name());
        events.extend(identity.apply(Move::Revoke { why }, author, now));
        identity.standing.verdict = standing.verdict;
    }
    events
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
fn replace(desk: &Desk, replaced: &str, entry: &Entry) -> Result<Identity, CommandError> {
    let id = choice::one(&desk.ledger, replaced)?.id;
    let (author, now) = (&desk.author, desk.now);
    let edited = desk.edit(&[id], |identity| {
        let mut events = Vec::new();
        if matches!(identity.state, State::Adopted | State::Active) {
            let why = "a new token is there".to_owned();
            events.push(desk.step(identity, Move::StartRotation { why })?);
        }
        let step = Move::Replace { version: entry.version.clone(), why: String::new() };
        events.push(desk.step(identity, step)?);
        events.extend(hear(identity, entry, (author, now)));
        Ok(events)
    })?;
    words::say(
        "the old token lives on until it is revoked: `bearhug revoke` ends it and proves that",
    );
    let identity = edited.into_iter().next().map(|edited| edited.identity);
    identity.ok_or_else(|| CommandError::new(format!("`{replaced}` is no longer in the ledger")))
}
