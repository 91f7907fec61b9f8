//! Questions about events and their chain.

use bearhug_core::event::{Event, EventKind, Happening};
use sqlx::{Row as _, any::AnyRow};

use super::{
    conditions::Statement,
    cursor::{self, Cursor, Key},
};
use crate::{
    EventFilter, LedgerError, Page, Paged,
    chain::{Checkpoint, StoredEvent},
    database::{Database, Dialect},
    stored,
    write::Head,
};

const COLUMNS: &str = "seq, at, kind, actor, identity, details, hash";

const HEAD: &str = "SELECT seq, hash FROM chain";

const CHECKPOINTS: &str =
    "SELECT seq, hash, at, previous, key, signature FROM checkpoint ORDER BY seq";

const LAST_CHECKPOINT: &str =
    "SELECT seq, hash, at, previous, key, signature FROM checkpoint ORDER BY seq DESC LIMIT 1";

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
    let one_by_one = filter.kinds.iter().map(|kind| Some(*kind));
    let kinds: Vec<Option<EventKind>> =
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

fn narrow(statement: &mut Statement, filter: &EventFilter, kind: Option<EventKind>) {
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

/// The events after a place in the chain, in its order, as they are stored.
pub(crate) async fn chain(
    database: &Database,
    after: i64,
    limit: u32,
) -> Result<Vec<StoredEvent>, LedgerError> {
    let page = |mut statement: Statement, end: &str| {
        statement.and("seq > ?", [after.into()]);
        statement.push_with(end, [i64::from(limit).into()]);
        statement
    };
    match database.dialect {
        Dialect::Postgres => {
            let select = Statement::new(&format!("SELECT {COLUMNS} FROM event"));
            let rows = page(select, " ORDER BY seq LIMIT ?").rows(database).await?;
            rows.iter().map(stored_event).collect()
        }
        // One text for all of them: to hand each row from SQLite's thread to this one takes longer than
        // to read it.
        Dialect::Sqlite => {
            let select = Statement::new(&format!(
                "SELECT json_group_array(json_array({COLUMNS}) ORDER BY seq) \
                 FROM (SELECT {COLUMNS} FROM event"
            ));
            let rows = page(select, " ORDER BY seq LIMIT ?)").rows(database).await?;
            let text: &str = rows.first().map_or(Ok("[]"), |row| row.try_get(0))?;
            stored_events(text)
        }
    }
}

/// Where the chain ends.
pub(crate) async fn head(database: &Database) -> Result<Head, LedgerError> {
    let rows = Statement::new(HEAD).rows(database).await?;
    let row = rows.first().ok_or_else(|| LedgerError::Damaged("it has no chain".to_owned()))?;
    Head::from_row(row)
}

/// Every checkpoint, in the order of the chain.
pub(crate) async fn checkpoints(database: &Database) -> Result<Vec<Checkpoint>, LedgerError> {
    let rows = Statement::new(CHECKPOINTS).rows(database).await?;
    rows.iter().map(checkpoint).collect()
}

/// The checkpoint that came furthest.
pub(crate) async fn last_checkpoint(
    database: &Database,
) -> Result<Option<Checkpoint>, LedgerError> {
    let rows = Statement::new(LAST_CHECKPOINT).rows(database).await?;
    rows.first().map(checkpoint).transpose()
}

fn keys(row: &AnyRow) -> Result<(Key, Key), LedgerError> {
    Ok((Key::Number(row.try_get("at")?), Key::Number(row.try_get("seq")?)))
}

fn event(row: &AnyRow) -> Result<Event, LedgerError> {
    let name: String = row.try_get("kind")?;
    let kind = EventKind::ALL.iter().copied().find(|kind| kind.name() == name);
    let identity: Option<String> = row.try_get("identity")?;
    let details: String = row.try_get("details")?;
    Ok(Event {
        seq: stored::count(row.try_get("seq")?)?,
        happening: Happening {
            at: stored::time(row.try_get("at")?)?,
            kind: kind.ok_or_else(|| stored::damaged("a sort of event", &name))?,
            actor: row.try_get("actor")?,
            identity: identity.map(|id| stored::parsed(&id)).transpose()?,
            details: serde_json::from_str(&details)
                .map_err(|_| stored::damaged("a list of particulars", &details))?,
        },
        hash: stored::from_hex(row.try_get("hash")?)?,
    })
}

fn stored_event(row: &AnyRow) -> Result<StoredEvent, LedgerError> {
    Ok(StoredEvent {
        seq: row.try_get("seq")?,
        at: row.try_get("at")?,
        kind: row.try_get("kind")?,
        actor: row.try_get("actor")?,
        identity: row.try_get("identity")?,
        details: row.try_get("details")?,
        hash: row.try_get("hash")?,
    })
}

/// The [`COLUMNS`] of an event.
type Columns = (i64, i64, String, String, Option<String>, String, String);

fn stored_events(text: &str) -> Result<Vec<StoredEvent>, LedgerError> {
    let rows: Vec<Columns> = serde_json::from_str(text)
        .map_err(|error| LedgerError::Damaged(format!("events cannot be read: {error}")))?;
    let event = |(seq, at, kind, actor, identity, details, hash)| StoredEvent {
        seq,
        at,
        kind,
        actor,
        identity,
        details,
        hash,
    };
    Ok(rows.into_iter().map(event).collect())
}

/// A checkpoint, whatever somebody made of it. What is no number, time or hash was never signed, and
/// neither is what stands for it here: it is for the verifier to find.
fn checkpoint(row: &AnyRow) -> Result<Checkpoint, LedgerError> {
    let (hash, signature): (String, String) = (row.try_get("hash")?, row.try_get("signature")?);
    Ok(Checkpoint {
        seq: stored::count(row.try_get("seq")?).unwrap_or_default(),
        hash: stored::from_hex(&hash).unwrap_or_default(),
        at: stored::time(row.try_get("at")?).unwrap_or_default(),
        previous: stored::count(row.try_get("previous")?).unwrap_or_default(),
        key: row.try_get("key")?,
        signature: stored::bytes_from_hex(&signature).unwrap_or_default(),
    })
}
