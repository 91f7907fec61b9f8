//! A file as a ledger again.

use std::io::{BufRead as _, BufReader, Read};

use serde_json::Value;

use super::{
    Copied, CopyError, Existing,
    backup::{END, End, Header, SCHEMA, entry},
    row::Row,
    table::TABLES,
    tally::Tally,
    target::Target,
};
use crate::{Ledger, chain::Anchor};

/// How long a line can be. No row comes near it: the longest are identities, of some thousands of bytes.
const LINE: u64 = 64 << 20;

/// The lines of a backup, by their numbers.
struct Lines<R: Read> {
    file: BufReader<zstd::Decoder<'static, BufReader<R>>>,
    number: u64,
    line: Vec<u8>,
}

impl<R: Read> Lines<R> {
    /// The next line, if there is one.
    fn next(&mut self) -> Result<Option<&[u8]>, CopyError> {
        self.number += 1;
        self.line.clear();
        let read = (&mut self.file).take(LINE).read_until(b'\n', &mut self.line)?;
        match self.line.last() {
            None => Ok(None),
            Some(b'\n') => Ok(Some(&self.line)),
            Some(_) if read as u64 == LINE => Err(self.wrong("is too long")),
            Some(_) => Err(self.wrong("is cut off")),
        }
    }

    fn wrong(&self, what: &'static str) -> CopyError {
        CopyError::Content { line: self.number, what }
    }

    /// Reads the first line.
    fn header(&mut self) -> Result<(), CopyError> {
        let header = self.next()?.and_then(|line| serde_json::from_slice::<Header>(line).ok());
        let Some(header) = header.filter(|header| header.schema == SCHEMA) else {
            return Err(self.wrong("does not say that this is a backup"));
        };
        let known = Header::new(header.made_at);
        if header.version != known.version {
            return Err(CopyError::Version { found: header.version, known: known.version });
        }
        if header.tables != known.tables {
            return Err(self.wrong("names other tables than a ledger has"));
        }
        Ok(())
    }
}

/// A ledger that is being filled, table by table.
struct Filling {
    target: Target,
    tally: Tally,
    /// The table that rows come of at present.
    current: usize,
}

impl Filling {
    /// Adds what a line holds.
    async fn add(
        &mut self,
        name: &str,
        row: Value,
        lines: &Lines<impl Read>,
    ) -> Result<(), CopyError> {
        let mut tables = TABLES.iter().enumerate().skip(self.current);
        let Some((index, table)) = tables.find(|(_, table)| table.name == name) else {
            return Err(lines.wrong("is of a table that does not come here"));
        };
        if index != self.current {
            self.end_table().await?;
            self.current = index;
        }
        let row = Row::parse(table, row).ok_or_else(|| lines.wrong("is no row of its table"))?;
        self.tally.add(index, &row);
        self.target.add(table, &row).await
    }

    async fn end_table(&mut self) -> Result<(), CopyError> {
        match TABLES.get(self.current) {
            Some(table) => self.target.end(table).await,
            None => Ok(()),
        }
    }
}

impl Ledger {
    /// Fills a ledger from a backup. If the file is not whole, or its chain of events is broken, the
    /// ledger stays as it is; so it does if the backup is not what is remembered of the ledger.
    pub async fn restore(
        &self,
        file: impl Read,
        existing: Existing,
        remembered: Option<Anchor>,
    ) -> Result<Copied, CopyError> {
        let file = BufReader::new(zstd::Decoder::new(file)?);
        let mut lines = Lines { file, number: 0, line: Vec::new() };
        lines.header()?;
        let target = Target::prepare(self, existing, remembered).await?;
        let mut filling = Filling { target, tally: Tally::new(None), current: 0 };
        let end = loop {
            let Some(line) = lines.next()? else { return Err(lines.wrong("is missing")) };
            match entry(line).ok_or_else(|| lines.wrong("is no row"))? {
                (name, end) if name == END => break end,
                (name, row) => filling.add(&name, row, &lines).await?,
            }
        };
        filling.end_table().await?;
        let copied = filling.tally.finish(None)?;
        if serde_json::from_value::<End>(end).ok() != Some(End::of(&copied)) {
            return Err(lines.wrong("does not fit what came before: the file was changed"));
        }
        if lines.next()?.is_some() {
            return Err(lines.wrong("comes after the end"));
        }
        filling.target.finish(&copied).await?;
        Ok(copied)
    }
}
