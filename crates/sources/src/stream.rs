//! Bytes that come once, in order, and from nowhere that could be read again.

use std::{
    io::{ErrorKind, Read},
    sync::Mutex,
};

use bearhug_core::{Blob, Flow, Gap, GapReason, Lines, Origin, Sink, Source};

pub use crate::pieces::Overlap;
use crate::pieces::PIECE;

/// A stream, such as the standard input.
pub struct Stream<R> {
    origin: Origin,
    // A source is walked by shared reference, and reading needs more; it is read once.
    reader: Mutex<R>,
    overlap: Overlap,
}

impl<R: Read + Send> Stream<R> {
    /// A stream that reports say `origin` of.
    pub fn new(origin: Origin, reader: R, overlap: Overlap) -> Self {
        Self { origin, reader: Mutex::new(reader), overlap }
    }
}

impl<R: Read + Send> Source for Stream<R> {
    fn walk(&self, sink: &dyn Sink) {
        let Ok(mut reader) = self.reader.lock() else { return };
        deliver(&mut *reader, &self.origin, self.overlap, sink);
    }
}

/// Reads everything from `reader` and delivers it in overlapping pieces.
pub(crate) fn deliver(reader: &mut dyn Read, origin: &Origin, overlap: Overlap, sink: &dyn Sink) {
    let mut buffer = vec![0; overlap.before + PIECE + overlap.after];
    let (mut held, mut own_from) = (0, 0);
    let (mut offset, mut line) = (0, 1);
    loop {
        let read = match fill(reader, &mut buffer[held..]) {
            Ok(read) => read,
            Err(error) => {
                let reason = GapReason::Unreadable(error.to_string());
                return sink.gap(Gap { origin: origin.clone(), reason });
            }
        };
        held += read;
        let is_last = held < buffer.len();
        let own_to = if is_last { held } else { held - overlap.after };
        let (bytes, lines) = (&buffer[..held], Lines::From(line));
        sink.blob(&Blob { origin, bytes, own: own_from..own_to, offset, lines });
        if is_last {
            return sink.done();
        }
        if sink.flow() == Flow::Stop {
            return;
        }
        let keep_from = own_to - overlap.before;
        line += memchr::memchr_iter(b'\n', &buffer[..keep_from]).count() as u64;
        offset += keep_from as u64;
        buffer.copy_within(keep_from..held, 0);
        (held, own_from) = (held - keep_from, overlap.before);
    }
}

/// Reads until the buffer is full or the stream ends.
pub(crate) fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> std::io::Result<usize> {
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
