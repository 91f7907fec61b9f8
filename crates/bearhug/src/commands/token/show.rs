//! `bearhug token show` and `bearhug token history`.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{identity::Identity, place::Sighting};
use bearhug_ledger::{EventFilter, Page, SightingFilter};
use bearhug_view::identity::{Past, Portrait};

use super::choice;
use crate::{
    Exit,
    cli::{self, Global, Show},
    commands::showing,
    error::CommandError,
    ledger::Desk,
};

/// How many places are read. Beyond that their number says enough.
const PLACES: u32 = 1000;

/// How many events are shown to who wants more than the last few.
const EVENTS: u32 = 50;

pub(super) fn run(
    arguments: &Show,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let desk = Desk::existing(&arguments.ledger, global, stop)?;
    let portrait = portrait(&desk, choice::one(&desk.ledger, &arguments.id)?)?;
    let format = arguments.reporting.format.into();
    showing::show(arguments.reporting.output.as_deref(), global, &mut |options, out| {
        portrait.render(format, options, out)
    })?;
    Ok(Exit::Clean)
}

fn portrait(desk: &Desk, mut identity: Identity) -> Result<Portrait, CommandError> {
    // Time alone changes what an identity comes to: what was young is old.
    drop(desk.scales()?.weigh(&mut identity, &desk.author, desk.now));
    let store = &desk.ledger.store;
    let filter = SightingFilter { identity: Some(identity.id), ..SightingFilter::default() };
    let page = Page { limit: PLACES, after: None };
    let paged = desk.ledger.wait(store.sightings(&filter, &page))?;
    let mut places = paged.items;
    let rank = |place: &Sighting| (!place.presence.is_there(), place.source.clone());
    places.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.origin.cmp(&b.origin)));
    let filter = EventFilter { identity: Some(identity.id), ..EventFilter::default() };
    let past = desk.ledger.wait(store.events(&filter, &Page { limit: EVENTS, after: None }))?;
    let (past, now) = (past.items, desk.now);
    Ok(Portrait { identity, places, has_more_places: paged.next.is_some(), past, now })
}

pub(super) fn past(
    arguments: &cli::Past,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let desk = Desk::existing(&arguments.ledger, global, stop)?;
    let identity = choice::one(&desk.ledger, &arguments.id)?;
    let filter = EventFilter { identity: Some(identity.id), ..EventFilter::default() };
    let page = Page { limit: arguments.limit, after: arguments.after.clone() };
    let paged = desk.ledger.wait(desk.ledger.store.events(&filter, &page))?;
    let past = Past { events: paged.items, next: paged.next };
    let format = arguments.reporting.format.into();
    showing::show(arguments.reporting.output.as_deref(), global, &mut |options, out| {
        past.render(format, options, out)
    })?;
    Ok(Exit::Clean)
}
