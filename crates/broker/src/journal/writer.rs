//! The thread that writes a journal.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::mpsc,
    thread,
};

use tokio::sync::oneshot;

use super::Durability;

/// How many bytes are written with one call at most, give or take a record.
const BATCH: usize = 256 << 10;
/// How much of a file's end is read at a time to find its last whole line.
const BLOCK: u64 = 64 << 10;

/// A record to be written.
#[derive(Debug)]
pub(super) struct Job {
    /// The line, with its end.
    pub(super) line: Vec<u8>,
    /// Who waits for it.
    pub(super) done: Option<oneshot::Sender<Result<(), String>>>,
}

/// A file of whole lines.
struct Lines {
    file: File,
    /// Its length in bytes up to the last whole line.
    whole: u64,
    durability: Durability,
    /// Whether part of a line may follow.
    is_torn: bool,
}

/// Opens a journal and starts the thread that writes it. The thread ends when nobody can hand it records
/// any more.
pub(super) fn start(path: &Path, durability: Durability) -> io::Result<mpsc::Sender<Job>> {
    let mut options = OpenOptions::new();
    let mut file =
        options.read(true).write(true).create(true).truncate(false).mode(0o600).open(path)?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => io::Error::other("another process writes this journal"),
        TryLockError::Error(error) => error,
    })?;
    let whole = whole_lines(&mut file)?;
    let mut lines = Lines { file, whole, durability, is_torn: true };
    // What a process that died left of its last record was never acted upon.
    lines.take_back()?;
    let (sender, jobs) = mpsc::channel();
    thread::Builder::new().name("journal".to_owned()).spawn(move || run(&mut lines, &jobs))?;
    Ok(sender)
}

/// The length in bytes of a file up to its last end of line.
fn whole_lines(file: &mut File) -> io::Result<u64> {
    let mut end = file.seek(SeekFrom::End(0))?;
    let mut block = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        file.seek(SeekFrom::Start(start))?;
        block.clear();
        Read::by_ref(file).take(end - start).read_to_end(&mut block)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn run(lines: &mut Lines, jobs: &mpsc::Receiver<Job>) {
    let mut batch = Vec::new();
    while let Ok(first) = jobs.recv() {
        batch.clear();
        let mut waiting = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next {
            batch.extend_from_slice(&job.line);
            waiting.extend(job.done);
            next = if batch.len() < BATCH { jobs.try_recv().ok() } else { None };
        }
        let written = lines.append(&batch).map_err(|error| error.to_string());
        for done in waiting {
            // Whoever waited may have gone.
            done.send(written.clone()).unwrap_or_default();
        }
    }
}

impl Lines {
    fn append(&mut self, batch: &[u8]) -> io::Result<()> {
        if self.is_torn {
            // A record must not be glued to half of another.
            self.take_back()?;
        }
        let written = self.file.write_all(batch).and_then(|()| match self.durability {
            Durability::Kernel => Ok(()),
            Durability::Disk => self.file.sync_data(),
        });
        match written {
            Ok(()) => {
                self.whole += batch.len() as u64;
                Ok(())
            }
            Err(error) => {
                self.is_torn = true;
                Err(error)
            }
        }
    }

    /// Forgets what follows the last whole line.
    fn take_back(&mut self) -> io::Result<()> {
        self.file.set_len(self.whole)?;
        self.file.seek(SeekFrom::Start(self.whole))?;
        self.is_torn = false;
        Ok(())
    }
}
