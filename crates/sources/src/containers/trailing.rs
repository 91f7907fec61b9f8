//! A reader that keeps what it read last.

use std::io::{self, Read};

/// How much is kept, in bytes: more than any decoder reads ahead.
const KEPT: usize = 1 << 17;

/// A reader that keeps what it read last, since whoever reads from it may have read ahead and lost it.
pub(super) struct Trailing<R> {
    pub(super) inner: R,
    /// The last of what was read. It is cut now and then, not at every read.
    last: Vec<u8>,
    pub(super) position: u64,
    /// Whether it failed, so that there is nothing behind.
    pub(super) has_failed: bool,
}

impl<R: Read> Trailing<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, last: Vec::new(), position: 0, has_failed: false }
    }

    /// What was read last, and what has not been read.
    pub(super) fn rest(self) -> impl Read {
        let left = if self.has_failed { 0 } else { u64::MAX };
        io::Cursor::new(self.last).chain(self.inner.take(left))
    }
}

impl<R: Read> Read for Trailing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).inspect_err(|error| {
            self.has_failed |= error.kind() != io::ErrorKind::Interrupted;
        })?;
        self.position = self.position.saturating_add(read as u64);
        self.last.extend_from_slice(&buffer[read.saturating_sub(KEPT)..read]);
        if self.last.len() > 2 * KEPT {
            self.last.drain(..self.last.len() - KEPT);
        }
        Ok(read)
    }
}
