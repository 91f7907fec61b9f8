//! Writes what is copied into a database, as one transaction.

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Row as _};

use super::{
    Copied, CopyError, Existing,
    row::Row,
    table::{TABLES, Table},
    tally::Tally,
};
use crate::{
    Ledger,
    chain::Anchor,
    database::Writing,
    write::{self, Rows},
};

/// A ledger that is being filled.
pub(super) struct Target {
    writing: Writing,
    rows: Rows,
    /// What is remembered of the ledger.
    anchor: Option<Anchor>,
}

impl Target {
    /// Makes way. Nobody else writes until it is finished or dropped, which undoes everything.
    pub(super) async fn prepare(
        ledger: &Ledger,
        existing: Existing,
        anchor: Option<Anchor>,
    ) -> Result<Self, CopyError> {
        let mut writing = ledger.database.writing().await?;
        write::take_head(&mut writing).await?;
        for table in TABLES.iter().rev() {
            if existing == Existing::Replace {
                let delete = AssertSqlSafe(format!("DELETE FROM {}", table.name));
                sqlx::query(delete).execute(writing.connection()).await?;
            } else if is_filled(&mut writing, table).await? {
                return Err(CopyError::NotEmpty(ledger.address()));
            }
        }
        Ok(Self { writing, rows: Rows::default(), anchor })
    }

    /// Adds a row, which is written with others.
    pub(super) async fn add(&mut self, table: &Table, row: &Row) -> Result<(), CopyError> {
        if self.rows.is_full() {
            self.end(table).await?;
        }
        Ok(self.rows.push(&row.values())?)
    }

    /// Writes what was added.
    pub(super) async fn end(&mut self, table: &Table) -> Result<(), CopyError> {
        let rows = std::mem::take(&mut self.rows);
        Ok(rows.run(&mut self.writing, &table.insert()).await?)
    }

    /// Reads all of it again, and makes it last if it is the same.
    pub(super) async fn finish(mut self, copied: &Copied) -> Result<(), CopyError> {
        write::move_head(&mut self.writing, copied.head).await?;
        let mut tally = Tally::new(self.anchor.take());
        for (index, table) in TABLES.iter().enumerate() {
            let select = AssertSqlSafe(table.select());
            let mut rows = sqlx::query(select).fetch(self.writing.connection());
            while let Some(row) = rows.try_next().await? {
                tally.add(index, &Row::read(table, &row)?);
            }
        }
        let written = tally.finish(Some(copied.head))?;
        let pairs = written.tables.iter().zip(&copied.tables);
        if let Some((table, _)) = pairs.into_iter().find(|(written, read)| written != read) {
            return Err(CopyError::Differs(table.name));
        }
        Ok(self.writing.commit().await?)
    }
}

async fn is_filled(writing: &mut Writing, table: &Table) -> Result<bool, CopyError> {
    let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {}", table.name));
    let row = sqlx::query(count).fetch_one(writing.connection()).await?;
    Ok(row.try_get::<i64, _>(0)? > 0)
}
