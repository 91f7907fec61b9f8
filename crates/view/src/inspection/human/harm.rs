//! What somebody could do with a token, and how risky it is.

use std::io;

use bearhug_core::{
    impact::{Evidence, Impact},
    rights::Basis,
    risk::{Level, Risk},
};

use crate::{
    inspection::{Live, Private},
    sanitize::visible,
    sheet::Sheet,
    text::bar,
};

/// How many repositories are named.
const NAMES: usize = 5;

pub(super) fn blast_radius(sheet: &mut Sheet<'_>, live: &Live) -> io::Result<()> {
    let Sheet { ink, .. } = *sheet;
    sheet.gap()?;
    sheet.labelled("leak:", "Whoever gets hold of it can")?;
    for impact in Impact::ALL {
        let evidence = live.radius.evidence(impact);
        if evidence.is_empty() {
            sheet.painted(0, ink.faint, &format!("not {}", impact.title()))?;
            continue;
        }
        let is_critical = evidence.iter().any(Evidence::is_critical);
        sheet.painted(0, if is_critical { ink.alarm } else { ink.strong }, impact.title())?;
        let (guesses, facts): (Vec<_>, Vec<_>) = evidence.iter().partition(|e| is_guess(e));
        for evidence in facts.into_iter().chain(guesses) {
            sheet.nested(1, "", &visible(&told(evidence)))?;
        }
    }
    live.private.as_ref().map_or(Ok(()), |private| seen(sheet, private))
}

/// The private repositories that can be seen, the first of them by name.
fn seen(sheet: &mut Sheet<'_>, private: &Private) -> io::Result<()> {
    let n = private.names.len();
    let noun = if n == 1 { "private repository" } else { "private repositories" };
    let more = if private.is_complete { "" } else { ", perhaps more" };
    let end = if n == 0 { "." } else { ":" };
    sheet.nested(0, "", &format!("{n} {noun} can be seen{more}{end}"))?;
    for name in private.names.iter().take(NAMES) {
        sheet.nested(1, "", &visible(name))?;
    }
    match n.saturating_sub(NAMES) {
        0 => Ok(()),
        rest => sheet.nested(1, "", &format!("… and {rest} more (use --format json for all)")),
    }
}

/// Whether nothing is known of the permission but its name.
fn is_guess(evidence: &Evidence) -> bool {
    matches!(&evidence.by, Basis::Permission(permission) if permission.is_unknown())
}

fn told(evidence: &Evidence) -> String {
    let on: Vec<_> = evidence.on.iter().map(ToString::to_string).collect();
    let part = evidence.part.as_deref();
    let where_to = match on.join(", ") {
        all if all == "*" => part.unwrap_or("everywhere").to_owned(),
        on => part.map_or(on.clone(), |part| format!("{on}, {part}")),
    };
    match &evidence.by {
        Basis::Permission(permission) if is_guess(evidence) => {
            format!(
                "perhaps {}: {}, since nothing is known of {permission}",
                evidence.words,
                on.join(", ")
            )
        }
        Basis::Permission(permission) => format!("{}: {where_to} ({permission})", evidence.words),
        _ => format!("{}: {where_to}", evidence.words),
    }
}

pub(super) fn risk(sheet: &mut Sheet<'_>, risk: &Risk) -> io::Result<()> {
    let ink = sheet.ink;
    sheet.gap()?;
    let style = match risk.level() {
        Level::Critical | Level::High => ink.alarm,
        Level::Moderate => ink.doubt,
        Level::Low => ink.strong,
    };
    let line = format!("{style}{} of 100, {}{style:#}", risk.score(), risk.level().name());
    sheet.whole("risk:", &line)?;
    for part in &risk.parts {
        let head = format!(
            "{:10}  {}  {:>2}  ",
            part.factor.name(),
            bar(part.points, part.limit),
            part.points
        );
        sheet.nested(1, &head, &visible(&part.reason))?;
    }
    Ok(())
}
