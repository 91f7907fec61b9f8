//! `bearhug policy waive`, `unwaive` and `waivers`.

use std::collections::BTreeMap;

use bearhug_core::{
    Fingerprint,
    assess::assess,
    event::{EventKind, Happening},
    identity::{Identity, IdentityId},
    owner::Waiver,
};
use bearhug_ledger::Changes;
use bearhug_view::policy::{Held, Waivers};
use jiff::Timestamp;

use crate::{
    Exit, author,
    cli::{Global, PolicyUnwaive, PolicyWaive, PolicyWaivers, Shape, WhichLedger},
    commands::showing,
    config::{self, Config},
    error::CommandError,
    interrupt,
    ledger::Ledger,
    words,
};

pub(super) fn waive(arguments: &PolicyWaive, global: &Global) -> Result<Exit, CommandError> {
    let reason = words::without_token(arguments.reason.trim(), "the reason")?;
    let now = Timestamp::now();
    if reason.is_empty() {
        return Err(CommandError::new("a waiver needs a reason")
            .hint("say with `--reason` why the rule may be broken")
            .usage());
    }
    if arguments.until <= now {
        return Err(CommandError::new("that day is over")
            .hint("name with `--until` the last day on which the rule may be broken")
            .usage());
    }
    let (ledger, config) = open(&arguments.which, global)?;
    let by = author::name();
    let identity = ledger.change(|ledger| {
        let identity = find(ledger, &arguments.identity)?;
        let waiver = Waiver {
            rule: arguments.rule.key().to_owned(),
            identity: identity.id,
            reason: reason.to_owned(),
            by: by.clone(),
            given_at: now,
            until: arguments.until,
        };
        let changes = changes(ledger, &config, &identity, (waiver, "given"), now)?;
        Ok((changes, identity))
    })?;
    if !global.quiet {
        let (rule, until) = (arguments.rule, arguments.until);
        words::say(&format!("{rule} is waived for {} until {until}", identity.name));
    }
    Ok(Exit::Clean)
}

pub(super) fn unwaive(arguments: &PolicyUnwaive, global: &Global) -> Result<Exit, CommandError> {
    let (ledger, config) = open(&arguments.which, global)?;
    let now = Timestamp::now();
    let rule = arguments.rule.key();
    ledger.change(|ledger| {
        let identity = find(ledger, &arguments.identity)?;
        let given = ledger.wait(ledger.store.waivers())?.into_iter();
        let mut given = given.filter(|w| w.identity == identity.id && w.rule == rule);
        let waiver = given.find(|waiver| now < waiver.until).ok_or_else(|| {
            CommandError::new(format!("`{rule}` is not waived for {}", identity.name))
                .hint("`bearhug policy waivers` lists what is")
        })?;
        // Waivers stay on record. One that is withdrawn has ended.
        let ended = Waiver { until: now, ..waiver };
        Ok((changes(ledger, &config, &identity, (ended, "withdrawn"), now)?, ()))
    })?;
    if !global.quiet {
        words::say(&format!("{rule} is no longer waived"));
    }
    Ok(Exit::Clean)
}

pub(super) fn list(arguments: &PolicyWaivers, global: &Global) -> Result<Exit, CommandError> {
    let (ledger, _) = open(&arguments.which, global)?;
    let now = Timestamp::now();
    let mut names: BTreeMap<IdentityId, Option<String>> = BTreeMap::new();
    let mut waivers = Vec::new();
    for waiver in ledger.wait(ledger.store.waivers())? {
        let holds = now < waiver.until;
        if !holds && !arguments.all {
            continue;
        }
        let id = waiver.identity;
        if !names.contains_key(&id) {
            let identity = ledger.wait(ledger.store.identity(id))?;
            names.insert(id, identity.map(|identity| identity.name));
        }
        let name = names.get(&id).cloned().flatten();
        waivers.push(Held { waiver, name, holds });
    }
    let waivers = Waivers { waivers };
    showing::show(None, global, &mut |options, out| match arguments.format {
        Shape::Human => waivers.render(options, out),
        Shape::Json => waivers.render_json(out),
    })?;
    Ok(Exit::Clean)
}

fn open(which: &WhichLedger, global: &Global) -> Result<(Ledger, Config), CommandError> {
    let config = config::load(global)?;
    let stop = interrupt::flag()?;
    let ledger = Ledger::open(which, config.ledger.as_deref(), &stop)?;
    Ok((ledger, config))
}

/// The identity that the user means, by the start of its name or by one of its tokens.
fn find(ledger: &Ledger, named: &str) -> Result<Identity, CommandError> {
    let unknown = || {
        CommandError::new(format!("the ledger has no identity `{named}`"))
            .hint("`bearhug token list` names them all")
    };
    if let Ok(fingerprint) = named.parse::<Fingerprint>() {
        let holders = ledger.wait(ledger.store.holders(&[fingerprint]))?;
        return holders.into_values().next().ok_or_else(unknown);
    }
    match ledger.wait(ledger.store.identities_named(named))?.as_slice() {
        [id] => ledger.wait(ledger.store.identity(*id))?.ok_or_else(unknown),
        [] => Err(unknown()),
        _ => Err(CommandError::new(format!("`{named}` is the start of several names"))
            .hint("write more of it")
            .usage()),
    }
}

/// Records a waiver as it now is, and weighs its identity anew.
fn changes(
    ledger: &Ledger,
    config: &Config,
    identity: &Identity,
    (waiver, deed): (Waiver, &str),
    now: Timestamp,
) -> Result<Changes, CommandError> {
    let mut waivers = ledger.wait(ledger.store.waivers())?;
    waivers.retain(|other| other.identity != waiver.identity || other.rule != waiver.rule);
    waivers.push(waiver.clone());
    let assessment = assess(identity, &config.policy, &config.weights, &waivers, now);
    let details = [
        ("rule", waiver.rule.clone()),
        ("deed", deed.to_owned()),
        ("until", waiver.until.to_string()),
        ("why", waiver.reason.clone()),
    ];
    let event = Happening {
        at: now,
        kind: EventKind::Waived,
        actor: author::name(),
        identity: Some(identity.id),
        details: details.map(|(key, value)| (key.to_owned(), value)).into(),
    };
    Ok(Changes {
        identities: vec![Identity { assessment, updated_at: now, ..identity.clone() }],
        waivers: vec![waiver],
        events: vec![event],
        ..Changes::default()
    })
}
