//! Reading that ends with the hunt.

use std::io::{self, Read, Seek, SeekFrom};

use bearhug_core::{Flow, Sink};

/// A reader that fails once the hunt is to stop. What a format's reader steps over is read too, and
/// may be large without end, as sparse files are.
pub(crate) struct Stopping<'a, T> {
    pub(crate) inner: T,
    pub(crate) sink: &'a dyn Sink,
}

impl<T> Stopping<'_, T> {
    fn goes_on(&self) -> io::Result<()> {
        match self.sink.flow() {
            Flow::Continue => Ok(()),
            Flow::Stop => Err(io::Error::other("the hunt was stopped")),
        }
    }
}

impl<T: Read> Read for Stopping<'_, T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.goes_on()?;
        self.inner.read(buffer)
    }
}

impl<T: Seek> Seek for Stopping<'_, T> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.goes_on()?;
        self.inner.seek(to)
    }
}
