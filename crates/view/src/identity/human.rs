//! A list of identities for a person at a terminal.

use std::io;

use anstyle::Style;
use bearhug_core::{identity::Identity, risk::Level};

use super::Listing;
use crate::{
    Options,
    sanitize::visible,
    sheet::Sheet,
    table::{self, Cell, Column},
    terminal::Ink,
    text::count,
};

/// The columns from which there is room for the environment, and for the owner.
const WITH_ENVIRONMENT: usize = 90;
const WITH_OWNER: usize = 66;

pub(super) fn list(
    listing: &Listing,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    if listing.identities.is_empty() {
        return nothing(&mut sheet, listing);
    }
    let (has_owner, has_environment) = (sheet.width >= WITH_OWNER, sheet.width >= WITH_ENVIRONMENT);
    let all = [
        (true, Column { title: "risk", limit: 4 }),
        (true, Column { title: "id", limit: 14 }),
        (true, Column { title: "name", limit: 18 }),
        (true, Column { title: "state", limit: 22 }),
        (has_owner, Column { title: "owner", limit: 16 }),
        (has_environment, Column { title: "env", limit: 11 }),
    ];
    let is_shown = all.each_ref().map(|(is_shown, _)| *is_shown);
    let columns: Vec<_> =
        all.into_iter().filter(|(is_shown, _)| *is_shown).map(|(_, column)| column).collect();
    let rows: Vec<_> = listing
        .identities
        .iter()
        .map(|identity| {
            let cells = cells(identity, sheet.ink).into_iter().zip(is_shown);
            let cells = cells.filter(|(_, is_shown)| *is_shown).map(|(cell, _)| cell).collect();
            (cells, to_do(identity))
        })
        .collect();
    table::write(&mut sheet, &columns, "what to do", &rows)?;
    summary(&mut sheet, listing)
}

fn cells(identity: &Identity, ink: Ink) -> [Cell; 6] {
    let owner = match identity.ownership.owner.as_deref() {
        Some(owner) => Cell::plain(visible(owner)),
        None => Cell { text: "nobody".to_owned(), style: ink.doubt },
    };
    [
        Cell {
            text: format!("{:>4}", identity.assessment.risk),
            style: of_risk(ink, identity.assessment.risk),
        },
        Cell::plain(identity.id.short()),
        Cell { text: visible(&identity.name).into_owned(), style: ink.strong },
        Cell::plain(state(identity)),
        owner,
        Cell::plain(visible(identity.purpose.environment.as_deref().unwrap_or("-"))),
    ]
}

/// The style of a risk. The number says the same without colour.
pub(super) fn of_risk(ink: Ink, risk: u8) -> Style {
    match Level::of(risk) {
        Level::Critical | Level::High => ink.alarm,
        Level::Moderate => ink.doubt,
        Level::Low => ink.strong,
    }
}

/// The state, and what is wrong beside it.
pub(super) fn state(identity: &Identity) -> String {
    let conditions = identity.conditions.iter().map(|condition| condition.name());
    let all: Vec<_> = std::iter::once(identity.state.name()).chain(conditions).collect();
    all.join(", ")
}

/// The first thing to do.
fn to_do(identity: &Identity) -> String {
    let first = identity.assessment.to_do.first().map_or("nothing", String::as_str);
    visible(first).into_owned()
}

fn nothing(sheet: &mut Sheet<'_>, listing: &Listing) -> io::Result<()> {
    let text = if listing.is_filtered {
        "No token matches. `bearhug token list --all` lists every one."
    } else {
        "No token needs anything. `bearhug scan . --record` finds tokens and keeps them, and \
         `bearhug token list --all` lists every one."
    };
    for line in crate::text::wrap(text, sheet.width) {
        writeln!(sheet.out, "{line}")?;
    }
    Ok(())
}

fn summary(sheet: &mut Sheet<'_>, listing: &Listing) -> io::Result<()> {
    let strong = sheet.ink.strong;
    let tokens = count(listing.identities.len(), "token");
    sheet.gap()?;
    match &listing.next {
        Some(next) => writeln!(
            sheet.out,
            "{strong}{tokens}{strong:#}, and there are more: add `--after {}`",
            visible(next)
        ),
        None => {
            writeln!(sheet.out, "{strong}{tokens}{strong:#} · `bearhug token show ID` says why")
        }
    }
}
