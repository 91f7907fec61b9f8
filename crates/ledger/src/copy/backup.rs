//! A ledger as a file: JSON Lines, compressed with Zstandard.
//!
//! The first line says what it is and names the columns of each table. Then each row is a line, an
//! object that has the table's name and in it the row as an array. The last line has the count and the
//! digest of each table, and the end of the chain of events, so that a file that was cut or changed is
//! told from a whole one.

use std::{collections::BTreeMap, io::Write};

use data_encoding::HEXLOWER;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;

use super::{
    Copied, CopyError, noted_head,
    row::Row,
    table::{Column, TABLES},
    tally::Tally,
};
use crate::{Ledger, LedgerError, migration};

/// What a backup says of itself.
pub(super) const SCHEMA: &str = "bearhug.backup/1";

/// The name in the last line. No table has it.
pub(super) const END: &str = "end";

/// Zstandard's own default. A higher level takes several times as long for a tenth less.
const LEVEL: i32 = 3;

/// The first line.
#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) schema: String,
    /// The version of the ledger's own schema.
    pub(super) version: i64,
    pub(super) made_at: Timestamp,
    pub(super) tables: BTreeMap<String, Vec<String>>,
}

/// The last line.
#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    tables: BTreeMap<String, Total>,
    /// The place of the last event.
    seq: u64,
    /// Its hash.
    hash: String,
}

/// What there is of a table.
#[derive(Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Total {
    rows: u64,
    sha256: String,
}

impl Header {
    /// The header of a backup that is made now.
    pub(super) fn new(made_at: Timestamp) -> Self {
        let columns = |columns: &[Column]| columns.iter().map(|c| c.name().to_owned()).collect();
        let tables = TABLES.iter().map(|table| (table.name.to_owned(), columns(table.columns)));
        let version = migration::latest();
        Self { schema: SCHEMA.to_owned(), version, made_at, tables: tables.collect() }
    }
}

impl End {
    pub(super) fn of(copied: &Copied) -> Self {
        let total = |table: &super::CopiedTable| {
            let sha256 = HEXLOWER.encode(&table.digest);
            (table.name.to_owned(), Total { rows: table.rows, sha256 })
        };
        let (seq, hash) = copied.head;
        let tables = copied.tables.iter().map(total).collect();
        Self { tables, seq, hash: HEXLOWER.encode(&hash) }
    }
}

impl Ledger {
    /// Writes everything to a file, as it is at one moment. `now` is when. Others may write meanwhile.
    pub async fn back_up(&self, now: Timestamp, out: &mut dyn Write) -> Result<Copied, CopyError> {
        let mut file = zstd::Encoder::new(out, LEVEL)?;
        file.include_checksum(true)?;
        line(&mut file, &Header::new(now))?;
        let mut source = self.database.snapshot().await?;
        let mut tally = Tally::new(None);
        for (index, table) in TABLES.iter().enumerate() {
            let select = AssertSqlSafe(table.select());
            let mut rows = sqlx::query(select).fetch(source.connection());
            while let Some(row) = rows.try_next().await? {
                let row = Row::read(table, &row)?;
                tally.add(index, &row);
                line(&mut file, &BTreeMap::from([(table.name, row.values())]))?;
            }
        }
        let copied = tally.finish(Some(noted_head(&mut source).await?))?;
        line(&mut file, &BTreeMap::from([(END, End::of(&copied))]))?;
        file.finish()?;
        Ok(copied)
    }
}

fn line(out: &mut impl Write, value: &impl Serialize) -> Result<(), CopyError> {
    let text = serde_json::to_string(value)
        .map_err(|error| LedgerError::Damaged(format!("a row cannot be written: {error}")))?;
    Ok(writeln!(out, "{text}")?)
}

/// What a line holds: a name and what goes by it.
pub(super) fn entry(line: &[u8]) -> Option<(String, Value)> {
    let object: Map<String, Value> = serde_json::from_slice(line).ok()?;
    let mut entries = object.into_iter();
    entries.next().filter(|_| entries.next().is_none())
}
