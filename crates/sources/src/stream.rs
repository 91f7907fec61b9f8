//! Bytes that come once, in order, and from nowhere that could be read again.

use std::{
    io::{self, ErrorKind, Read},
    sync::{Mutex, PoisonError},
};

use bearhug_core::{Blob, Flow, Gap, GapReason, Lines, Origin, Sink, Source};

pub use crate::pieces::Overlap;
use crate::{patient::Patient, pieces::PIECE};

/// A stream, such as the standard input.
pub struct Stream<R> {
    origin: Origin,
    // A source is walked by shared reference, and reading needs more; it is read once.
    reader: Mutex<Option<R>>,
    overlap: Overlap,
}

impl<R: Read + Send + 'static> Stream<R> {
    /// A stream that reports say `origin` of.
    pub fn new(origin: Origin, reader: R, overlap: Overlap) -> Self {
        Self { origin, reader: Mutex::new(Some(reader)), overlap }
    }
}

impl<R: Read + Send + 'static> Source for Stream<R> {
    fn walk(&self, sink: &dyn Sink) {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reader) = reader {
            deliver_patiently(|| Ok(reader), &self.origin, self.overlap, sink);
        }
    }
}

/// Delivers everything from what may wait for ever, unless the hunt is stopped.
pub(crate) fn deliver_patiently<R: Read>(
    open: impl FnOnce() -> io::Result<R> + Send + 'static,
    origin: &Origin,
    overlap: Overlap,
    sink: &dyn Sink,
) {
    match Patient::new(open, sink) {
        Ok(mut reader) => deliver(&mut reader, origin, overlap, sink),
        Err(error) => sink.gap(unreadable(origin, &error)),
    }
}

fn unreadable(origin: &Origin, error: &io::Error) -> Gap {
    Gap { origin: origin.clone(), reason: GapReason::Unreadable(error.to_string()) }
}

/// Reads everything from `reader` and delivers it in overlapping pieces.
pub(crate) fn deliver(reader: &mut dyn Read, origin: &Origin, overlap: Overlap, sink: &dyn Sink) {
    let mut buffer = vec![0; overlap.before + PIECE + overlap.after];
    let (mut held, mut own_from) = (0, 0);
    let (mut offset, mut line) = (0, 1);
    loop {
        let read = match fill(reader, &mut buffer[held..]) {
            Ok(read) => read,
            Err(error) => return sink.gap(unreadable(origin, &error)),
        };
        held += read;
        let is_last = held < buffer.len();
        let own_to = if is_last { held } else { held - overlap.after };
        let (bytes, lines) = (&buffer[..held], Lines::From(line));
        sink.blob(&Blob { origin, bytes, own: own_from..own_to, offset, lines });
        // What was stopped may have ended early, and is not whole.
        if sink.flow() == Flow::Stop {
            return;
        }
        if is_last {
            return sink.done();
        }
        let keep_from = own_to - overlap.before;
        line += memchr::memchr_iter(b'\n', &buffer[..keep_from]).count() as u64;
        offset += keep_from as u64;
        buffer.copy_within(keep_from..held, 0);
        (held, own_from) = (held - keep_from, overlap.before);
    }
}

/// Reads until the buffer is full or the stream ends.
pub(crate) fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
