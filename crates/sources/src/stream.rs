//! Bytes that come once, in order, and from nowhere that could be read again.

use std::{
    io::{self, ErrorKind, Read},
    sync::{Mutex, PoisonError},
};

use bearhug_core::{Blob, Flow, Gap, GapReason, Lead, Lines, Origin, Sink, Source};

pub use crate::pieces::Overlap;
use crate::{
    containers::{Opener, Reading},
    patient::Patient,
    pieces::PIECE,
};

/// A stream, such as the standard input.
pub struct Stream<R> {
    origin: Origin,
    // A source is walked by shared reference, and reading needs more; it is read once.
    reader: Mutex<Option<R>>,
    reading: Reading,
}

impl<R: Read + Send + 'static> Stream<R> {
    /// A stream that reports say `origin` of.
    pub fn new(origin: Origin, reader: R, reading: Reading) -> Self {
        Self { origin, reader: Mutex::new(Some(reader)), reading }
    }
}

impl<R: Read + Send + 'static> Source for Stream<R> {
    fn walk(&self, sink: &dyn Sink) {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reader) = reader {
            let opener = Opener { sink, reading: self.reading };
            deliver_patiently(|| Ok(reader), &self.origin, &opener);
        }
    }
}

/// Delivers everything from what may wait for ever, unless the hunt is stopped.
pub(crate) fn deliver_patiently<R: Read>(
    open: impl FnOnce() -> io::Result<R> + Send + 'static,
    origin: &Origin,
    opener: &Opener<'_>,
) {
    match Patient::new(open, opener.sink) {
        Ok(mut reader) => opener.stream(&mut reader, origin),
        Err(error) => {
            let reason = GapReason::Unreadable(error.to_string());
            opener.sink.gap(Gap { origin: origin.clone(), reason });
        }
    }
}

/// Reads everything from `reader` and delivers it in overlapping pieces. What is embedded in a piece
/// is handed to `follow`.
pub(crate) fn deliver(
    reader: &mut dyn Read,
    origin: &Origin,
    overlap: Overlap,
    sink: &dyn Sink,
    follow: &mut dyn FnMut(&[Lead], &Blob<'_>),
) -> io::Result<()> {
    let mut buffer = vec![0; overlap.before + PIECE + overlap.after];
    let (mut held, mut own_from) = (0, 0);
    let (mut offset, mut line) = (0, 1);
    loop {
        held += fill(reader, &mut buffer[held..])?;
        let is_last = held < buffer.len();
        let own_to = if is_last { held } else { held - overlap.after };
        let (bytes, lines) = (&buffer[..held], Lines::From(line));
        let blob = Blob { origin, bytes, own: own_from..own_to, offset, lines, outline: &[] };
        follow(&sink.blob(&blob), &blob);
        // What was stopped may have ended early, and is not whole.
        if sink.flow() == Flow::Stop {
            return Ok(());
        }
        if is_last {
            sink.done();
            return Ok(());
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
