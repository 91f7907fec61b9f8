//! Events: appended, and linked to the one before.

use bearhug_core::event::Happening;
use serde::Serialize;
use sqlx::Row as _;

use super::rows::Rows;
use crate::{
    LedgerError,
    chain::{self, Checkpoint},
    database::Writing,
    stored,
};

const TAKE_HEAD: &str = "SELECT seq, hash FROM chain {for update}";

const INSERT: &str = "
INSERT INTO event (seq, at, kind, actor, identity, details, hash)
SELECT
    CAST(e.value ->> 'seq' AS BIGINT),
    CAST(e.value ->> 'at' AS BIGINT),
    e.value ->> 'kind',
    e.value ->> 'actor',
    e.value ->> 'identity',
    e.value ->> 'details',
    e.value ->> 'hash'
FROM {rows}
";

const MOVE_HEAD: &str = "UPDATE chain SET seq = $1, hash = $2";

const ADD_CHECKPOINT: &str = "
INSERT INTO checkpoint (seq, hash, at, previous, key, signature)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
";

/// Where the chain ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    /// The last event, 0 if there is none.
    pub(crate) seq: u64,
    /// Its hash.
    pub(crate) hash: [u8; 32],
}

impl Head {
    /// The head as it is stored.
    pub(crate) fn from_row(row: &sqlx::any::AnyRow) -> Result<Self, LedgerError> {
        let hash: String = row.try_get("hash")?;
        Ok(Self { seq: stored::count(row.try_get("seq")?)?, hash: stored::from_hex(&hash)? })
    }
}

/// An event as a row.
#[derive(Serialize)]
struct EventRow<'a> {
    seq: i64,
    at: i64,
    kind: &'a str,
    actor: &'a str,
    identity: Option<String>,
    details: String,
    hash: String,
}

/// Waits for other writers and keeps them waiting.
pub(crate) async fn take_head(writing: &mut Writing) -> Result<Head, LedgerError> {
    let statement = writing.say(TAKE_HEAD);
    let row = sqlx::query(statement).fetch_optional(writing.connection()).await?;
    Head::from_row(&row.ok_or_else(|| LedgerError::Damaged("it has no chain".to_owned()))?)
}

/// Appends events in order.
pub(super) async fn append(
    writing: &mut Writing,
    mut head: Head,
    events: &[Happening],
) -> Result<(), LedgerError> {
    if events.is_empty() {
        return Ok(());
    }
    let mut rows = Rows::default();
    for event in events {
        let event = storable(event);
        head.seq += 1;
        head.hash = chain::link(&head.hash, head.seq, &event);
        rows.push(&EventRow {
            seq: stored::number(head.seq),
            at: stored::micros(event.at),
            kind: event.kind.name(),
            actor: &event.actor,
            identity: event.identity.map(|id| id.to_string()),
            details: serde_json::to_string(&event.details).unwrap_or_default(),
            hash: stored::hex(&head.hash),
        })?;
    }
    rows.run(writing, INSERT).await?;
    move_head(writing, (head.seq, head.hash)).await
}

/// Notes where the chain ends from now on.
pub(crate) async fn move_head(
    writing: &mut Writing,
    (seq, hash): chain::Head,
) -> Result<(), LedgerError> {
    let moved = sqlx::query(MOVE_HEAD).bind(stored::number(seq)).bind(stored::hex(&hash));
    moved.execute(writing.connection()).await?;
    Ok(())
}

/// Adds a checkpoint. One that is there for the same place stays, and so does one that follows the same
/// one before: each is missed by another, or by nobody yet.
pub(crate) async fn add_checkpoint(
    writing: &mut Writing,
    checkpoint: &Checkpoint,
) -> Result<(), LedgerError> {
    take_head(writing).await?;
    let add = sqlx::query(ADD_CHECKPOINT)
        .bind(stored::number(checkpoint.seq))
        .bind(stored::hex(&checkpoint.hash))
        .bind(stored::micros(checkpoint.at))
        .bind(stored::number(checkpoint.previous))
        .bind(stored::text(&checkpoint.key))
        .bind(stored::hex(&checkpoint.signature));
    add.execute(writing.connection()).await?;
    Ok(())
}

/// The event as it will be read again, which is what its hash must be taken over. Of its time the hash
/// covers the microseconds, as they are stored.
fn storable(event: &Happening) -> Happening {
    let details = &event.details;
    Happening {
        actor: stored::key(&event.actor),
        details: details.iter().map(|(k, v)| (stored::text(k), stored::text(v))).collect(),
        ..event.clone()
    }
}
