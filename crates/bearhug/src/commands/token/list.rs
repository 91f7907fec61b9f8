//! `bearhug token list`.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::identity::State;
use bearhug_ledger::{Filter, Order, Page};
use bearhug_view::identity::Listing;

use super::filter;
use crate::{
    Exit,
    cli::{Global, List},
    commands::showing,
    error::CommandError,
    ledger::Desk,
};

pub(super) fn run(
    arguments: &List,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let desk = Desk::existing(&arguments.ledger, global, stop)?;
    let asked = filter::of(&arguments.filtering)?;
    let is_filtered = asked != Filter::default();
    let filter = if arguments.all || is_filtered { asked } else { living() };
    let page = Page { limit: arguments.limit, after: arguments.after.clone() };
    let order = Order::from(arguments.sort);
    let paged = desk.ledger.wait(desk.ledger.store.identities(&filter, order, &page))?;
    let listing = Listing {
        identities: paged.items,
        next: paged.next,
        is_filtered: is_filtered || arguments.after.is_some(),
        now: desk.now,
    };
    let format = arguments.reporting.format.into();
    showing::show(arguments.reporting.output.as_deref(), global, &mut |options, out| {
        listing.render(format, options, out)
    })?;
    Ok(Exit::Clean)
}

/// What is not over yet.
fn living() -> Filter {
    let is_over = |state: &State| matches!(state, State::Revoked | State::Retired);
    let states = State::ALL.into_iter().filter(|state| !is_over(state)).collect();
    Filter { states, ..Filter::default() }
}
