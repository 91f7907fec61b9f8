//! A proof for a person at a terminal.

use std::io;

use anstyle::Style;
use bearhug_core::revocation::{Check, Ending, Namesake, Outcome, Standing};

use super::Proof;
use crate::{
    Options,
    sanitize::visible,
    sheet::Sheet,
    text::{count, duration},
    words::advice,
};

/// How many tokens that are out of use are shown unless the user asks for all.
const SHOWN: usize = 20;

/// Up to how many tokens the Hub's ids for the requests about each are shown without being asked for.
const FEW: usize = 5;

pub(super) fn render(proof: &Proof, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    let limit = if options.verbose { usize::MAX } else { SHOWN };
    let with_ids = options.verbose || proof.endings.len() <= FEW;
    // What failed is always shown, and comes last, where it is seen.
    let (done, open): (Vec<_>, Vec<_>) = proof.endings.iter().partition(|ending| {
        ending.outcome.is_success() || matches!(ending.outcome, Outcome::Planned)
    });
    for ending in done.iter().take(limit) {
        token(&mut sheet, ending, with_ids)?;
    }
    if let more @ 1.. = done.len().saturating_sub(limit) {
        sheet.labelled("", &format!("… and {more} more (-v shows them, --format json too)"))?;
    }
    for ending in open {
        token(&mut sheet, ending, with_ids)?;
    }
    writeln!(sheet.out)?;
    summary(&mut sheet, proof)
}

fn token(sheet: &mut Sheet<'_>, ending: &Ending, with_ids: bool) -> io::Result<()> {
    let ink = sheet.ink;
    let (style, words): (Style, _) = match &ending.outcome {
        Outcome::Planned => (ink.strong, "would be revoked"),
        Outcome::Revoked => (ink.strong, "revoked"),
        Outcome::CutOff => (ink.strong, "cut off"),
        Outcome::AlreadyGone => (ink.strong, "already gone"),
        Outcome::StillAlive => (ink.alarm, "STILL ALIVE"),
        Outcome::Unproven(_) => (ink.doubt, "not proved"),
        Outcome::NotSent(_) => (ink.alarm, "NOT REVOKED"),
    };
    writeln!(
        sheet.out,
        "{strong}{}{strong:#}  {}  {style}{words}{style:#}  {faint}{}{faint:#}",
        visible(&ending.redacted),
        ending.kind.title(),
        ending.fingerprint,
        strong = ink.strong,
        faint = ink.faint,
    )?;
    if let Some(check) = &ending.before {
        sheet.labelled("was:", &visible(&told(check)))?;
    }
    if let Some(check) = &ending.after {
        let within = ending.proved_within.map_or(String::new(), |time| {
            format!(", no later than {} after the revocation", duration(time))
        });
        sheet.labelled("now:", &visible(&format!("{}{within}", told(check))))?;
    }
    if let Some(reason) = ending.outcome.reason() {
        sheet.labelled("why:", &visible(&format!("{reason}.")))?;
    }
    if with_ids {
        request_ids(sheet, ending)?;
    }
    for (i, namesake) in ending.namesakes.iter().enumerate() {
        sheet.labelled(if i == 0 { "which:" } else { "" }, &visible(&listed(namesake)))?;
    }
    if matches!(ending.outcome, Outcome::StillAlive | Outcome::NotSent(_)) {
        sheet.labelled("next:", advice(ending.kind))?;
    }
    Ok(())
}

/// What the Hub's staff find the requests by: lines that are there to be copied.
fn request_ids(sheet: &mut Sheet<'_>, ending: &Ending) -> io::Result<()> {
    let of = |check: &Option<Check>| check.as_ref().and_then(|check| check.request_id.clone());
    let requests = [
        ("asked", of(&ending.before)),
        ("revoked", ending.revoked_by.clone()),
        ("asked", of(&ending.after)),
    ];
    let mut label = "ids:";
    for (what, id) in requests {
        if let Some(id) = id {
            sheet.whole(label, &format!("{what:<7}  {}", visible(&id)))?;
            label = "";
        }
    }
    Ok(())
}

fn told(check: &Check) -> String {
    match (&check.standing, &check.account) {
        (Standing::Alive, Some(account)) => format!("alive, {account}'s"),
        (Standing::Alive, None) => "alive".to_owned(),
        (Standing::CutOff, _) => "cut off from the organisation, and alive elsewhere".to_owned(),
        (Standing::Unknown, _) => "dead: the Hub does not know it".to_owned(),
        (Standing::Expired, _) => "dead: it has expired".to_owned(),
        (Standing::Untold(reason), _) => format!("not known: {reason}"),
    }
}

fn listed(namesake: &Namesake) -> String {
    let day = |at: &jiff::Timestamp| at.strftime("%Y-%m-%d").to_string();
    let facts = [
        namesake.owner.clone(),
        namesake.display_name.as_ref().map(|name| format!("`{name}`")),
        namesake.created_at.as_ref().map(|at| format!("made {}", day(at))),
        namesake.last_used_at.as_ref().map(|at| format!("used {}", day(at))),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    format!("{}  {}", namesake.id, facts.join(", "))
}

fn summary(sheet: &mut Sheet<'_>, proof: &Proof) -> io::Result<()> {
    let (all, succeeded) = (proof.endings.len(), proof.succeeded());
    let place = match &proof.organisation {
        Some(org) => format!(" for {}", visible(org)),
        None => String::new(),
    };
    if proof.is_plan {
        writeln!(
            sheet.out,
            "{} would be revoked{place} at {}. Nothing was done.",
            count(all, "token"),
            visible(&proof.endpoint)
        )?;
    } else {
        let slowest = proof.slowest().map_or(String::new(), |time| {
            format!(", the last no later than {} after its revocation", duration(time))
        });
        let of_all = count(all, "token");
        writeln!(
            sheet.out,
            "{succeeded} of {of_all} out of use{place} by the Hub's word{slowest}."
        )?;
    }
    if proof.interrupted {
        writeln!(sheet.out, "Interrupted: tokens that are not proved dead may be alive.")?;
    }
    writeln!(sheet.out, "\nWhat a revocation does not end:")?;
    proof.remnants().iter().try_for_each(|words| sheet.nested(0, "- ", words))
}
