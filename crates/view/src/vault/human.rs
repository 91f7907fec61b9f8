//! The vault for a person at a terminal.

use std::io;

use super::{Checked, Condition, Entry, Listing};
use crate::{
    Options,
    sanitize::visible,
    sheet::Sheet,
    table::{self, Cell, Column},
    text::{count, wrap},
};

pub(super) fn render(
    listing: &Listing,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    let is_checked = listing.entries.iter().any(|entry| entry.checked.is_some());
    let second = if is_checked { "state" } else { "added" };
    let columns = [
        Column { title: "name", limit: 24 },
        Column { title: second, limit: 10 },
        Column { title: "token", limit: 24 },
    ];
    let alarm = sheet.ink.alarm;
    let row = |entry: &Entry| {
        let second = match &entry.checked {
            Some(Checked { condition, .. }) => {
                let cell = Cell::plain(condition.name());
                let is_well = matches!(condition, Condition::Live(_) | Condition::Unasked(_));
                if is_well { cell } else { Cell { style: alarm, ..cell } }
            }
            None if is_checked => Cell::plain("-"),
            None => Cell::plain(entry.added_at.strftime("%Y-%m-%d").to_string()),
        };
        let cells =
            vec![Cell::plain(visible(&entry.name)), second, Cell::plain(entry.redacted.clone())];
        (cells, place(entry))
    };
    if !listing.entries.is_empty() {
        let rows: Vec<_> = listing.entries.iter().map(row).collect();
        table::write(&mut sheet, &columns, "where", &rows)?;
        sheet.gap()?;
    }
    let (tokens, path) = (count(listing.entries.len(), "token"), visible(&listing.path));
    let text = format!("{tokens} in {path}, whose key comes from: {}", listing.key);
    for line in wrap(&text, sheet.width) {
        writeln!(sheet.out, "{line}")?;
    }
    Ok(())
}

/// Where a token is, and what is to be said of it.
fn place(entry: &Entry) -> String {
    let place = entry.reference.as_deref().unwrap_or("sealed");
    let Some(Checked { replaced_by, condition }) = &entry.checked else {
        return visible(place).into_owned();
    };
    let detail = match condition {
        Condition::Live(account) => format!("; speaks for {account}"),
        other => format!("; {}", other.detail()),
    };
    let replaced = match replaced_by {
        Some(_) => "; another token than before is there",
        None => "",
    };
    visible(&format!("{place}{replaced}{detail}")).into_owned()
}
