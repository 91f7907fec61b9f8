//! One identity for a person at a terminal.

use std::io;

use bearhug_core::{
    event::Event,
    grant::Grant,
    identity::{Criticality, Identity, Life, State},
    place::{Presence, Sighting},
    risk::{Keeping, Level},
};
use jiff::Timestamp;

use super::{
    Past, Portrait,
    human::{of_risk, state},
};
use crate::{
    Options,
    inspection::human::grant,
    policy::until,
    sanitize::visible,
    sheet::Sheet,
    text::{bar, count},
};

/// How many places and events are shown unless the user asks for all.
const FEW_PLACES: usize = 8;
const FEW_EVENTS: usize = 5;

pub(super) fn render(
    portrait: &Portrait,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    let (identity, now) = (&portrait.identity, portrait.now);
    head(&mut sheet, identity, now)?;
    ownership(&mut sheet, identity, now)?;
    purpose(&mut sheet, identity)?;
    standing(&mut sheet, identity, now)?;
    risk(&mut sheet, identity)?;
    to_do(&mut sheet, identity)?;
    breaches(&mut sheet, identity)?;
    places(&mut sheet, portrait, options.verbose)?;
    if let Some(granted) = &identity.standing.grant {
        allowed(&mut sheet, granted)?;
    }
    versions(&mut sheet, identity)?;
    let few = if options.verbose { usize::MAX } else { FEW_EVENTS };
    sheet.gap()?;
    for (at, event) in portrait.past.iter().take(few).enumerate() {
        line(&mut sheet, if at == 0 { "past:" } else { "" }, event)?;
    }
    next(&mut sheet, identity, now)
}

pub(super) fn past(past: &Past, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::new(options, out);
    for event in &past.events {
        line(&mut sheet, "", event)?;
    }
    match &past.next {
        Some(next) => writeln!(sheet.out, "There is more: add `--after {}`", visible(next)),
        None => Ok(()),
    }
}

fn head(sheet: &mut Sheet<'_>, identity: &Identity, now: Timestamp) -> io::Result<()> {
    let ink = sheet.ink;
    let (strong, faint) = (ink.strong, ink.faint);
    let (name, title) = (visible(&identity.name), identity.kind.title());
    writeln!(sheet.out, "{strong}{name}{strong:#}  {title}  {faint}{}{faint:#}", identity.id)?;
    let life = match identity.life(now) {
        _ if identity.versions.is_empty() => "it goes on in another, which its history names",
        Life::Alive => "alive, by the Hub's word",
        Life::Presumed => "taken to be alive: the Hub was not asked",
        Life::Dead => "dead",
    };
    sheet.labelled("life:", &format!("{}; {life}", state(identity)))
}

fn ownership(sheet: &mut Sheet<'_>, identity: &Identity, now: Timestamp) -> io::Result<()> {
    let ownership = &identity.ownership;
    let backup = ownership.backup.as_deref();
    let backup = backup.map_or_else(String::new, |name| format!(", or else {}", visible(name)));
    let attested = ownership.attested.as_ref().map_or_else(
        || "never confirmed".to_owned(),
        |attested| format!("confirmed {} by {}", ago(attested.at, now), visible(&attested.by)),
    );
    if let Some(owner) = ownership.owner.as_deref() {
        return sheet.labelled("who:", &format!("{}{backup}; {attested}", visible(owner)));
    }
    sheet.labelled("who:", "nobody")?;
    for suggestion in &ownership.suggestions {
        let (who, why) = (visible(&suggestion.owner), visible(&suggestion.evidence));
        sheet.nested(0, "perhaps ", &format!("{who}: {why}"))?;
    }
    Ok(())
}

fn purpose(sheet: &mut Sheet<'_>, identity: &Identity) -> io::Result<()> {
    let purpose = &identity.purpose;
    if let Some(words) = &purpose.description {
        sheet.labelled("for:", &visible(words))?;
    }
    let joined = |all: &std::collections::BTreeSet<String>| {
        all.iter().map(|text| visible(text).into_owned()).collect::<Vec<_>>().join(", ")
    };
    let facts = [
        purpose.environment.as_ref().map(|name| format!("used in {}", visible(name))),
        (purpose.criticality != Criticality::Unknown)
            .then(|| format!("criticality {}", purpose.criticality.name())),
        (!purpose.resources.is_empty()).then(|| format!("serves {}", joined(&purpose.resources))),
        (!purpose.tags.is_empty()).then(|| format!("tags {}", joined(&purpose.tags))),
    ];
    let facts: Vec<_> = facts.into_iter().flatten().collect();
    if !facts.is_empty() {
        sheet.labelled("use:", &facts.join("; "))?;
    }
    match &purpose.notes {
        Some(notes) => sheet.labelled("note:", &visible(notes)),
        None => Ok(()),
    }
}

fn standing(sheet: &mut Sheet<'_>, identity: &Identity, now: Timestamp) -> io::Result<()> {
    let standing = &identity.standing;
    if identity.versions.is_empty() {
        return Ok(());
    }
    let Some(asked_at) = standing.asked_at else {
        return sheet.labelled(
            "hub:",
            "not asked yet: `bearhug census`, or `bearhug scan --verify --record`",
        );
    };
    let dated = |what: &str, at: Option<Timestamp>| at.map(|at| format!("{what} {}", ago(at, now)));
    let facts = [
        Some(format!("{}, asked {}", standing.verdict.name(), ago(asked_at, now))),
        standing.missing_from.as_ref().map(|org| format!("{} no longer lists it", visible(org))),
        standing.account.as_ref().map(|account| format!("speaks for {}", visible(account))),
        identity.role().map(|role| format!("role {}", visible(role))),
        dated("made or rotated", identity.issued_at()),
        identity.expires_at().map(|at| format!("ends {}", date(at))),
        dated("last used", standing.last_used_at),
    ];
    sheet.labelled("hub:", &facts.into_iter().flatten().collect::<Vec<_>>().join("; "))
}

fn risk(sheet: &mut Sheet<'_>, identity: &Identity) -> io::Result<()> {
    sheet.gap()?;
    let score = identity.assessment.risk;
    let style = of_risk(sheet.ink, score);
    let level = Level::of(score).name();
    sheet.whole("risk:", &format!("{style}{score} of 100, {level}{style:#}"))?;
    for part in &identity.assessment.parts {
        let bar = bar(part.points, part.limit);
        let head = format!("{:11}  {bar}  {:>2}  ", visible(&part.factor), part.points);
        sheet.nested(1, &head, &visible(&part.reason))?;
    }
    Ok(())
}

fn to_do(sheet: &mut Sheet<'_>, identity: &Identity) -> io::Result<()> {
    if identity.assessment.to_do.is_empty() {
        return Ok(());
    }
    sheet.gap()?;
    for (at, task) in identity.assessment.to_do.iter().enumerate() {
        let label = if at == 0 { "do:" } else { "" };
        sheet.labelled(label, &format!("{}. {}", at + 1, visible(task)))?;
    }
    Ok(())
}

fn breaches(sheet: &mut Sheet<'_>, identity: &Identity) -> io::Result<()> {
    let (breaches, waived) = (&identity.assessment.breaches, &identity.assessment.waived);
    if breaches.is_empty() && waived.is_empty() {
        return Ok(());
    }
    sheet.gap()?;
    for (at, breach) in breaches.iter().enumerate() {
        let label = if at == 0 { "rule:" } else { "" };
        let (rule, mode) = (visible(&breach.rule), visible(&breach.mode));
        sheet.labelled(label, &format!("{rule} ({mode}): {}", visible(&breach.what)))?;
        sheet.nested(1, "fix: ", &visible(&breach.fix))?;
    }
    for waived in waived {
        let (rule, by) = (visible(&waived.breach.rule), visible(&waived.by));
        let (until, reason) = (until(waived.until), visible(&waived.reason));
        sheet.labelled("", &format!("{rule}: waived until {until} by {by}: {reason}"))?;
    }
    Ok(())
}

fn places(sheet: &mut Sheet<'_>, portrait: &Portrait, is_all: bool) -> io::Result<()> {
    sheet.gap()?;
    let places = &portrait.places;
    if places.is_empty() {
        return sheet.labelled("seen:", "in no scan that was recorded");
    }
    let shown = if is_all { places.len() } else { FEW_PLACES };
    let mut source = None;
    for (at, place) in places.iter().take(shown).enumerate() {
        if source != Some(&place.source) {
            let environment = place.environment.as_deref();
            let environment =
                environment.map_or_else(String::new, |name| format!(" ({})", visible(name)));
            let label = if at == 0 { "seen:" } else { "" };
            sheet.labelled(label, &format!("in {}{environment}", visible(&place.source)))?;
            source = Some(&place.source);
        }
        sheet.nested(1, "", &place_in_words(place))?;
    }
    match places.len().saturating_sub(shown) {
        0 if portrait.has_more_places => {
            sheet.labelled("", "… and in more places (`--format json` lists the first thousand)")
        }
        0 => Ok(()),
        more => {
            sheet.labelled("", &format!("… and in {} (-v shows them)", count(more, "more place")))
        }
    }
}

fn place_in_words(place: &Sighting) -> String {
    let line = place.line.map_or_else(String::new, |line| format!(":{line}"));
    let commit = place.commit.as_deref().map_or_else(String::new, |commit| {
        let by = place.author.as_deref().map_or_else(String::new, |by| format!(" by {by}"));
        format!(", commit {}{by}", commit.get(..10).unwrap_or(commit))
    });
    let (since, last) = (date(place.first_seen), date(place.last_seen));
    let presence = match place.presence {
        Presence::Present => format!("since {since}, last seen {last}"),
        Presence::InHistory => {
            format!("gone from the files, but its git history still has it; last seen {last}")
        }
        Presence::Gone { since } => format!("gone since {}", date(since)),
    };
    let text = format!("{}{line}: {presence}; {}{commit}", place.origin, kept(place.keeping));
    visible(&text).into_owned()
}

fn kept(keeping: Keeping) -> &'static str {
    match keeping {
        Keeping::Sealed => "in a keyring or a vault",
        Keeping::Environment => "in an environment",
        Keeping::PrivateFile => "in a file that its owner alone can read",
        Keeping::Untold => "how it is kept is not known",
        Keeping::SharedFile => "in a file that others can read",
        Keeping::Copied => "where copies are made",
    }
}

/// What it may do, beside what it was seen doing.
fn allowed(sheet: &mut Sheet<'_>, granted: &Grant) -> io::Result<()> {
    sheet.gap()?;
    sheet.labelled("role:", &visible(&grant::role(granted)))?;
    grant::organisations(sheet, &granted.orgs)?;
    grant::permissions(sheet, granted)?;
    sheet.labelled(
        "need:",
        "not known: nothing was seen of what it does. Say it, and `bearhug inspect --need \
         read:acme/model` names the least token for that",
    )
}

fn versions(sheet: &mut Sheet<'_>, identity: &Identity) -> io::Result<()> {
    sheet.gap()?;
    for (at, version) in identity.versions.iter().rev().enumerate() {
        let until = version
            .until
            .map_or_else(|| ", current".to_owned(), |until| format!(" until {}", date(until)));
        let last4 = version.last4.as_deref().filter(|_| version.fingerprint.is_some());
        let last4 = last4.map_or_else(String::new, |last4| format!(" …{}", visible(last4)));
        let label = visible(&version.label()).into_owned();
        let text = format!("{label}{last4}, known since {}{until}", date(version.since));
        sheet.labelled(if at == 0 { "ids:" } else { "" }, &text)?;
    }
    Ok(())
}

/// An event in a line: when, what, the particulars, and who.
fn line(sheet: &mut Sheet<'_>, label: &str, event: &Event) -> io::Result<()> {
    let happening = &event.happening;
    let details: Vec<_> =
        happening.details.iter().map(|(key, value)| format!("{key} {value}")).collect();
    let text = format!(
        "{}  {}  {}  by {}",
        happening.at.strftime("%Y-%m-%d %H:%MZ"),
        happening.kind.name(),
        details.join("; "),
        happening.actor,
    );
    sheet.labelled(label, &visible(&text))
}

/// What to type next.
fn next(sheet: &mut Sheet<'_>, identity: &Identity, now: Timestamp) -> io::Result<()> {
    let id = identity.id.short();
    let command = match (identity.state, identity.life(now)) {
        (State::Retired, _) => return Ok(()),
        (State::Discovered, Life::Alive | Life::Presumed) => {
            format!("bearhug token adopt {id} --owner NAME")
        }
        (_, Life::Dead) => format!("bearhug token retire {id} --reason TEXT"),
        (State::Rotating, _) => format!("bearhug token add - --replaces {id}"),
        _ => format!("bearhug token confirm {id}"),
    };
    sheet.gap()?;
    sheet.whole("next:", &command)
}

fn date(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn ago(at: Timestamp, now: Timestamp) -> String {
    match now.duration_since(at).as_hours() {
        ..1 => "just now".to_owned(),
        hours @ 1..48 => format!("{hours} hours ago"),
        hours => format!("{} days ago", hours / 24),
    }
}
