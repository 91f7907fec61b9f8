//! Questions about events.

use bearhug_core::event::{Event, EventKind, Happening};
use sqlx::{Row as _, any::AnyRow};

use super::{
    conditions::Statement,
    cursor::{self, Cursor, Key},
};
use crate::{EventFilter, LedgerError, Page, Paged, database::Database, stored};

const COLUMNS: &str = "seq, at, kind, actor, identity, details, hash";

/// A page of events by their times. Those of one moment come in the order of the chain.
pub(crate) async fn page(
    database: &Database,
    filter: &EventFilter,
    page: &Page,
) -> Result<Paged<Event>, LedgerError> {
    let (order, direction) =
        if filter.oldest_first { ("oldest", "ASC") } else { ("latest", "DESC") };
    let limit = cursor::limit(page);
    let mut statement = Statement::new(&format!("SELECT {COLUMNS} FROM ("));
    // Several kinds are several walks along an index, of a page each, and not one through everything.
    let one_by_one = filter.kinds.iter().map(Some);
    let kinds: Vec<Option<&EventKind>> =
        if filter.kinds.is_empty() { vec![None] } else { one_by_one.collect() };
    for (index, kind) in kinds.into_iter().enumerate() {
        statement.push(if index == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
        statement.push(&format!("SELECT {COLUMNS} FROM event"));
        statement.restart();
        narrow(&mut statement, filter, kind);
        if let Some([at, seq]) = Cursor::of(page, order)? {
            let beyond = if filter.oldest_first { ">" } else { "<" };
            statement.and(&format!("(at, seq) {beyond} (?, ?)"), [at, seq]);
        }
        let sort = format!(" ORDER BY at {direction}, seq {direction} LIMIT ?) AS one_kind");
        statement.push_with(&sort, [limit.into()]);
    }
    let sort = format!(") AS kinds ORDER BY at {direction}, seq {direction} LIMIT ?");
    statement.push_with(&sort, [limit.into()]);
    cursor::paged(statement.rows(database).await?, page, order, keys, |row| event(&row))
}

fn narrow(statement: &mut Statement, filter: &EventFilter, kind: Option<&EventKind>) {
    if let Some(kind) = kind {
        statement.and("kind = ?", [kind.name().to_owned().into()]);
    }
    if let Some(identity) = filter.identity {
        statement.and("identity = ?", [identity.to_string().into()]);
    }
    if let Some(actor) = &filter.actor {
        statement.and("actor = ?", [stored::key(actor).into()]);
    }
    if let Some(since) = filter.since {
        statement.and("at >= ?", [stored::micros(since).into()]);
    }
    if let Some(until) = filter.until {
        statement.and("at < ?", [stored::micros(until).into()]);
    }
}

fn keys(row: &AnyRow) -> Result<(Key, Key), LedgerError> {
    Ok((Key::Number(row.try_get("at")?), Key::Number(row.try_get("seq")?)))
}

fn event(row: &AnyRow) -> Result<Event, LedgerError> {
    let name: String = row.try_get("kind")?;
    let identity: Option<String> = row.try_get("identity")?;
    let details: String = row.try_get("details")?;
    Ok(Event {
        seq: stored::count(row.try_get("seq")?)?,
        happening: Happening {
            at: stored::time(row.try_get("at")?)?,
            kind: EventKind::named(&name),
            actor: row.try_get("actor")?,
            identity: identity.map(|id| stored::parsed(&id)).transpose()?,
            details: serde_json::from_str(&details)
                .map_err(|_| stored::damaged("a list of particulars", &details))?,
        },
        hash: stored::from_hex(row.try_get("hash")?)?,
    })
}
