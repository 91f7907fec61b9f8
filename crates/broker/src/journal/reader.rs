//! Reading a journal back.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, Read},
};

use super::{Decision, Record, Verdict};

/// The longest record, in bytes. Texts in records are bounded far below.
const LONGEST: u64 = 1 << 20;

/// What a journal came down to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// How many records there are.
    pub records: u64,
    /// The requests that were let through and of which no end is known, by name.
    pub unfinished: BTreeMap<String, Decision>,
    /// Whether the last record is only there in part, as a process leaves it that is killed.
    pub is_torn: bool,
}

/// Reads a journal, record by record, in memory for one of them and for those that are unfinished.
///
/// # Errors
///
/// It cannot be read, or something in it is no record: somebody else wrote to it.
pub fn read(mut journal: impl BufRead, mut each: impl FnMut(&Record)) -> io::Result<Reading> {
    let mut reading = Reading::default();
    let mut line = Vec::new();
    loop {
        line.clear();
        journal.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
        let Some((b'\n', text)) = line.split_last() else {
            reading.is_torn = !line.is_empty();
            return Ok(reading);
        };
        let record: Record = serde_json::from_slice(text)?;
        each(&record);
        reading.records += 1;
        match record {
            Record::Decision(decision) if decision.verdict == Verdict::Allowed => {
                reading.unfinished.insert(decision.request.clone(), decision);
            }
            Record::Decision(_) => {}
            Record::Completion(completion) => {
                reading.unfinished.remove(&completion.request);
            }
        }
    }
}
