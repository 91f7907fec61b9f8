//! Rows on their way from one place to another.

use serde_json::Value;
use sqlx::{Row as _, any::AnyRow};

use super::table::{Column, Table};
use crate::{LedgerError, chain::StoredEvent};

/// A row: texts, numbers and nulls in the order of its table's columns.
pub(super) struct Row(Vec<Value>);

impl Row {
    /// A row as a database gives it.
    pub(super) fn read(table: &Table, row: &AnyRow) -> Result<Self, LedgerError> {
        let value = |(at, column): (usize, &Column)| -> Result<Value, sqlx::Error> {
            Ok(match column {
                Column::Text(_) => row.try_get::<Option<String>, _>(at)?.into(),
                Column::Number(_) => row.try_get::<Option<i64>, _>(at)?.into(),
            })
        };
        let values = table.columns.iter().enumerate().map(value);
        Ok(Self(values.collect::<Result<_, _>>()?))
    }

    /// A row as a file gives it. None if it is none of this table.
    pub(super) fn parse(table: &Table, values: Value) -> Option<Self> {
        let Value::Array(values) = values else { return None };
        let fits = |(column, value): (&Column, &Value)| match column {
            Column::Text(_) => value.is_string() || value.is_null(),
            Column::Number(_) => value.is_i64() || value.is_null(),
        };
        let is_row =
            values.len() == table.columns.len() && table.columns.iter().zip(&values).all(fits);
        is_row.then_some(Self(values))
    }

    pub(super) fn values(&self) -> &[Value] {
        &self.0
    }

    /// A row of `event` as an event.
    pub(super) fn event(&self) -> StoredEvent {
        StoredEvent {
            seq: self.number(0),
            at: self.number(1),
            kind: self.text(2),
            actor: self.text(3),
            identity: self.0.get(4).and_then(Value::as_str).map(str::to_owned),
            details: self.text(5),
            hash: self.text(6),
        }
    }

    fn number(&self, at: usize) -> i64 {
        self.0.get(at).and_then(Value::as_i64).unwrap_or_default()
    }

    fn text(&self, at: usize) -> String {
        self.0.get(at).and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}
