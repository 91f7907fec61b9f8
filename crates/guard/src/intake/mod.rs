//! Taking in an inventory that somebody kept in a table.
//!
//! [`read`] makes rows of a CSV file or says what is wrong with each line, and [`apply`] has an identity
//! follow a row. A row leaves alone what it does not say. The value of a token is taken from one column only,
//! and nothing but its fingerprint and its last four characters is kept.

mod application;
mod cells;
mod columns;

use std::{collections::BTreeSet, io};

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
/// What is wrong with the header, in which case no row means anything, and errors of `table`.
pub fn read(table: impl io::Read) -> Result<(Vec<Row>, Vec<Complaint>), Complaint> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(table);
    let header = reader.headers().map_err(|error| unreadable(&error))?.clone();
    let columns = columns::of(&header)?;
    let detector = Detector::new(Options::default());
    let (mut rows, mut complaints) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => return Ok((rows, complaints)),
            Ok(true) => {}
            Err(error) => {
                let complaint = unreadable(&error);
                let is_over = matches!(error.kind(), csv::ErrorKind::Io(_));
                complaints.push(complaint);
                if is_over {
                    return Ok((rows, complaints));
                }
                continue;
            }
        }
        let line = record.position().map_or(0, csv::Position::line);
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
    let line = error.position().map_or(1, csv::Position::line);
    let what = match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
        csv::ErrorKind::Io(error) => format!("it cannot be read: {}", error.kind()),
        _ => "it is not CSV".to_owned(),
    };
    Complaint { line, what }
}
