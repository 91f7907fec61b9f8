//! Owners, refused if somebody else wrote them meanwhile, and waivers, by rule and identity.

use bearhug_core::owner::{Owner, Waiver};
use serde::Serialize;

use super::rows::Rows;
use crate::{LedgerError, database::Writing, read, stored};

const STORED_OWNER: &str =
    "SELECT name, revision, kind, email, aliases, left_at FROM owner WHERE name = $1";

const UPSERT_OWNER: &str = "
INSERT INTO owner (name, revision, kind, email, aliases, left_at)
SELECT
    e.value ->> 'name',
    CAST(e.value ->> 'revision' AS BIGINT),
    e.value ->> 'kind',
    e.value ->> 'email',
    e.value ->> 'aliases',
    CAST(e.value ->> 'left_at' AS BIGINT)
FROM {rows}
WHERE true
ON CONFLICT (name) DO UPDATE SET
    revision = excluded.revision,
    kind = excluded.kind,
    email = excluded.email,
    aliases = excluded.aliases,
    left_at = excluded.left_at
";

const UPSERT_WAIVER: &str = "
INSERT INTO waiver (rule, identity, reason, given_by, given_at, ends_at)
SELECT
    e.value ->> 'rule',
    e.value ->> 'identity',
    e.value ->> 'reason',
    e.value ->> 'given_by',
    CAST(e.value ->> 'given_at' AS BIGINT),
    CAST(e.value ->> 'ends_at' AS BIGINT)
FROM {rows}
WHERE true
ON CONFLICT (rule, identity) DO UPDATE SET
    reason = excluded.reason,
    given_by = excluded.given_by,
    given_at = excluded.given_at,
    ends_at = excluded.ends_at
";

/// An owner as a row.
#[derive(Serialize)]
struct OwnerRow {
    name: String,
    revision: i64,
    kind: String,
    email: Option<String>,
    aliases: String,
    left_at: Option<i64>,
}

/// A waiver as a row.
#[derive(Serialize)]
struct WaiverRow {
    rule: String,
    identity: String,
    reason: String,
    given_by: String,
    given_at: i64,
    ends_at: i64,
}

/// Writes owners. One who is in the ledger just so is left as they are.
///
/// # Errors
///
/// [`LedgerError::Conflict`] if one was read before somebody else wrote it, or comes twice.
pub(super) async fn write(writing: &mut Writing, owners: &[Owner]) -> Result<(), LedgerError> {
    for owner in owners {
        let stored = stored_owner(writing, &owner.name).await?;
        if stored.as_ref() == Some(owner) {
            continue;
        }
        if stored.map_or(0, |stored| stored.revision) != owner.revision {
            return Err(LedgerError::Conflict(owner.name.clone()));
        }
        Rows::of([row(owner)])?.run(writing, UPSERT_OWNER).await?;
    }
    Ok(())
}

async fn stored_owner(writing: &mut Writing, name: &str) -> Result<Option<Owner>, LedgerError> {
    let asked = sqlx::query(STORED_OWNER).bind(stored::key(name));
    let row = asked.fetch_optional(writing.connection()).await?;
    row.as_ref().map(read::owner).transpose()
}

/// An owner as a row, with the revision that they get.
fn row(owner: &Owner) -> OwnerRow {
    let aliases: Vec<String> = owner.aliases.iter().map(|alias| stored::text(alias)).collect();
    OwnerRow {
        name: stored::key(&owner.name),
        revision: stored::number(owner.revision + 1),
        kind: stored::word(owner.kind),
        email: owner.email.as_deref().map(stored::text),
        aliases: serde_json::to_string(&aliases).unwrap_or_default(),
        left_at: owner.left_at.map(stored::micros),
    }
}

/// Writes waivers. Of two for one rule and identity, the later one counts.
pub(super) async fn write_waivers(
    writing: &mut Writing,
    waivers: &[Waiver],
) -> Result<(), LedgerError> {
    for waiver in waivers {
        let row = WaiverRow {
            rule: stored::key(&waiver.rule),
            identity: waiver.identity.to_string(),
            reason: stored::text(&waiver.reason),
            given_by: stored::text(&waiver.by),
            given_at: stored::micros(waiver.given_at),
            ends_at: stored::micros(waiver.until),
        };
        Rows::of([row])?.run(writing, UPSERT_WAIVER).await?;
    }
    Ok(())
}
