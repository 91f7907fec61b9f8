//! Texts that may be none: SQLite keeps whatever bytes somebody put into a column of texts, and sqlx fails at
//! all of a row for one.

use data_encoding::HEXUPPER;
use sqlx::{Row as _, any::AnyRow};

use crate::{LedgerError, database::Dialect};

/// Bytes that are no text.
pub(super) struct NoText;

/// Selects a column of texts such that [`text`] reads it.
pub(super) fn column(dialect: Dialect, name: &str) -> String {
    match dialect {
        Dialect::Sqlite => {
            format!("CASE WHEN {name} IS NOT NULL THEN hex({name}) END AS {name}")
        }
        // It checks texts when they come.
        Dialect::Postgres => name.to_owned(),
    }
}

/// What a column holds: a text, nothing, or bytes that are no text.
pub(super) fn text(
    dialect: Dialect,
    row: &AnyRow,
    name: &str,
) -> Result<Result<Option<String>, NoText>, LedgerError> {
    let found: Option<String> = row.try_get(name)?;
    let (Dialect::Sqlite, Some(digits)) = (dialect, &found) else { return Ok(Ok(found)) };
    let bytes = HEXUPPER.decode(digits.as_bytes()).unwrap_or_default();
    Ok(String::from_utf8(bytes).map(Some).map_err(|_| NoText))
}
