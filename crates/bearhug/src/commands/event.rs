//! `bearhug event`.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_ledger::{EventFilter, Page, chain::Sealing};
use bearhug_view::{
    chain::Verified,
    events::{Export, Listing},
};

use super::{showing, token};
use crate::{
    Exit,
    cli::{
        self, EventCommand, EventFiltering, Global, ListEvents, SealEvents, Shape, VerifyEvents,
        WhichLedger, Wording,
    },
    error::CommandError,
    interrupt,
    ledger::Ledger,
    words,
};

mod export;

pub(crate) fn run(arguments: &cli::Event, global: &Global) -> Result<Exit, CommandError> {
    let stop = interrupt::flag()?;
    match &arguments.command {
        EventCommand::List(arguments) => list(arguments, global, &stop),
        EventCommand::Export(arguments) => export::run(arguments, global, &stop),
        EventCommand::Verify(arguments) => verify(arguments, global, &stop),
        EventCommand::Seal(arguments) => seal(arguments, global, &stop),
    }
}

fn open(
    which: &WhichLedger,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Ledger, CommandError> {
    super::ledger::existing(which, global, stop)
}

fn list(
    arguments: &ListEvents,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let ledger = open(&arguments.ledger, global, stop)?;
    let filter = filter(&arguments.filtering, &ledger)?;
    let page = Page { limit: arguments.limit, after: arguments.after.clone() };
    let paged = ledger.wait(ledger.store.events(&filter, &page))?;
    let listing = Listing { events: paged.items, next: paged.next };
    showing::show(
        arguments.output.as_deref(),
        global,
        &mut |options, out| match arguments.format {
            Wording::Human => listing.render(options, out),
            Wording::Json => listing.render_json(out),
            Wording::Jsonl => {
                listing.events.iter().try_for_each(|event| Export::Jsonl.write(event, out))
            }
        },
    )?;
    Ok(Exit::Clean)
}

/// The events that the user means.
fn filter(filtering: &EventFiltering, ledger: &Ledger) -> Result<EventFilter, CommandError> {
    let named = filtering.identity.as_deref();
    let identity = named.map(|text| token::choice::one(ledger, text)).transpose()?;
    Ok(EventFilter {
        kinds: filtering.kind.iter().cloned().collect(),
        identity: identity.map(|identity| identity.id),
        actor: filtering.actor.clone(),
        since: filtering.since,
        until: filtering.until,
        oldest_first: false,
    })
}

fn verify(
    arguments: &VerifyEvents,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let ledger = open(&arguments.ledger, global, stop)?;
    let witness = ledger.witness()?;
    let mut trusted = arguments.key.clone();
    trusted.extend(witness.key()?);
    let verification = ledger.wait(ledger.store.verify(witness.anchor()?, &trusted))?;
    let verified = Verified {
        ledger: ledger.store.address(),
        trusted: trusted.iter().map(ToString::to_string).collect(),
        verification,
    };
    showing::show(None, global, &mut |options, out| match arguments.format {
        Shape::Human => verified.render(options, out),
        Shape::Json => verified.render_json(out),
    })?;
    Ok(if verified.verification.is_sound() { Exit::Clean } else { Exit::Findings })
}

fn seal(
    arguments: &SealEvents,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let ledger = open(&arguments.ledger, global, stop)?;
    match ledger.seal()? {
        Sealing::Sealed { until } => {
            words::say(&format!("this computer vouches for all events up to {until}"));
            Ok(Exit::Clean)
        }
        Sealing::Empty => {
            words::say("nothing has happened yet");
            Ok(Exit::Clean)
        }
        Sealing::Broken(faults) => {
            for fault in &faults {
                words::say(&fault.to_string());
            }
            words::say("this computer does not vouch for that: `bearhug event verify` tells more");
            Ok(Exit::Findings)
        }
    }
}
