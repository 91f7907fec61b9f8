//! Rows on their way from one place to another.

use serde_json::Value;
use sqlx::{Row as _, any::AnyRow};

use super::table::{Column, Table};
use crate::{
    LedgerError,
    chain::{Checkpoint, StoredEvent},
    stored,
};

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

    /// A row of `checkpoint` as a checkpoint. What is no number, time or hash was never signed, and neither
    /// is what stands for it here.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            seq: stored::count(self.number(0)).unwrap_or_default(),
            hash: stored::from_hex(&self.text(1)).unwrap_or_default(),
            at: stored::time(self.number(2)).unwrap_or_default(),
            previous: stored::count(self.number(3)).unwrap_or_default(),
            key: self.text(4),
            signature: stored::bytes_from_hex(&self.text(5)).unwrap_or_default(),
        }
    }

    fn number(&self, at: usize) -> i64 {
        self.0.get(at).and_then(Value::as_i64).unwrap_or_default()
    }

    fn text(&self, at: usize) -> String {
        self.0.get(at).and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}
