//! The chain of events as it is stored, whatever somebody made of it.

use sqlx::{Row as _, any::AnyRow};

use super::{
    conditions::Statement,
    raw::{column, text},
};
use crate::{
    LedgerError,
    chain::{Checkpoint, StoredEvent},
    database::{Database, Dialect},
    stored,
    write::Head,
};

const COLUMNS: &str = "seq, at, kind, actor, identity, details, hash";

const HEAD: &str = "SELECT seq, hash FROM chain";

const LAST_CHECKPOINT: &str = " ORDER BY seq DESC LIMIT 1";

/// The events after a place in the chain, in its order, as they are stored.
pub(crate) async fn chain(
    database: &Database,
    after: i64,
    limit: u32,
) -> Result<Vec<StoredEvent>, LedgerError> {
    if database.dialect == Dialect::Sqlite {
        match in_one_text(database, after, limit).await {
            // Something in it is no text or no JSON. Row by row it is found what.
            Err(LedgerError::Damaged(_)) => {}
            events => return events,
        }
    }
    let texts = ["kind", "actor", "identity", "details", "hash"];
    let texts = texts.map(|name| column(database.dialect, name)).join(", ");
    let mut statement = Statement::new(&format!("SELECT seq, at, {texts} FROM event"));
    statement.and("seq > ?", [after.into()]);
    statement.push_with(" ORDER BY seq LIMIT ?", [i64::from(limit).into()]);
    let rows = statement.rows(database).await?;
    rows.iter().map(|row| stored_event(database.dialect, row)).collect()
}

/// All of them as one text: to hand each row from SQLite's thread to this one takes longer than to read it.
async fn in_one_text(
    database: &Database,
    after: i64,
    limit: u32,
) -> Result<Vec<StoredEvent>, LedgerError> {
    let mut statement = Statement::new(&format!(
        "SELECT json_group_array(json_array({COLUMNS}) ORDER BY seq) FROM (SELECT {COLUMNS} FROM event"
    ));
    statement.and("seq > ?", [after.into()]);
    statement.push_with(" ORDER BY seq LIMIT ?)", [i64::from(limit).into()]);
    let rows = statement.rows(database).await?;
    stored_events(rows.first().map_or(Ok("[]"), |row| row.try_get(0))?)
}

/// Where the chain ends.
pub(crate) async fn head(database: &Database) -> Result<Head, LedgerError> {
    let rows = Statement::new(HEAD).rows(database).await?;
    let row = rows.first().ok_or_else(|| LedgerError::Damaged("it has no chain".to_owned()))?;
    Head::from_row(row)
}

/// Every checkpoint from a place in the chain on, in its order.
pub(crate) async fn checkpoints(
    database: &Database,
    from: u64,
) -> Result<Vec<Checkpoint>, LedgerError> {
    let mut statement = checkpoint_columns(database.dialect);
    statement.and("seq >= ?", [stored::number(from).into()]);
    statement.push(" ORDER BY seq");
    let rows = statement.rows(database).await?;
    rows.iter().map(|row| checkpoint(database.dialect, row)).collect()
}

/// The last checkpoint up to a place in the chain.
pub(crate) async fn last_checkpoint(
    database: &Database,
    until: u64,
) -> Result<Option<Checkpoint>, LedgerError> {
    let mut statement = checkpoint_columns(database.dialect);
    statement.and("seq <= ?", [stored::number(until).into()]);
    statement.push(LAST_CHECKPOINT);
    let rows = statement.rows(database).await?;
    rows.first().map(|row| checkpoint(database.dialect, row)).transpose()
}

fn checkpoint_columns(dialect: Dialect) -> Statement {
    let texts = ["hash", "key", "signature"].map(|name| column(dialect, name)).join(", ");
    Statement::new(&format!("SELECT seq, at, previous, {texts} FROM checkpoint"))
}

/// An event as it is stored. If one of its texts is none, no hash fits it, as if its particulars were none.
fn stored_event(dialect: Dialect, row: &AnyRow) -> Result<StoredEvent, LedgerError> {
    let hash = text(dialect, row, "hash")?.unwrap_or_default();
    let (seq, at) = (row.try_get("seq")?, row.try_get("at")?);
    let of_none = StoredEvent { seq, at, hash: hash.unwrap_or_default(), ..StoredEvent::default() };
    let [kind, actor, identity, details] =
        ["kind", "actor", "identity", "details"].map(|name| text(dialect, row, name));
    Ok(match (kind?, actor?, identity?, details?) {
        (Ok(kind), Ok(actor), Ok(identity), Ok(details)) => StoredEvent {
            kind: kind.unwrap_or_default(),
            actor: actor.unwrap_or_default(),
            identity,
            details: details.unwrap_or_default(),
            ..of_none
        },
        _ => of_none,
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
fn checkpoint(dialect: Dialect, row: &AnyRow) -> Result<Checkpoint, LedgerError> {
    let told = |name| -> Result<String, LedgerError> {
        Ok(text(dialect, row, name)?.unwrap_or_default().unwrap_or_default())
    };
    Ok(Checkpoint {
        seq: stored::count(row.try_get("seq")?).unwrap_or_default(),
        hash: stored::from_hex(&told("hash")?).unwrap_or_default(),
        at: stored::time(row.try_get("at")?).unwrap_or_default(),
        previous: stored::count(row.try_get("previous")?).unwrap_or_default(),
        key: told("key")?,
        signature: stored::bytes_from_hex(&told("signature")?).unwrap_or_default(),
    })
}
