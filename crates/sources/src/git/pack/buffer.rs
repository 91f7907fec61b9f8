//! Room for objects, used again and again.

use std::ops::Deref;

/// How much longer a buffer is than what it holds. Inflating and copying are fast as long as they
/// are this far from the end, which for most objects would be never.
const SLACK: usize = 512;

/// An object, and slack behind it.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    len: usize,
}

impl Buffer {
    /// Makes room for an object of this size and returns it with the slack. What it holds until it
    /// is written is left over from earlier objects.
    pub(crate) fn room(&mut self, len: usize) -> &mut [u8] {
        if self.bytes.len() < len + SLACK {
            self.bytes.resize(len + SLACK, 0);
        }
        self.len = len;
        &mut self.bytes[..len + SLACK]
    }

    /// The object, and what lies behind it.
    pub(crate) fn padded(&self) -> &[u8] {
        &self.bytes
    }

    /// How much memory it takes.
    pub(crate) fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl From<Vec<u8>> for Buffer {
    fn from(bytes: Vec<u8>) -> Self {
        let len = bytes.len();
        let mut buffer = Self { bytes, len };
        buffer.room(len);
        buffer
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// Buffers that are not in use.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    free: Vec<Buffer>,
}

/// A buffer that has grown beyond this is not kept.
const KEPT: usize = 4 << 20;

impl Pool {
    pub(crate) fn take(&mut self) -> Buffer {
        self.free.pop().unwrap_or_default()
    }

    pub(crate) fn give(&mut self, buffer: Option<Buffer>) {
        self.free.extend(buffer.filter(|buffer| buffer.capacity() <= KEPT));
    }
}
