//! `bearhug policy waive`, `unwaive` and `waivers`.

use std::collections::{BTreeMap, btree_map::Entry};

use bearhug_core::{
    event::{EventKind, Happening},
    identity::{Identity, IdentityId},
    owner::Waiver,
};
use bearhug_ledger::Changes;
use bearhug_view::policy::{self, Held, Waivers};
use jiff::Timestamp;

use crate::{
    Exit,
    cli::{Global, PolicyUnwaive, PolicyWaive, PolicyWaivers, Shape, WhichLedger},
    commands::{showing, token::choice},
    error::CommandError,
    interrupt,
    ledger::Desk,
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
    let desk = open(&arguments.which, global)?;
    let name = desk.ledger.change(|ledger| {
        let identity = choice::one(ledger, &arguments.identity)?;
        let name = identity.name.clone();
        let waiver = Waiver {
            rule: arguments.rule.key().to_owned(),
            identity: identity.id,
            reason: reason.to_owned(),
            by: desk.author.name.clone(),
            given_at: desk.now,
            until: arguments.until,
        };
        Ok((changes(&desk, identity, (waiver, "given"))?, name))
    })?;
    if !global.quiet {
        let (rule, until) = (arguments.rule, policy::until(arguments.until));
        words::say(&format!("{rule} is waived for {name} until {until}"));
    }
    Ok(Exit::Clean)
}

pub(super) fn unwaive(arguments: &PolicyUnwaive, global: &Global) -> Result<Exit, CommandError> {
    let desk = open(&arguments.which, global)?;
    let (rule, now) = (arguments.rule.key(), desk.now);
    desk.ledger.change(|ledger| {
        let identity = choice::one(ledger, &arguments.identity)?;
        let given = ledger.wait(ledger.store.waivers())?.into_iter();
        let mut given = given.filter(|w| w.identity == identity.id && w.rule == rule);
        let waiver = given.find(|waiver| now < waiver.until).ok_or_else(|| {
            CommandError::new(format!("`{rule}` is not waived for {}", identity.name))
                .hint("`bearhug policy waivers` lists what is")
        })?;
        // Waivers stay on record. One that is withdrawn has ended.
        let ended = Waiver { until: now, ..waiver };
        Ok((changes(&desk, identity, (ended, "withdrawn"))?, ()))
    })?;
    if !global.quiet {
        words::say(&format!("{rule} is no longer waived"));
    }
    Ok(Exit::Clean)
}

pub(super) fn list(arguments: &PolicyWaivers, global: &Global) -> Result<Exit, CommandError> {
    let Desk { ledger, now, .. } = open(&arguments.which, global)?;
    let mut names: BTreeMap<IdentityId, Option<String>> = BTreeMap::new();
    let mut waivers = Vec::new();
    for waiver in ledger.wait(ledger.store.waivers())? {
        let holds = now < waiver.until;
        if !holds && !arguments.all {
            continue;
        }
        let name = match names.entry(waiver.identity) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(unknown) => {
                let identity = ledger.wait(ledger.store.identity(waiver.identity))?;
                unknown.insert(identity.map(|identity| identity.name)).clone()
            }
        };
        waivers.push(Held { waiver, name, holds });
    }
    let waivers = Waivers { waivers };
    showing::show(None, global, &mut |options, out| match arguments.format {
        Shape::Human => waivers.render(options, out),
        Shape::Json => waivers.render_json(out),
    })?;
    Ok(Exit::Clean)
}

fn open(which: &WhichLedger, global: &Global) -> Result<Desk, CommandError> {
    Desk::existing(which, global, &interrupt::flag()?)
}

/// Records a waiver as it now is, and weighs its identity anew.
fn changes(
    desk: &Desk,
    mut identity: Identity,
    (waiver, deed): (Waiver, &str),
) -> Result<Changes, CommandError> {
    let Desk { author, now, .. } = desk;
    let mut scales = desk.scales()?;
    scales.waivers.retain(|w| (w.identity, &w.rule) != (waiver.identity, &waiver.rule));
    scales.waivers.push(waiver.clone());
    let details = [
        ("rule", waiver.rule.clone()),
        ("deed", deed.to_owned()),
        ("until", waiver.until.to_string()),
        ("why", waiver.reason.clone()),
    ];
    let waived = Happening {
        at: *now,
        kind: EventKind::Waived,
        actor: author.name.clone(),
        identity: Some(identity.id),
        details: details.map(|(key, value)| (key.to_owned(), value)).into(),
    };
    let judged = scales.weigh(&mut identity, author, *now);
    Ok(Changes {
        identities: vec![identity],
        waivers: vec![waiver],
        events: [waived].into_iter().chain(judged).collect(),
        ..Changes::default()
    })
}
