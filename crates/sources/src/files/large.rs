//! Files that are searched in pieces, by every thread at once.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt as _,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    thread,
};

use bearhug_core::{Blob, Breaks, Flow, Gap, GapReason, LineIndex, Lines, Origin, Sink};

use super::Options;
use crate::{pieces::PIECE, stream::Overlap};

/// A file that does not fit in one buffer.
pub(super) struct Large {
    pub(super) path: PathBuf,
    pub(super) origin: Origin,
    pub(super) size: u64,
}

impl Large {
    fn pieces(&self) -> u64 {
        self.size.div_ceil(PIECE as u64).max(1)
    }
}

/// Delivers every piece of every file.
pub(super) fn deliver(files: &[Large], options: &Options, sink: &dyn Sink) {
    let opened: Vec<Opened<'_>> =
        files.iter().filter_map(|large| Opened::open(large, sink)).collect();
    let total: u64 = opened.iter().map(|o| o.large.pieces()).sum();
    let next = AtomicU64::new(0);
    let threads = u64::try_from(options.threads).unwrap_or(1).clamp(1, total.max(1));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(&opened, &next, options.overlap, sink));
        }
    });
}

/// One open file and how many of its pieces are still to come.
struct Opened<'a> {
    large: &'a Large,
    file: File,
    left: AtomicUsize,
    lines: Arc<LineIndex>,
}

impl<'a> Opened<'a> {
    fn open(large: &'a Large, sink: &dyn Sink) -> Option<Self> {
        match File::open(&large.path) {
            Ok(file) => {
                let pieces = usize::try_from(large.pieces()).unwrap_or(usize::MAX);
                let lines = Arc::new(LineIndex::new(pieces));
                Some(Self { large, file, left: AtomicUsize::new(pieces), lines })
            }
            Err(error) => {
                sink.gap(unreadable(large, &error));
                None
            }
        }
    }
}

fn unreadable(large: &Large, error: &io::Error) -> Gap {
    Gap { origin: large.origin.clone(), reason: GapReason::Unreadable(error.to_string()) }
}

/// Takes pieces until there are none.
fn work(files: &[Opened<'_>], next: &AtomicU64, overlap: Overlap, sink: &dyn Sink) {
    let mut buffer = vec![0; overlap.before + PIECE + overlap.after];
    while sink.flow() == Flow::Continue {
        let Some((opened, piece)) = nth(files, next.fetch_add(1, Ordering::Relaxed)) else {
            return;
        };
        match search(opened, piece, overlap, (&mut buffer, sink)) {
            Ok(()) => {
                if opened.left.fetch_sub(1, Ordering::Relaxed) == 1 {
                    sink.done();
                }
            }
            Err(error) => sink.gap(unreadable(opened.large, &error)),
        }
    }
}

/// The file and the piece of it that a running number stands for.
fn nth<'a, 'b>(files: &'b [Opened<'a>], mut number: u64) -> Option<(&'b Opened<'a>, u64)> {
    for opened in files {
        match number.checked_sub(opened.large.pieces()) {
            Some(rest) => number = rest,
            None => return Some((opened, number)),
        }
    }
    None
}

fn search(
    opened: &Opened<'_>,
    piece: u64,
    overlap: Overlap,
    (buffer, sink): (&mut [u8], &dyn Sink),
) -> io::Result<()> {
    let large = opened.large;
    let own_from = piece * PIECE as u64;
    let own_to = (own_from + PIECE as u64).min(large.size);
    let offset = own_from.saturating_sub(overlap.before as u64);
    let end = (own_to + overlap.after as u64).min(large.size);
    let within = |position: u64| usize::try_from(position - offset).unwrap_or(usize::MAX);
    let bytes = &mut buffer[..within(end)];
    opened.file.read_exact_at(bytes, offset)?;
    let own = within(own_from)..within(own_to);
    let number = usize::try_from(piece).unwrap_or(usize::MAX);
    opened.lines.record(number, Breaks::in_text(&bytes[own.clone()], own_from));
    let lines = Lines::Piece { index: &opened.lines, number };
    sink.blob(&Blob { origin: &large.origin, bytes, own, offset, lines });
    Ok(())
}
