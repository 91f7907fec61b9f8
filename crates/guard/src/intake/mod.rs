//! Taking in an inventory that somebody kept in a table.
//!
//! [`read`] makes rows of a CSV file or says what is wrong with each line, and [`apply`] has an identity
//! follow a row. A row leaves alone what it does not say. The value of a token is taken from one column only,
//! and nothing but its fingerprint and its last four characters is kept.

mod application;
mod cells;
mod columns;

use std::collections::BTreeSet;

use bearhug_core::{Fingerprint, Kind, identity::Criticality};
use bearhug_detect::{Detector, Options};
use csv::StringRecord;

pub use application::apply;
pub use columns::Column;

use cells::Cells;

/// What a row says of a credential. What it does not say is none or empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line of the file on which it starts, from 1.
    pub line: u64,
    /// Which credential it is.
    pub subject: Subject,
    /// What it is called.
    pub name: Option<String>,
    /// Whose account on the Hub it is.
    pub account: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Who does when the owner cannot.
    pub backup: Option<String>,
    /// What it is for.
    pub purpose: Option<String>,
    /// Where it is used.
    pub environment: Option<String>,
    /// How much depends on it.
    pub criticality: Option<Criticality>,
    /// Words to find it by.
    pub tags: BTreeSet<String>,
    /// What depends on it.
    pub resources: BTreeSet<String>,
    /// Whatever else is worth knowing.
    pub notes: Option<String>,
}

/// How a row names a credential.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// By its value, of which this is kept, or by the fingerprint itself.
    Token {
        /// Its public name.
        fingerprint: Fingerprint,
        /// What sort of credential it is.
        kind: Kind,
        /// Its last four characters.
        last4: Option<String>,
    },
    /// By the Hub's identifier.
    Listed {
        /// The organisation that lists it, which a new identity needs.
        organisation: Option<String>,
        /// The identifier.
        hub_id: String,
        /// Its last four characters.
        last4: Option<String>,
    },
    /// By its last four characters alone: one that is known already.
    Ending {
        /// The characters.
        last4: String,
    },
}

/// What is wrong with a file or with one of its lines. It quotes no cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The line, from 1.
    pub line: u64,
    /// In a sentence without a full stop.
    pub what: String,
}

/// The rows of a file that can be understood, and what is wrong with the others.
///
/// # Errors
///
/// What is wrong with the header, in which case no row means anything.
pub fn read(table: &[u8]) -> Result<(Vec<Row>, Vec<Complaint>), Complaint> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table);
    let header = reader.headers().map_err(|error| unreadable(&error))?.clone();
    let columns = columns::of(&header)?;
    let detector = Detector::new(Options::default());
    let (mut rows, mut complaints) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    let mut lines = Lines { table, at: 0, line: 1 };
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok((rows, complaints)),
            Ok(true) => {}
            Err(error) => {
                let line = lines.of(error.position());
                complaints.push(Complaint { line, ..unreadable(&error) });
                continue;
            }
        }
        let line = lines.of(record.position());
        match Cells::new(&columns, &record, &detector).and_then(|cells| cells.row(line)) {
            Ok(None) => {}
            Ok(Some(row)) if seen.insert(row.subject.clone()) => rows.push(row),
            Ok(Some(_)) => complaints
                .push(Complaint { line, what: "an earlier line names the same token".to_owned() }),
            Err(what) => complaints.push(Complaint { line, what }),
        }
    }
}

/// What is wrong, without the content: it could be a token.
fn unreadable(error: &csv::Error) -> Complaint {
    let what = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8",
        _ => "it is not CSV",
    };
    Complaint { line: 1, what: what.to_owned() }
}

/// Counts lines from front to back. The reader of CSV counts the end of a line to the next one where that is
/// two characters.
struct Lines<'a> {
    table: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.and_then(|position| usize::try_from(position.byte()).ok());
        let start = start.unwrap_or(self.at).max(self.at);
        let rest = self.table.get(start..).unwrap_or_default();
        let start = start + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = self.table.get(self.at..start).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.at = start;
        self.line
    }
}

#[cfg(test)]
mod tests;
