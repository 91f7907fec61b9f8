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

/// How wide a terminal must be for a column to fit beside what is to be done.
const WITH_STATE: usize = 54;
const WITH_NAME: usize = 68;
const WITH_OWNER: usize = 82;
const WITH_ENVIRONMENT: usize = 98;

pub(super) fn list(
    listing: &Listing,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    if listing.identities.is_empty() {
        return nothing(&mut sheet, listing);
    }
    let (columns, rows) = rows(&sheet, &listing.identities);
    table_of(&mut sheet, &columns, &rows)?;
    summary(&mut sheet, listing)
}

/// A row: its cells, and what comes last.
pub(crate) type Row = (Vec<Cell>, String);

/// The columns that fit, and a row for each identity.
pub(crate) fn rows(sheet: &Sheet<'_>, identities: &[Identity]) -> (Vec<Column>, Vec<Row>) {
    let width = sheet.width;
    let all = [
        (0, Column { title: "risk", limit: 4 }),
        (0, Column { title: "id", limit: 11 }),
        (WITH_NAME, Column { title: "name", limit: 16 }),
        (WITH_STATE, Column { title: "state", limit: 12 }),
        (WITH_OWNER, Column { title: "owner", limit: 12 }),
        (WITH_ENVIRONMENT, Column { title: "env", limit: 11 }),
    ];
    let is_shown = all.each_ref().map(|(least, _)| width >= *least);
    let shown = all.into_iter().zip(is_shown).filter(|(_, is_shown)| *is_shown);
    let columns = shown.map(|((_, column), _)| column).collect();
    let row = |identity: &Identity| {
        let cells = cells(identity, sheet.ink).into_iter().zip(is_shown);
        let cells = cells.filter(|(_, is_shown)| *is_shown).map(|(cell, _)| cell).collect();
        (cells, to_do(identity))
    };
    (columns, identities.iter().map(row).collect())
}

/// A table of identities.
pub(crate) fn table_of(sheet: &mut Sheet<'_>, columns: &[Column], rows: &[Row]) -> io::Result<()> {
    table::write(sheet, columns, "what to do", rows)
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
