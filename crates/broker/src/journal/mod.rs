//! What a broker writes down before it lets a request through, and after.
//!
//! A record is one line of JSON. A thread writes all that has come since it wrote last with one call, and
//! a request is forwarded only when its decision is with the kernel, so that it is there whatever becomes
//! of the process. With [`Durability::Disk`] it is on the disk.

mod account;
mod reader;
mod record;
mod writer;

use std::{
    io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
};

use data_encoding::HEXLOWER;
use tokio::sync::oneshot;

pub(crate) use self::account::Account;
use self::writer::Job;
pub use self::{
    reader::{Reading, read},
    record::{Completion, Decision, How, Record, Verdict},
};

/// What a record survives when its request is forwarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// The death of the process.
    Kernel,
    /// The death of the machine.
    Disk,
}

/// That a record could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the journal cannot be written: {0}")]
pub struct JournalError(String);

/// What a broker writes down.
#[derive(Debug, Clone)]
pub struct Journal {
    jobs: mpsc::Sender<Job>,
    run: Arc<str>,
    next: Arc<AtomicU64>,
}

impl Journal {
    /// Goes on with a journal, or starts one, which only this process may write.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, or another process writes it.
    pub fn open(path: &Path, durability: Durability) -> io::Result<Self> {
        let jobs = writer::start(path, durability)?;
        let run = HEXLOWER.encode(&rand::random::<[u8; 8]>());
        Ok(Self { jobs, run: run.into(), next: Arc::default() })
    }

    /// A name for a request that no other has, in this journal or another.
    pub(crate) fn name(&self) -> String {
        format!("{}-{}", self.run, self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Writes a record, and returns when it is written.
    pub(crate) async fn write(&self, record: &Record) -> Result<(), JournalError> {
        let (done, written) = oneshot::channel();
        let gone = || JournalError("its writer has stopped".to_owned());
        self.jobs.send(Job { line: record.line(), done: Some(done) }).map_err(|_| gone())?;
        written.await.map_err(|_| gone())?.map_err(JournalError)
    }

    /// Hands over a record that nobody waits for. Without it the request stands as one whose end is not
    /// known, which is what a reader reports.
    pub(crate) fn note(&self, record: &Record) {
        self.jobs.send(Job { line: record.line(), done: None }).unwrap_or_default();
    }
}
