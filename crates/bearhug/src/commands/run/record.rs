//! What a command did with its lease, from the journal into the ledger.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder, File},
    io::BufReader,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    process,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_broker::journal::{self, Decision, How, Record, Verdict};
use bearhug_core::{Fingerprint, lease::Lease};
use jiff::Timestamp;

use crate::{
    cli::WhichLedger,
    error::CommandError,
    ledger::{Ledger, requests, state_folder},
    words,
};

/// How many denials are told one by one.
const TOLD: usize = 10;

/// What a command did.
#[derive(Debug, Default)]
pub(super) struct Tally {
    allowed: u64,
    /// What was denied and why, with how often.
    denied: BTreeMap<(String, String), u64>,
    /// What each request was about that was let through.
    operations: BTreeMap<String, String>,
    /// Where it can be read.
    kept: Option<String>,
}

impl Tally {
    fn count(&mut self, record: &Record) {
        match record {
            Record::Decision(decision) if decision.verdict == Verdict::Allowed => {
                self.operations.insert(decision.request.clone(), operation(decision));
            }
            Record::Decision(decision) => {
                let why = decision.why.clone().unwrap_or_default();
                *self.denied.entry((operation(decision), why)).or_default() += 1;
            }
            Record::Completion(end) => {
                let operation = self.operations.remove(&end.request).unwrap_or_default();
                if end.how == How::Denied {
                    let why = requests::ASKED_FOR_MORE.to_owned();
                    *self.denied.entry((operation, why)).or_default() += 1;
                } else {
                    self.allowed += 1;
                }
            }
        }
    }

    /// What was denied, a line each.
    pub(super) fn denied(&self) -> Vec<String> {
        let line = |((what, why), times): (&(String, String), &u64)| match times {
            1 => format!("denied: {what}: {why}"),
            times => format!("denied, {times} times: {what}: {why}"),
        };
        let mut lines: Vec<_> = self.denied.iter().take(TOLD).map(line).collect();
        let more = self.denied.len().saturating_sub(TOLD);
        if more > 0 {
            lines.push(format!("and {more} more of other sorts"));
        }
        lines
    }

    /// All of it in a line.
    pub(super) fn summary(&self) -> String {
        let denied: u64 = self.denied.values().sum();
        let unfinished = match self.operations.len() {
            0 => String::new(),
            n => format!(", {n} cut short"),
        };
        let kept = self.kept.as_deref().unwrap_or_default();
        let requests = if self.allowed == 1 { "request" } else { "requests" };
        format!(
            "the lease has ended: {} {requests}{unfinished}, {denied} denied{kept}",
            self.allowed
        )
    }
}

/// What a request was about, as far as that is known.
fn operation(decision: &Decision) -> String {
    decision.operation.clone().unwrap_or_else(|| decision.method.clone())
}

/// Where a journal is written: where the user says, or else in a file of its own among what this program
/// keeps.
pub(super) fn path(named: Option<&Path>) -> Result<PathBuf, CommandError> {
    if let Some(path) = named {
        // What is there is not ours to add to, and would be taken for what this command did.
        let made = File::options().write(true).create_new(true).mode(0o600).open(path);
        made.map_err(|error| CommandError::file("make", path, error))?;
        return Ok(path.to_owned());
    }
    let folder = state_folder()?.join("bearhug/journals");
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
    made.map_err(|error| CommandError::file("make", &folder, error))?;
    let started = Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
    Ok(folder.join(format!("{started}-{}.jsonl", process::id())))
}

/// What was lent, and where what was done with it goes.
pub(super) struct Ledgering<'a> {
    pub(super) lease: &'a Lease,
    pub(super) token: Fingerprint,
    pub(super) which: &'a WhichLedger,
    /// The address that the configuration names.
    pub(super) configured: Option<&'a str>,
    /// Whether the user asked for the journal.
    pub(super) is_kept: bool,
}

/// Reads a journal that is complete, and brings it into the ledger, if there is one. A journal that the
/// user did not ask for is then gone.
pub(super) fn close(path: &Path, to: &Ledgering<'_>) -> Result<Tally, CommandError> {
    let unread = |error| CommandError::file("read", path, error);
    let mut tally = Tally::default();
    let mut records = Vec::new();
    let file = File::open(path).map_err(unread)?;
    let reading = journal::read(BufReader::new(file), |record| {
        tally.count(record);
        records.push(record.clone());
    });
    reading.map_err(unread)?;
    let is_in_ledger = enter(to, &records).unwrap_or_else(|error| {
        words::say(&error.to_string());
        false
    });
    tally.kept = Some(match (to.is_kept, is_in_ledger) {
        (false, true) => {
            fs::remove_file(path).map_err(|error| CommandError::file("remove", path, error))?;
            "; `bearhug event list` has each".to_owned()
        }
        _ => format!("; each is in {}", path.display()),
    });
    Ok(tally)
}

/// Enters what was done into the ledger. Whether there is one.
fn enter(to: &Ledgering<'_>, records: &[Record]) -> Result<bool, CommandError> {
    // The command is over, and nobody waits who could interrupt.
    let stop = Arc::new(AtomicBool::new(false));
    let Some(ledger) = Ledger::open_if_there(to.which, to.configured, &stop)? else {
        return Ok(false);
    };
    requests::record(&ledger, to.lease, to.token, records)?;
    Ok(true)
}
