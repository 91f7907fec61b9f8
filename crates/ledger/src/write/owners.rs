//! Owners, by name, and waivers, by rule and identity.

use bearhug_core::owner::{Owner, Waiver};
use serde::Serialize;

use super::rows::Rows;
use crate::{LedgerError, database::Writing, stored};

const UPSERT_OWNER: &str = "
INSERT INTO owner (name, kind, email, aliases, left_at)
SELECT
    e.value ->> 'name',
    e.value ->> 'kind',
    e.value ->> 'email',
    e.value ->> 'aliases',
    CAST(e.value ->> 'left_at' AS BIGINT)
FROM {rows}
WHERE true
ON CONFLICT (name) DO UPDATE SET
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

/// Writes owners. Of two with one name, the later one counts.
pub(super) async fn write(writing: &mut Writing, owners: &[Owner]) -> Result<(), LedgerError> {
    for owner in owners {
        let aliases: Vec<String> = owner.aliases.iter().map(|alias| stored::text(alias)).collect();
        let row = OwnerRow {
            name: stored::key(&owner.name),
            kind: stored::word(owner.kind),
            email: owner.email.as_deref().map(stored::text),
            aliases: serde_json::to_string(&aliases).unwrap_or_default(),
            left_at: owner.left_at.map(stored::micros),
        };
        Rows::of([row])?.run(writing, UPSERT_OWNER).await?;
    }
    Ok(())
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
