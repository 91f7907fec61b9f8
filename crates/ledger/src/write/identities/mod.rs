//! Identities: refused if somebody else wrote them meanwhile.

mod columns;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::identity::{Identity, IdentityId};
use serde::Serialize;
use sqlx::Row as _;

use self::columns::IdentityRow;
pub(crate) use self::columns::rank;
use super::rows::Rows;
use crate::{LedgerError, database::Writing, stored};

const STORED: &str = "
SELECT d.document
FROM {rows}
JOIN identity_document d ON d.identity = e.value ->> 'identity'
";

const UPSERT: &str = include_str!("../../sql/upsert_identity.sql");

const UPSERT_DOCUMENT: &str = "
INSERT INTO identity_document (identity, document)
SELECT e.value ->> 'identity', e.value ->> 'document' FROM {rows}
WHERE true
ON CONFLICT (identity) DO UPDATE SET document = excluded.document
";

/// What a statement finds rows by.
#[derive(Serialize)]
struct IdRow {
    identity: String,
}

/// All of an identity, as JSON.
#[derive(Serialize)]
struct DocumentRow {
    identity: String,
    document: String,
}

/// Writes identities. One that says what the ledger has already is left as it is.
pub(super) async fn write(
    writing: &mut Writing,
    identities: &[Identity],
) -> Result<(), LedgerError> {
    let before = stored_ones(writing, identities).await?;
    let changed = changed(identities, &before)?;
    if changed.is_empty() {
        return Ok(());
    }
    Rows::of(changed.iter().map(IdentityRow::of))?.run(writing, UPSERT).await?;
    let documents = changed.iter().map(document).collect::<Result<Vec<_>, _>>()?;
    Rows::of(documents)?.run(writing, UPSERT_DOCUMENT).await?;
    tokens::write(writing, &changed).await
}

/// The columns of an identity, by their names.
pub(crate) fn row(identity: &Identity) -> impl Serialize {
    IdentityRow::of(identity)
}

/// What the ledger has of these.
async fn stored_ones(
    writing: &mut Writing,
    identities: &[Identity],
) -> Result<BTreeMap<IdentityId, Identity>, LedgerError> {
    let mut found = BTreeMap::new();
    for rows in ids(identities)?.finish() {
        let statement = writing.say(STORED);
        for row in sqlx::query(statement).bind(rows).fetch_all(writing.connection()).await? {
            let identity = stored::identity(&row.try_get::<String, _>(0)?)?;
            found.insert(identity.id, identity);
        }
    }
    Ok(found)
}

/// Those that say something new, with the revision that they get. Fails if one was read before somebody
/// else wrote it, or comes twice.
fn changed(
    identities: &[Identity],
    before: &BTreeMap<IdentityId, Identity>,
) -> Result<Vec<Identity>, LedgerError> {
    let mut seen = BTreeSet::new();
    let mut changed = Vec::new();
    for identity in identities {
        let stored = before.get(&identity.id);
        let revision = stored.map_or(0, |stored| stored.revision);
        let is_same = stored.is_some_and(|stored| stored == identity);
        if !seen.insert(identity.id) || revision != identity.revision {
            return Err(LedgerError::Conflict(identity.id.to_string()));
        }
        if !is_same {
            changed.push(Identity { revision: revision + 1, ..identity.clone() });
        }
    }
    Ok(changed)
}

fn document(identity: &Identity) -> Result<DocumentRow, LedgerError> {
    let document = serde_json::to_string(identity)
        .map_err(|error| stored::damaged("an identity", &error.to_string()))?;
    Ok(DocumentRow { identity: identity.id.to_string(), document })
}

fn ids(identities: &[Identity]) -> Result<Rows, LedgerError> {
    Rows::of(identities.iter().map(|identity| IdRow { identity: identity.id.to_string() }))
}
