//! A census for a person at a terminal.

use std::io;

use super::{Census, Change, words};
use crate::{Options, sanitize::visible, sheet::Sheet, text::count};

/// How many of each sort are shown unless the user asks for all.
const SHOWN: usize = 20;

pub(super) fn render(
    census: &Census,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    let limit = if options.verbose { usize::MAX } else { SHOWN };
    for one in census.changes.iter().take(limit) {
        change(&mut sheet, one)?;
    }
    more(&mut sheet, census.changes.len(), limit)?;
    strangers(&mut sheet, census, limit)?;
    doubts(&mut sheet, census, limit)?;
    left(&mut sheet, census)?;
    for gap in &census.gaps {
        let words = format!("{}: {}.", gap.what, gap.why.trim_end_matches('.'));
        sheet.labelled("gap:", &visible(&words))?;
    }
    summary(&mut sheet, census)
}

fn change(sheet: &mut Sheet<'_>, change: &Change) -> io::Result<()> {
    let ink = sheet.ink;
    writeln!(
        sheet.out,
        "{strong}{}{strong:#}  {}  risk {}  {faint}{}{faint:#}",
        visible(&change.name),
        visible(&change.token),
        change.risk,
        change.id,
        strong = ink.strong,
        faint = ink.faint,
    )?;
    for (matters, phrase) in words::told(&change.events) {
        let head = if matters { "! " } else { "  " };
        let style = if matters { ink.doubt } else { ink.faint };
        sheet.row(0, style, head, &visible(&phrase))?;
    }
    Ok(())
}

fn more(sheet: &mut Sheet<'_>, all: usize, limit: usize) -> io::Result<()> {
    match all.saturating_sub(limit) {
        0 => Ok(()),
        more => {
            sheet.labelled("", &format!("… and {more} more (-v shows them, --format json too)"))
        }
    }
}

fn strangers(sheet: &mut Sheet<'_>, census: &Census, limit: usize) -> io::Result<()> {
    if census.strangers.is_empty() {
        return Ok(());
    }
    let said = format!(
        "{} not in the ledger; `--adopt` takes them in:",
        count(census.strangers.len(), "token")
    );
    sheet.labelled("new:", &said)?;
    for one in census.strangers.iter().take(limit) {
        let account = one.account.as_deref().unwrap_or("somebody");
        let role = one.role.as_deref().map_or_else(String::new, |role| format!(", {role}"));
        let words = format!("{}  {account}{role}, {}", one.token, one.place);
        sheet.nested(1, "", &visible(&words))?;
    }
    more(sheet, census.strangers.len(), limit)
}

fn doubts(sheet: &mut Sheet<'_>, census: &Census, limit: usize) -> io::Result<()> {
    for doubt in census.doubts.iter().take(limit) {
        let ids: Vec<_> = doubt.candidates.iter().map(ToString::to_string).collect();
        let words = format!(
            "{} of `{}` may be {}: {}.",
            doubt.token,
            doubt.organisation,
            ids.join(" or "),
            doubt.why
        );
        sheet.labelled("same?", &visible(&words))?;
    }
    more(sheet, census.doubts.len(), limit)
}

fn left(sheet: &mut Sheet<'_>, census: &Census) -> io::Result<()> {
    for one in &census.left {
        let holds = match one.identities {
            1 => "1 identity speaks".to_owned(),
            n => format!("{n} identities speak"),
        };
        let words =
            format!("`{}` is no longer in `{}`; {holds} for it.", one.account, one.organisation);
        sheet.labelled("left:", &visible(&words))?;
        if let Some(owner) = &one.owner {
            sheet.whole("next:", &visible(&format!("bearhug owner offboard {owner}")))?;
        }
    }
    Ok(())
}

fn summary(sheet: &mut Sheet<'_>, census: &Census) -> io::Result<()> {
    let asked: Vec<_> =
        census.answered.iter().map(|(what, number)| format!("{what} ({number})")).collect();
    let asked = if asked.is_empty() { "nothing".to_owned() } else { asked.join(", ") };
    sheet.labelled("from:", &visible(&asked))?;
    let verb = if census.is_plan { "would change" } else { "changed" };
    let identities = match census.changes.len() {
        1 => "1 identity".to_owned(),
        n => format!("{n} identities"),
    };
    let aged = match census.reassessed {
        0 => String::new(),
        n => format!(", {n} weighed anew"),
    };
    let cut = if census.interrupted { " It was interrupted: the rest was not asked." } else { "" };
    let words = format!("{identities} {verb}, {} as they were{aged}.{cut}", census.unchanged);
    sheet.labelled("sum:", &words)
}
