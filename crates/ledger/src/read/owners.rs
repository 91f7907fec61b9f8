//! Questions about owners and waivers.

use bearhug_core::owner::{Owner, Waiver};
use sqlx::{Row as _, any::AnyRow};

use super::conditions::Statement;
use crate::{LedgerError, database::Database, stored};

const OWNERS: &str =
    "SELECT name, revision, kind, email, aliases, left_at FROM owner ORDER BY name";

const WAIVERS: &str = "
SELECT rule, identity, reason, given_by, given_at, ends_at FROM waiver ORDER BY rule, identity";

/// Every owner, by name.
pub(crate) async fn all(database: &Database) -> Result<Vec<Owner>, LedgerError> {
    Statement::new(OWNERS).rows(database).await?.iter().map(owner).collect()
}

/// Every waiver, by rule and identity.
pub(crate) async fn waivers(database: &Database) -> Result<Vec<Waiver>, LedgerError> {
    Statement::new(WAIVERS).rows(database).await?.iter().map(waiver).collect()
}

/// An owner, from a row that has all columns.
pub(crate) fn owner(row: &AnyRow) -> Result<Owner, LedgerError> {
    let aliases: String = row.try_get("aliases")?;
    let left_at: Option<i64> = row.try_get("left_at")?;
    Ok(Owner {
        name: row.try_get("name")?,
        revision: stored::count(row.try_get("revision")?)?,
        kind: stored::from_word(row.try_get("kind")?)?,
        email: row.try_get("email")?,
        aliases: serde_json::from_str(&aliases)
            .map_err(|_| stored::damaged("a list of names", &aliases))?,
        left_at: left_at.map(stored::time).transpose()?,
    })
}

fn waiver(row: &AnyRow) -> Result<Waiver, LedgerError> {
    Ok(Waiver {
        rule: row.try_get("rule")?,
        identity: stored::parsed(row.try_get("identity")?)?,
        reason: row.try_get("reason")?,
        by: row.try_get("given_by")?,
        given_at: stored::time(row.try_get("given_at")?)?,
        until: stored::time(row.try_get("ends_at")?)?,
    })
}
