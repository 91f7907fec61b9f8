//! Questions about sightings.

use sqlx::{Row as _, any::AnyRow};

use super::{
    conditions::Statement,
    cursor::{self, Cursor, Key},
};
use crate::{
    LedgerError, Page, Paged, Presence, Sighting, SightingFilter, database::Database, stored, write,
};

/// What cursors of sightings are marked with.
const ORDER: &str = "sightings";

const SELECT: &str = "
SELECT
    s.id, s.fingerprint, s.identity, n.name AS source, s.origin, s.path, s.line, s.commit_id,
    s.author, s.keeping, s.environment, s.presence, s.looked_at, s.first_seen, s.last_seen
FROM sighting s
JOIN source n ON n.id = s.source";

/// A page of sightings, the latest first.
pub(crate) async fn page(
    database: &Database,
    filter: &SightingFilter,
    page: &Page,
) -> Result<Paged<Sighting>, LedgerError> {
    let mut statement = Statement::new(SELECT);
    narrow(&mut statement, filter);
    if let Some(after) = Cursor::of(page, ORDER)? {
        statement.and("(s.last_seen, s.id) < (?, ?)", after);
    }
    let limit = cursor::limit(page).into();
    statement.push_with(" ORDER BY s.last_seen DESC, s.id DESC LIMIT ?", [limit]);
    let rows = statement.rows(database).await?;
    cursor::paged(rows, page, ORDER, keys, |row| sighting(&row))
}

fn narrow(statement: &mut Statement, filter: &SightingFilter) {
    if let Some(identity) = filter.identity {
        statement.and("s.identity = ?", [identity.to_string().into()]);
    }
    if let Some(fingerprint) = filter.fingerprint {
        let name = fingerprint.to_string();
        // A token's sightings are among those of its identity, which there is an index of.
        statement.and(
            "s.identity = (SELECT v.identity FROM version v WHERE v.fingerprint = ?)",
            [name.clone().into()],
        );
        statement.and("s.fingerprint = ?", [name.into()]);
    }
    if let Some(source) = &filter.source {
        statement.and("s.source = ?", [write::source_id(source).into()]);
    }
    if filter.present {
        statement.and("s.presence <> 'gone'", []);
    }
}

fn keys(row: &AnyRow) -> Result<(Key, Key), LedgerError> {
    Ok((Key::Number(row.try_get("last_seen")?), Key::Number(row.try_get("id")?)))
}

fn sighting(row: &AnyRow) -> Result<Sighting, LedgerError> {
    let line: Option<i64> = row.try_get("line")?;
    let presence: String = row.try_get("presence")?;
    Ok(Sighting {
        fingerprint: stored::parsed(row.try_get("fingerprint")?)?,
        identity: stored::parsed(row.try_get("identity")?)?,
        source: row.try_get("source")?,
        origin: row.try_get("origin")?,
        path: row.try_get("path")?,
        line: line.map(stored::count).transpose()?,
        commit: row.try_get("commit_id")?,
        author: row.try_get("author")?,
        keeping: stored::from_word(row.try_get("keeping")?)?,
        environment: row.try_get("environment")?,
        presence: match presence.as_str() {
            "present" => Presence::Present,
            "in_history" => Presence::InHistory,
            _ => Presence::Gone { since: stored::time(row.try_get("looked_at")?)? },
        },
        first_seen: stored::time(row.try_get("first_seen")?)?,
        last_seen: stored::time(row.try_get("last_seen")?)?,
    })
}
