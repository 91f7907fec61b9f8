//! Readers of what says beforehand how long it is.

use std::io::Read;

/// A reader that fails unless it gives as many bytes as it should.
pub(crate) struct Exactly<R> {
    reader: R,
    left: u64,
}

impl<R: Read> Exactly<R> {
    pub(crate) fn new(reader: R, size: u64) -> Self {
        Self { reader, left: size }
    }
}

impl<R: Read> Read for Exactly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let wrong = || std::io::Error::other("its size is not what it inflates to");
        self.left = self.left.checked_sub(read as u64).ok_or_else(wrong)?;
        if read == 0 && self.left > 0 && !buffer.is_empty() {
            return Err(wrong());
        }
        Ok(read)
    }
}
