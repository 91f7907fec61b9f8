//! Events for a person at a terminal.

use std::{collections::BTreeMap, io};

use bearhug_core::event::Event;

use super::Listing;
use crate::{Options, sanitize::visible, sheet::Sheet, text::thousands};

pub(super) fn render(
    listing: &Listing,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    if listing.events.is_empty() {
        return writeln!(sheet.out, "No events.");
    }
    for event in &listing.events {
        row(&mut sheet, event)?;
    }
    if let Some(next) = &listing.next {
        writeln!(sheet.out)?;
        sheet.whole("more:", &format!("--after {}", visible(next)))?;
    }
    Ok(())
}

fn row(sheet: &mut Sheet<'_>, event: &Event) -> io::Result<()> {
    let (ink, happening) = (sheet.ink, &event.happening);
    // Half of a name is enough to tell it and to ask for it, and leaves room for the rest.
    let identity = happening.identity.map_or_else(String::new, |id| format!("  {}", id.short()));
    writeln!(
        sheet.out,
        "{faint}{:>7}  {}{faint:#}  {strong}{}{strong:#}{identity}",
        thousands(event.seq),
        happening.at.strftime("%Y-%m-%d %H:%M:%SZ"),
        visible(happening.kind.name()),
        strong = ink.strong,
        faint = ink.faint,
    )?;
    let by = format!("by {}", visible(&happening.actor));
    match particulars(&happening.details) {
        details if details.is_empty() => sheet.nested(0, "", &by),
        details => sheet.nested(0, "", &format!("{by}; {}", visible(&details))),
    }
}

/// The particulars in one line: `from: active; to: revoked`.
pub(super) fn particulars(details: &BTreeMap<String, String>) -> String {
    let told: Vec<_> = details.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    told.join("; ")
}
