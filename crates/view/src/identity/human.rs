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
    text::{count, wrap},
};

/// The columns of a list. Those that do not fit a narrow terminal are the last ones.
const COLUMNS: [Column; 6] = [
    Column { title: "risk", limit: 4 },
    Column { title: "id", limit: 11 },
    Column { title: "name", limit: 16 },
    Column { title: "state", limit: 12 },
    Column { title: "owner", limit: 12 },
    Column { title: "env", limit: 11 },
];

pub(super) fn list(
    listing: &Listing,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    if listing.identities.is_empty() {
        return nothing(&mut sheet, listing);
    }
    table_of(&mut sheet, &listing.identities)?;
    summary(&mut sheet, listing)
}

/// A table of identities. What is to be done about each stands under it in full, since the command in it
/// is there to be copied.
pub(crate) fn table_of(sheet: &mut Sheet<'_>, identities: &[Identity]) -> io::Result<()> {
    let ink = sheet.ink;
    let row = |identity: &Identity| (cells(identity, ink).into(), to_do(identity));
    let rows: Vec<_> = identities.iter().map(row).collect();
    table::with_notes(sheet, &COLUMNS, &rows)
}

fn cells(identity: &Identity, ink: Ink) -> [Cell; COLUMNS.len()] {
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

/// The first thing to do, if there is any.
fn to_do(identity: &Identity) -> String {
    let first = identity.assessment.to_do.first().map_or("", String::as_str);
    visible(first).into_owned()
}

fn nothing(sheet: &mut Sheet<'_>, listing: &Listing) -> io::Result<()> {
    let text = if listing.is_filtered {
        "No token matches. `bearhug token list --all` lists every one."
    } else {
        "No token needs anything. `bearhug scan . --record` finds tokens and keeps them, and \
         `bearhug token list --all` lists every one."
    };
    for line in wrap(text, sheet.width) {
        writeln!(sheet.out, "{line}")?;
    }
    Ok(())
}

fn summary(sheet: &mut Sheet<'_>, listing: &Listing) -> io::Result<()> {
    let tokens = count(listing.identities.len(), "token");
    sheet.gap()?;
    let text = match &listing.next {
        Some(next) => format!("{tokens}, and there are more: add `--after {}`", visible(next)),
        None => format!("{tokens} · `bearhug token show ID` says why"),
    };
    for line in wrap(&text, sheet.width) {
        writeln!(sheet.out, "{line}")?;
    }
    Ok(())
}
