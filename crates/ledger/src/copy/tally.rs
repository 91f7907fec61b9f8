//! Counts and digests rows as they pass, and looks through the chain of events and its checkpoints.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::{Copied, CopiedTable, CopyError, row::Row, table::TABLES};
use crate::chain::{Anchor, Checkpoint, GENESIS, Head, Verifier};

/// What passed so far, of each table.
pub(super) struct Tally {
    tables: Vec<(u64, Sha256)>,
    checkpoints: Vec<Checkpoint>,
    anchor: Option<Anchor>,
    /// Reads the events, once all checkpoints have passed.
    verifier: Option<Verifier>,
}

impl Tally {
    /// Nothing so far. What passes is held to an anchor, if there is one.
    pub(super) fn new(anchor: Option<Anchor>) -> Self {
        let tables = TABLES.iter().map(|_| (0, Sha256::new())).collect();
        Self { tables, checkpoints: Vec::new(), anchor, verifier: None }
    }

    /// Adds a row of the table with this index.
    pub(super) fn add(&mut self, index: usize, row: &Row) {
        if let Some((rows, digest)) = self.tables.get_mut(index) {
            *rows += 1;
            // Texts, numbers and nulls can always be written.
            digest.update(serde_json::to_vec(row.values()).unwrap_or_default());
            digest.update(b"\n");
        }
        match TABLES.get(index).map(|table| table.name) {
            Some("checkpoint") => self.checkpoints.push(row.checkpoint()),
            Some("event") => self.verifier().read(&row.event()),
            _ => {}
        }
    }

    /// What the events are held to. Whose keys are to be trusted is for whoever reads the copy to say:
    /// here every signature counts that is by the key that it names.
    fn verifier(&mut self) -> &mut Verifier {
        self.verifier.get_or_insert_with(|| {
            let signers: BTreeSet<_> =
                self.checkpoints.iter().filter_map(Checkpoint::signer).collect();
            Verifier::from_the_start()
                .with_checkpoints(&self.checkpoints, &Vec::from_iter(signers))
                .with_anchor(self.anchor.take())
        })
    }

    /// What passed. Fails if the chain of events is broken. `noted` is what its ledger noted of the
    /// end.
    pub(super) fn finish(mut self, noted: Option<Head>) -> Result<Copied, CopyError> {
        self.verifier();
        let mut tables = Vec::new();
        for (table, (rows, digest)) in TABLES.iter().zip(self.tables) {
            tables.push(CopiedTable { name: table.name, rows, digest: digest.finalize().into() });
        }
        let end = noted.unwrap_or((u64::MAX, GENESIS));
        let seen = self.verifier.unwrap_or_else(Verifier::from_the_start).finish(end);
        let head = (seen.last, seen.hash);
        if !seen.faults.is_empty() {
            return Err(CopyError::of(seen.faults));
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
