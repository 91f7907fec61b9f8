//! Identities and their events for spreadsheets.

use std::io;

use bearhug_core::{event::Event, identity::Identity};

use crate::csv::{cell, io_error};

const IDENTITY: [&str; 19] = [
    "id",
    "name",
    "kind",
    "state",
    "conditions",
    "risk",
    "owner",
    "backup_owner",
    "environment",
    "criticality",
    "account",
    "role",
    "verdict",
    "fingerprint",
    "last4",
    "places",
    "breaches",
    "tags",
    "to_do",
];

const EVENT: [&str; 5] = ["seq", "at", "kind", "actor", "details"];

pub(crate) fn list<'a>(
    identities: impl IntoIterator<Item = &'a Identity>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    write(&IDENTITY, identities.into_iter().map(|identity| row(identity).to_vec()), out)
}

pub(super) fn past(events: &[Event], out: &mut dyn io::Write) -> io::Result<()> {
    let row = |event: &Event| {
        let happening = &event.happening;
        let details = happening.details.iter().map(|(key, value)| format!("{key} {value}"));
        vec![
            event.seq.to_string(),
            happening.at.to_string(),
            happening.kind.name().to_owned(),
            happening.actor.clone(),
            details.collect::<Vec<_>>().join("; "),
        ]
    };
    write(&EVENT, events.iter().map(row), out)
}

pub(crate) fn write(
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(header).map_err(io_error)?;
    for row in rows {
        table.write_record(row.iter().map(|text| cell(text).into_owned())).map_err(io_error)?;
    }
    table.flush()
}

fn row(identity: &Identity) -> [String; IDENTITY.len()] {
    let or_none = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let joined = |texts: &mut dyn Iterator<Item = &str>| texts.collect::<Vec<_>>().join(" ");
    let current = identity.versions.last();
    let fingerprint = current.and_then(|version| version.fingerprint);
    let breaches = &identity.assessment.breaches;
    [
        identity.id.to_string(),
        identity.name.clone(),
        identity.kind.name().to_owned(),
        identity.state.name().to_owned(),
        joined(&mut identity.conditions.iter().map(|condition| condition.name())),
        identity.assessment.risk.to_string(),
        or_none(identity.ownership.owner.as_deref()),
        or_none(identity.ownership.backup.as_deref()),
        or_none(identity.purpose.environment.as_deref()),
        identity.purpose.criticality.name().to_owned(),
        or_none(identity.standing.account.as_deref()),
        or_none(identity.role()),
        identity.standing.verdict.name().to_owned(),
        fingerprint.map(|name| name.to_string()).unwrap_or_default(),
        or_none(current.and_then(|version| version.last4.as_deref())),
        identity.exposure.present.to_string(),
        joined(&mut breaches.iter().map(|breach| breach.rule.as_str())),
        joined(&mut identity.purpose.tags.iter().map(String::as_str)),
        or_none(identity.assessment.to_do.first().map(String::as_str)),
    ]
}
