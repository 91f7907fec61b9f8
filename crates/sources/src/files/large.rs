//! Files that are searched in pieces, by every thread at once.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt as _,
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    thread,
};

use bearhug_core::{Blob, Breaks, Flow, Gap, GapReason, LineIndex, Lines, Origin, Sink};

use super::{Open, Options};
use crate::{
    containers::{Budget, Opener},
    pieces::PIECE,
};

/// A file that does not fit in one buffer.
pub(super) struct Large {
    pub(super) path: PathBuf,
    pub(super) open: Open,
    pub(super) origin: Origin,
    pub(super) size: u64,
    /// Whether to open what is embedded in it, and at what cost.
    pub(super) budget: Option<Budget>,
}

impl Large {
    fn pieces(&self) -> u64 {
        self.size.div_ceil(PIECE as u64).max(1)
    }
}

/// Delivers every piece of every file.
pub(super) fn deliver(files: &[Large], options: &Options, sink: &dyn Sink) {
    let mut total = 0;
    let shared: Vec<Shared<'_>> = files
        .iter()
        .map(|large| {
            let first = total;
            total += large.pieces();
            Shared::new(large, first)
        })
        .collect();
    let next = AtomicU64::new(0);
    let threads = u64::try_from(options.threads).unwrap_or(1).clamp(1, total.max(1));
    let opener = Opener { sink, reading: options.reading };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(&shared, &next, &opener));
        }
    });
}

/// A file that several threads read.
///
/// It is open from its first piece to its last. Pieces are taken in order, so no more files are
/// open at a time than there are threads, however many there are to read.
struct Shared<'a> {
    large: &'a Large,
    /// The running number of its first piece.
    first: u64,
    /// How many of its pieces are still to come.
    left: AtomicUsize,
    /// Whether a piece could not be read.
    failed: AtomicBool,
    file: Mutex<Option<Arc<File>>>,
    lines: Arc<LineIndex>,
}

impl<'a> Shared<'a> {
    fn new(large: &'a Large, first: u64) -> Self {
        let pieces = usize::try_from(large.pieces()).unwrap_or(usize::MAX);
        Self {
            large,
            first,
            left: AtomicUsize::new(pieces),
            failed: AtomicBool::new(false),
            file: Mutex::default(),
            lines: Arc::default(),
        }
    }

    fn open(&self) -> io::Result<Arc<File>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &*file {
            return Ok(Arc::clone(file));
        }
        Ok(Arc::clone(file.insert(Arc::new((self.large.open)(&self.large.path)?))))
    }

    fn close(&self) {
        drop(self.file.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

fn unreadable(large: &Large, error: &io::Error) -> Gap {
    Gap { origin: large.origin.clone(), reason: GapReason::Unreadable(error.to_string()) }
}

/// Takes pieces until there are none.
fn work(files: &[Shared<'_>], next: &AtomicU64, opener: &Opener<'_>) {
    let (sink, overlap) = (opener.sink, opener.reading.overlap);
    let mut buffer = vec![0; overlap.before + PIECE + overlap.after];
    while sink.flow() == Flow::Continue {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let Some(shared) = holding(files, number) else { return };
        let outcome = search(shared, number - shared.first, &mut buffer, opener);
        if let Err(error) = &outcome {
            sink.gap(unreadable(shared.large, error));
            shared.failed.store(true, Ordering::Relaxed);
        }
        if shared.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            shared.close();
            if !shared.failed.load(Ordering::Relaxed) {
                sink.done();
            }
        }
    }
}

/// The file that the piece of this running number belongs to.
fn holding<'a, 'b>(files: &'b [Shared<'a>], number: u64) -> Option<&'b Shared<'a>> {
    let after = files.partition_point(|shared| shared.first <= number);
    let shared = &files[after.checked_sub(1)?];
    (number - shared.first < shared.large.pieces()).then_some(shared)
}

fn search(
    shared: &Shared<'_>,
    piece: u64,
    buffer: &mut [u8],
    opener: &Opener<'_>,
) -> io::Result<()> {
    let (large, overlap) = (shared.large, opener.reading.overlap);
    let own_from = piece * PIECE as u64;
    let own_to = (own_from + PIECE as u64).min(large.size);
    let offset = own_from.saturating_sub(overlap.before as u64);
    let end = (own_to + overlap.after as u64).min(large.size);
    let within = |position: u64| usize::try_from(position - offset).unwrap_or(usize::MAX);
    let bytes = &mut buffer[..within(end)];
    shared.open()?.read_exact_at(bytes, offset)?;
    let own = within(own_from)..within(own_to);
    let number = usize::try_from(piece).unwrap_or(usize::MAX);
    shared.lines.record(number, Breaks::in_text(&bytes[own.clone()], own_from));
    let lines = Lines::Piece { index: &shared.lines, number };
    let blob = Blob { origin: &large.origin, bytes, own, offset, lines, outline: &[] };
    let leads = opener.sink.blob(&blob);
    let Some(budget) = &large.budget else { return Ok(()) };
    for lead in opener.piece(&leads, &blob, Some(budget)) {
        let start = offset + lead.at as u64;
        let held = opener.reading.containers.map_or(0, |limits| limits.held);
        let length = (large.size - start).min(held);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        shared.open()?.read_exact_at(&mut bytes, start)?;
        let goes_on = start + length < large.size;
        let rest = Blob { offset: start, ..Blob::whole(&large.origin, &bytes) };
        opener.reaching(lead, (&rest, goes_on), budget);
    }
    Ok(())
}
