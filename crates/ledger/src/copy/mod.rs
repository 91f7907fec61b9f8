//! Ledgers as a whole: copied from one database into another, or into a file and back.
//!
//! What is read is counted, digested and looked through on the way, by one snapshot of the database. What is
//! written is one transaction, which is read again and compared before it is made to last.

mod backup;
mod restore;
mod row;
mod table;
mod tally;
mod target;

use std::io;

use bearhug_core::chain::{Fault, FaultKind};
use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Row as _};

pub(crate) use self::table::{Column, identity_columns};
use self::{row::Row, table::TABLES, tally::Tally, target::Target};
use crate::{
    Ledger, LedgerError,
    chain::{Anchor, Head},
    database::Snapshot,
    stored, write,
};

const NOTED_HEAD: &str = "SELECT seq, hash FROM chain";

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// Every table, in the order in which they were copied.
    pub tables: Vec<CopiedTable>,
    /// Where the chain of events ends.
    pub head: Head,
}

/// What was copied of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// SHA-256 over its rows in the order of their keys: each a JSON array, with a line feed behind it.
    pub digest: [u8; 32],
}

/// Whether what a ledger holds may be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// A ledger that holds something is refused.
    Keep,
    /// All that it holds is deleted first.
    Replace,
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// One of the ledgers cannot be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// There is something in the ledger that would be written.
    #[error("there is something in {0} already")]
    NotEmpty(String),
    /// The chain of events was changed by somebody.
    #[error("its chain of events is broken: {}", .0.first().map(Fault::to_string).unwrap_or_default())]
    Broken(Vec<Fault>),
    /// The chain is sound in itself, and not the one that this computer remembers or goes on from it:
    /// an older state, or another one.
    #[error("it is not what this computer remembers: {}", .0.first().map(Fault::to_string).unwrap_or_default())]
    Forgets(Vec<Fault>),
    /// What this computer remembers of the ledger that would be written is not what would be in it: it
    /// knows another one there.
    #[error("this computer remembers another ledger in {address}: {}", faults.first().map(Fault::to_string).unwrap_or_default())]
    Occupied {
        /// The ledger that would be written.
        address: String,
        /// What is not as it was remembered.
        faults: Vec<Fault>,
    },
    /// What was written is not what was read. It was undone.
    #[error("what was written to `{0}` is not what was read")]
    Differs(&'static str),
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// The file is no backup, or was changed.
    #[error("line {line} {what}")]
    Content {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it, as what follows its number.
        what: &'static str,
    },
    /// The file is of a ledger with another schema.
    #[error(
        "it was made from a ledger of version {found}, and this bearhug restores version {known}"
    )]
    Version {
        /// The version of its schema.
        found: i64,
        /// The version that this bearhug has.
        known: i64,
    },
}

impl CopyError {
    /// Sorts faults by whether the chain is broken or only not what was remembered. A checkpoint that is
    /// remembered went with its event then, and is not told besides.
    fn of(faults: Vec<Fault>) -> Self {
        let (forgotten, others): (Vec<_>, Vec<_>) = faults
            .into_iter()
            .partition(|fault| matches!(fault.kind, FaultKind::Forgotten | FaultKind::Rewritten));
        let is_missing = |fault: &Fault| fault.kind == FaultKind::CheckpointMissing;
        if !forgotten.is_empty() && others.iter().all(is_missing) {
            Self::Forgets(forgotten)
        } else {
            Self::Broken(others)
        }
    }
}

impl From<sqlx::Error> for CopyError {
    fn from(error: sqlx::Error) -> Self {
        Self::Ledger(error.into())
    }
}

impl Ledger {
    /// How many rows each table has, at one moment.
    pub async fn counts(&self) -> Result<Vec<(&'static str, u64)>, LedgerError> {
        let mut snapshot = self.database.snapshot().await?;
        let mut counts = Vec::new();
        for table in TABLES {
            let count = AssertSqlSafe(format!("SELECT COUNT(*) FROM {}", table.name));
            let row = sqlx::query(count).fetch_one(snapshot.connection()).await?;
            counts.push((table.name, stored::count(row.try_get(0)?)?));
        }
        Ok(counts)
    }

    /// Copies everything into another ledger, which must be empty. If that fails it stays so. What is read
    /// and what is written are each held to what is remembered of their ledgers.
    pub async fn copy_to(
        &self,
        target: &Self,
        [remembered_here, remembered_there]: [Option<Anchor>; 2],
    ) -> Result<Copied, CopyError> {
        let mut source = self.database.snapshot().await?;
        let address = target.address();
        let mut target = Target::prepare(target, Existing::Keep, remembered_there).await?;
        let mut tally = Tally::new(remembered_here);
        for (index, table) in TABLES.iter().enumerate() {
            let select = AssertSqlSafe(table.select());
            let mut rows = sqlx::query(select).fetch(source.connection());
            while let Some(row) = rows.try_next().await? {
                let row = Row::read(table, &row)?;
                tally.add(index, &row);
                target.add(table, &row).await?;
            }
            target.end(table).await?;
        }
        let copied = tally.finish(Some(noted_head(&mut source).await?))?;
        match target.finish(&copied).await {
            // What was read is what this computer remembers of where it was read.
            Err(CopyError::Forgets(faults)) => Err(CopyError::Occupied { address, faults }),
            finished => finished.map(|()| copied),
        }
    }
}

/// The end that the ledger noted for itself.
async fn noted_head(snapshot: &mut Snapshot) -> Result<Head, LedgerError> {
    let row = sqlx::query(NOTED_HEAD).fetch_optional(snapshot.connection()).await?;
    let row = row.ok_or_else(|| LedgerError::Damaged("it has no chain".to_owned()))?;
    let head = write::Head::from_row(&row)?;
    Ok((head.seq, head.hash))
}
