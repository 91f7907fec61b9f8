//! Sightings and clearances.

use std::collections::BTreeSet;

use bearhug_core::Fingerprint;
use serde::Serialize;
use sqlx::Row as _;

use super::rows::Rows;
use crate::{Clearance, LedgerError, Presence, Sighting, database::Writing, stored};

const UPSERT: &str = include_str!("../sql/upsert_sighting.sql");

const INSERT_SOURCE: &str = "
INSERT INTO source (id, name)
SELECT e.value ->> 'id', e.value ->> 'name' FROM {rows}
WHERE true
ON CONFLICT (id) DO NOTHING
";

const KNOWN: &str = "
SELECT v.fingerprint
FROM {rows}
JOIN version v ON v.fingerprint = e.value ->> 'id'
";

/// What was seen at or after the beginning of the look is still there.
const CLEAR: &str = "
UPDATE sighting SET presence = 'gone', looked_at = $2
WHERE source = $1 AND last_seen < $2 AND presence <> 'gone'
";

/// A sighting as a row. The identity is looked up, for the token says whose it is.
#[derive(Serialize)]
struct SightingRow<'a> {
    place: &'a str,
    fingerprint: String,
    source: String,
    origin: String,
    path: Option<String>,
    line: Option<i64>,
    commit_id: Option<String>,
    author: Option<String>,
    keeping: String,
    environment: Option<String>,
    presence: &'static str,
    looked_at: i64,
    first_seen: i64,
    last_seen: i64,
}

/// What a statement finds rows by.
#[derive(Serialize)]
struct IdRow {
    id: String,
    name: String,
}

/// Writes sightings. What is known of a place is brought together with what is new.
pub(super) async fn write(
    writing: &mut Writing,
    sightings: &[Sighting],
) -> Result<(), LedgerError> {
    check_known(writing, sightings).await?;
    let sources: BTreeSet<&str> = sightings.iter().map(|s| s.source.as_str()).collect();
    let sources =
        sources.iter().map(|name| IdRow { id: source_id(name), name: stored::text(name) });
    Rows::of(sources)?.run(writing, INSERT_SOURCE).await?;

    // By place, so that neighbours in its index are written together: it does not fit into memory.
    let mut placed: Vec<_> = sightings.iter().map(|sighting| (place(sighting), sighting)).collect();
    placed.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut rows = Rows::default();
    let mut last = "";
    for (place, sighting) in &placed {
        // PostgreSQL refuses a statement that meets one place twice, so the second goes into the next.
        if place == last {
            rows.cut();
        }
        rows.push(&row(sighting, place))?;
        last = place;
    }
    rows.run(writing, UPSERT).await
}

/// Marks as gone what a look through a whole source did not find again.
pub(super) async fn clear(
    writing: &mut Writing,
    clearances: &[Clearance],
) -> Result<(), LedgerError> {
    for clearance in clearances {
        let clear = sqlx::query(CLEAR)
            .bind(source_id(&clearance.source))
            .bind(stored::micros(clearance.at));
        clear.execute(writing.connection()).await?;
    }
    Ok(())
}

/// Fails if a token belongs to no identity.
async fn check_known(writing: &mut Writing, sightings: &[Sighting]) -> Result<(), LedgerError> {
    let mut unknown: BTreeSet<Fingerprint> = sightings.iter().map(|s| s.fingerprint).collect();
    let asked = unknown.iter().map(|name| IdRow { id: name.to_string(), name: String::new() });
    for rows in Rows::of(asked)?.finish() {
        let statement = writing.say(KNOWN);
        for row in sqlx::query(statement).bind(rows).fetch_all(writing.connection()).await? {
            let known: String = row.try_get(0)?;
            let known: Fingerprint = stored::parsed(&known)?;
            unknown.remove(&known);
        }
    }
    unknown.pop_first().map_or(Ok(()), |fingerprint| Err(LedgerError::Unknown(fingerprint)))
}

/// The name of a source in the database.
pub(crate) fn source_id(name: &str) -> String {
    stored::name_of(&[&stored::text(name)])
}

/// The name of a place in the database.
fn place(sighting: &Sighting) -> String {
    let fingerprint = sighting.fingerprint.to_string();
    stored::name_of(&[
        &fingerprint,
        &stored::text(&sighting.source),
        &stored::text(&sighting.origin),
    ])
}

fn row<'a>(sighting: &Sighting, place: &'a str) -> SightingRow<'a> {
    let (presence, looked_at) = match sighting.presence {
        Presence::Present => ("present", sighting.last_seen),
        Presence::InHistory => ("in_history", sighting.last_seen),
        Presence::Gone { since } => ("gone", since),
    };
    SightingRow {
        place,
        fingerprint: sighting.fingerprint.to_string(),
        source: source_id(&sighting.source),
        origin: stored::text(&sighting.origin),
        path: sighting.path.as_deref().map(stored::text),
        line: sighting.line.map(stored::number),
        commit_id: sighting.commit.as_deref().map(stored::text),
        author: sighting.author.as_deref().map(stored::text),
        keeping: stored::word(sighting.keeping),
        environment: sighting.environment.as_deref().map(stored::text),
        presence,
        looked_at: stored::micros(looked_at),
        first_seen: stored::micros(sighting.first_seen),
        last_seen: stored::micros(sighting.last_seen),
    }
}
