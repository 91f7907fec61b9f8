//! Counts and digests rows as they pass, and looks through the chain of events.

use sha2::{Digest as _, Sha256};

use super::{Copied, CopiedTable, CopyError, row::Row, table::TABLES};
use crate::chain::{GENESIS, Head, Verifier};

/// What passed so far, of each table.
pub(super) struct Tally {
    tables: Vec<(u64, Sha256)>,
    verifier: Verifier,
}

impl Default for Tally {
    fn default() -> Self {
        let tables = TABLES.iter().map(|_| (0, Sha256::new())).collect();
        Self { tables, verifier: Verifier::from_the_start() }
    }
}

impl Tally {
    /// Adds a row of the table with this index.
    pub(super) fn add(&mut self, index: usize, row: &Row) {
        if let Some((rows, digest)) = self.tables.get_mut(index) {
            *rows += 1;
            // Texts, numbers and nulls can always be written.
            digest.update(serde_json::to_vec(row.values()).unwrap_or_default());
            digest.update(b"\n");
        }
        if TABLES.get(index).is_some_and(|table| table.name == "event") {
            self.verifier.read(&row.event());
        }
    }

    /// What passed. Fails if the chain of events is broken. `noted` is what its ledger noted of the
    /// end.
    pub(super) fn finish(self, noted: Option<Head>) -> Result<Copied, CopyError> {
        let mut tables = Vec::new();
        for (table, (rows, digest)) in TABLES.iter().zip(self.tables) {
            tables.push(CopiedTable { name: table.name, rows, digest: digest.finalize().into() });
        }
        let end = noted.unwrap_or((u64::MAX, GENESIS));
        let seen = self.verifier.finish(end);
        let head = (seen.last, seen.hash);
        if !seen.faults.is_empty() {
            return Err(CopyError::Broken(seen.faults));
        }
        if noted.is_some_and(|noted| noted != head) {
            return Err(CopyError::Broken(vec![head_fault(head)]));
        }
        Ok(Copied { tables, head })
    }
}

fn head_fault((seq, _): Head) -> bearhug_core::chain::Fault {
    let kind = bearhug_core::chain::FaultKind::Head;
    bearhug_core::chain::Fault { first: seq, last: seq, kind }
}
