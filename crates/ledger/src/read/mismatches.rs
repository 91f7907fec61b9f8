//! Whether identities are listed by what their documents say.

use bearhug_core::{chain::Mismatch, identity::Identity};
use futures_util::TryStreamExt as _;
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, Row as _, any::AnyRow};

use super::raw::{column, text};
use crate::{
    LedgerError,
    copy::{Column, identity_columns},
    database::{Database, Dialect},
    write,
};

/// The identities whose columns are not what their documents say.
pub(crate) async fn all(database: &Database) -> Result<Vec<Mismatch>, LedgerError> {
    let dialect = database.dialect;
    let columns = identity_columns().iter().map(|it| match it {
        Column::Text(name) => column(dialect, name),
        Column::Number(name) => (*name).to_owned(),
    });
    let columns: Vec<_> = columns.chain([column(dialect, "document")]).collect();
    let select = AssertSqlSafe(format!(
        "SELECT {} FROM identity LEFT JOIN identity_document ON identity = id ORDER BY id",
        columns.join(", ")
    ));
    let mut connection = database.reading().await?;
    let mut rows = sqlx::query(select).fetch(&mut *connection);
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await? {
        found.extend(compare(dialect, &row)?);
    }
    Ok(found)
}

fn compare(dialect: Dialect, row: &AnyRow) -> Result<Option<Mismatch>, LedgerError> {
    let identity = text(dialect, row, "id")?.unwrap_or_default().unwrap_or_default();
    let document = text(dialect, row, "document")?.unwrap_or_default().unwrap_or_default();
    let Some(expected) = serde_json::from_str(&document).ok().and_then(|it| columns(&it)) else {
        return Ok(Some(Mismatch { identity, columns: vec!["document"] }));
    };
    let mut columns = Vec::new();
    for column in identity_columns() {
        let found = match column {
            Column::Text(name) => text(dialect, row, name)?.ok().map(Value::from),
            Column::Number(name) => Some(row.try_get::<Option<i64>, _>(*name)?.into()),
        };
        if found.as_ref() != expected.get(column.name()) {
            columns.push(column.name());
        }
    }
    Ok((!columns.is_empty()).then_some(Mismatch { identity, columns }))
}

/// What the columns of an identity should be.
fn columns(identity: &Identity) -> Option<Map<String, Value>> {
    match serde_json::to_value(write::identity_row(identity)) {
        Ok(Value::Object(columns)) => Some(columns),
        _ => None,
    }
}
