//! Rows on their way into a database: JSON arrays, so that one statement writes thousands.

use serde::Serialize;

use crate::{LedgerError, database::Writing, stored};

/// A statement takes at most so many rows. Each has to wait for an answer over the network, which sqlx makes
/// slow: it leaves Nagle's algorithm on, so that the end of what is sent waits for the other side to
/// acknowledge the rest.
const ROWS: usize = 5000;

/// A statement takes about so many bytes of rows at most.
const BYTES: usize = 4 << 20;

/// Collects rows into arrays.
#[derive(Default)]
pub(crate) struct Rows {
    full: Vec<String>,
    filling: String,
    count: usize,
}

impl Rows {
    /// All of these.
    pub(crate) fn of<R: Serialize>(rows: impl IntoIterator<Item = R>) -> Result<Self, LedgerError> {
        let mut all = Self::default();
        for row in rows {
            all.push(&row)?;
        }
        Ok(all)
    }

    /// Adds one.
    pub(crate) fn push(&mut self, row: &impl Serialize) -> Result<(), LedgerError> {
        if self.is_full() {
            self.cut();
        }
        let row =
            serde_json::to_string(row).map_err(|e| stored::damaged("JSON", &e.to_string()))?;
        self.filling.push(if self.count == 0 { '[' } else { ',' });
        self.filling.push_str(&row);
        self.count += 1;
        Ok(())
    }

    /// Whether the next row starts an array of its own.
    pub(crate) fn is_full(&self) -> bool {
        self.count == ROWS || self.filling.len() >= BYTES
    }

    /// Lets the next row start an array of its own.
    pub(crate) fn cut(&mut self) {
        if self.count > 0 {
            self.filling.push(']');
            self.full.push(std::mem::take(&mut self.filling));
            self.count = 0;
        }
    }

    /// The arrays.
    pub(crate) fn finish(mut self) -> Vec<String> {
        self.cut();
        self.full
    }

    /// Runs a statement once for each array, which is its first parameter.
    pub(crate) async fn run(
        self,
        writing: &mut Writing,
        statement: &str,
    ) -> Result<(), LedgerError> {
        for rows in self.finish() {
            let statement = writing.say(statement);
            sqlx::query(statement).bind(rows).execute(writing.connection()).await?;
        }
        Ok(())
    }
}
