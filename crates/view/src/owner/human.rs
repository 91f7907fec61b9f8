//! Owners for a person at a terminal.

use std::io;

use bearhug_core::owner::OwnerKind;

use super::{Holdings, Possessions, Rounds};
use crate::{
    Options,
    identity::human::table_of,
    sanitize::visible,
    sheet::Sheet,
    table::{self, Cell, Column},
    text::{count, wrap},
};

pub(super) fn holdings(
    holdings: &Holdings,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    let columns = [
        Column { title: "name", limit: 24 },
        Column { title: "kind", limit: 6 },
        Column { title: "owns", limit: 8 },
        Column { title: "backs", limit: 8 },
        Column { title: "risk", limit: 4 },
    ];
    let row = |holding: &super::Holding| {
        let kind = match holding.owner.kind {
            OwnerKind::Person => "person",
            OwnerKind::Team => "team",
        };
        let cells = vec![
            Cell::plain(visible(&holding.owner.name)),
            Cell::plain(kind),
            Cell::plain(holding.owns.to_string()),
            Cell::plain(holding.backs.to_string()),
            Cell::plain(holding.riskiest.map_or_else(|| "-".to_owned(), |risk| risk.to_string())),
        ];
        let aliases: Vec<_> = holding.owner.aliases.iter().map(String::as_str).collect();
        let left = holding.owner.left_at.map(|at| format!("left {}", at.strftime("%Y-%m-%d")));
        let notes: Vec<_> = left.into_iter().chain([aliases.join(", ")]).collect();
        (cells, visible(notes.join("; ").trim_end_matches("; ")).into_owned())
    };
    if !holdings.owners.is_empty() {
        let rows: Vec<_> = holdings.owners.iter().map(row).collect();
        table::write(&mut sheet, &columns, "also called", &rows)?;
        sheet.gap()?;
    }
    let owners = count(holdings.owners.len(), "owner");
    let orphans = count(holdings.orphans, "token");
    let text = match holdings.orphans {
        0 => format!("{owners}, and somebody answers for every token"),
        _ => format!(
            "{owners}, and nobody answers for {orphans}: `bearhug token list --no-owner` lists them"
        ),
    };
    paragraph(&mut sheet, &text)
}

fn paragraph(sheet: &mut Sheet<'_>, text: &str) -> io::Result<()> {
    for line in wrap(text, sheet.width) {
        writeln!(sheet.out, "{line}")?;
    }
    Ok(())
}

pub(super) fn possessions(
    held: &Possessions,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    let (strong, owner) = (sheet.ink.strong, &held.owner);
    let kind = if held.is_team { "team" } else { "person" };
    writeln!(sheet.out, "{strong}{}{strong:#}  {kind}", visible(&owner.name))?;
    if let Some(email) = &owner.email {
        sheet.labelled("mail:", &visible(email))?;
    }
    if !owner.aliases.is_empty() {
        let aliases: Vec<_> = owner.aliases.iter().map(String::as_str).collect();
        sheet.labelled("also:", &visible(&aliases.join(", ")))?;
    }
    if let Some(left_at) = owner.left_at {
        sheet.labelled("left:", &left_at.strftime("%Y-%m-%d").to_string())?;
    }
    for (title, identities) in [("answers for", &held.owned), ("is backup owner of", &held.backed)]
    {
        sheet.gap()?;
        writeln!(sheet.out, "{} {}", title, count(identities.len(), "token"))?;
        if !identities.is_empty() {
            table_of(&mut sheet, identities)?;
        }
    }
    Ok(())
}

pub(super) fn rounds(
    rounds: &Rounds,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    let columns = [
        Column { title: "owner", limit: 20 },
        Column { title: "id", limit: 11 },
        Column { title: "due", limit: 10 },
    ];
    let alarm = sheet.ink.alarm;
    let row = |due: &super::Due| {
        let is_over = due.is_over(rounds.now);
        let day = Cell::plain(due.at.strftime("%Y-%m-%d").to_string());
        let day = if is_over { Cell { style: alarm, ..day } } else { day };
        let cells =
            vec![Cell::plain(visible(due.owner())), Cell::plain(due.identity.id.short()), day];
        let word = if is_over { "overdue: " } else { "" };
        (cells, format!("{word}{}", visible(&due.identity.name)))
    };
    if !rounds.due.is_empty() {
        let rows: Vec<_> = rounds.due.iter().map(row).collect();
        table::write(&mut sheet, &columns, "name", &rows)?;
        sheet.gap()?;
    }
    let overdue = rounds.overdue();
    let soon = rounds.due.len() - overdue;
    let orphans = match rounds.orphans {
        0 => String::new(),
        orphans => format!(", and {orphans} that nobody can confirm"),
    };
    let text = format!(
        "every {} days: {overdue} overdue, {soon} due soon{orphans} · `bearhug token confirm ID` \
         confirms",
        rounds.days
    );
    paragraph(&mut sheet, &text)
}
