//! How much one file's containers may cost.

use std::{
    io::{self, Read},
    sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
};

use bearhug_core::{Flow, GapReason, Sink};

use super::Limits;

/// How many bytes any file may be unpacked to, however small it is.
const FREE: u64 = 1 << 30;

/// How many more for each byte of the file. No honest file has been seen to need it.
const MOST_RATIO: u64 = 100;

/// What one file's containers have cost so far, and what they may cost. The threads that read the
/// pieces of a large file share it.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: Limits,
    parts: AtomicU64,
    /// How many bytes were read of the file itself.
    read: AtomicU64,
    unpacked: AtomicU64,
    /// How many bytes are held in memory of what cannot be read from front to back.
    held: AtomicU64,
    /// Whether the limit that was exceeded has been reported.
    reported: AtomicBool,
}

impl Budget {
    /// The budget of a file of which `size` bytes are at hand.
    pub(crate) fn new(limits: Limits, size: u64) -> Self {
        Self {
            limits,
            parts: AtomicU64::new(0),
            read: AtomicU64::new(size),
            unpacked: AtomicU64::new(0),
            held: AtomicU64::new(0),
            reported: AtomicBool::new(false),
        }
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// Reads the rest of what must be held as a whole, behind what has been read of it. None if it
    /// is more than may be held, and then `bytes` is as much as was read.
    pub(super) fn hold(
        &self,
        bytes: &mut Vec<u8>,
        content: &mut dyn Read,
    ) -> io::Result<Option<Hold<'_>>> {
        let most = self.limits.held.saturating_sub(self.held.load(Relaxed));
        let more = (most + 1).saturating_sub(bytes.len() as u64);
        content.take(more).read_to_end(bytes)?;
        let size = bytes.len() as u64;
        Ok((size <= most).then(|| {
            self.held.fetch_add(size, Relaxed);
            Hold { budget: self, size }
        }))
    }

    pub(super) fn count_part(&self) {
        self.parts.fetch_add(1, Relaxed);
    }

    /// How many bytes have been unpacked.
    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked.load(Relaxed)
    }

    /// The limit that was exceeded, if one was.
    pub(super) fn exceeded(&self) -> Option<GapReason> {
        let limit = self.limits.parts;
        if self.parts.load(Relaxed) > limit {
            return Some(GapReason::TooManyParts { limit });
        }
        let limit = most_unpacked(self.limits, self.read.load(Relaxed));
        (self.unpacked.load(Relaxed) > limit).then_some(GapReason::TooMuchUnpacked { limit })
    }

    /// The limit that was exceeded, the first time it is asked for.
    pub(super) fn to_report(&self) -> Option<GapReason> {
        self.exceeded().filter(|_| !self.reported.swap(true, Relaxed))
    }

    /// Counts work that unpacks nothing as if it had unpacked so many bytes.
    pub(super) fn charge(&self, bytes: usize) {
        self.unpacked.fetch_add(bytes as u64, Relaxed);
    }
}

/// The claim of what is held in memory on its file's budget.
pub(super) struct Hold<'a> {
    budget: &'a Budget,
    size: u64,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.size, Relaxed);
    }
}

/// How many bytes a file of this size may be unpacked to.
pub(super) fn most_unpacked(limits: Limits, size: u64) -> u64 {
    let derived = FREE.saturating_add(size.saturating_mul(MOST_RATIO));
    limits.unpacked.unwrap_or(derived)
}

/// A reader of a file itself, whose length becomes known as it is read.
pub(super) struct Earning<'a> {
    pub(super) inner: &'a mut dyn Read,
    pub(super) budget: &'a Budget,
}

impl Read for Earning<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.budget.read.fetch_add(read as u64, Relaxed);
        Ok(read)
    }
}

/// A reader of what a container holds. It fails when the budget is spent or the hunt is to stop.
pub(super) struct Metered<'a, R> {
    pub(super) inner: R,
    pub(super) budget: &'a Budget,
    pub(super) sink: &'a dyn Sink,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.sink.flow() == Flow::Stop {
            return Err(io::Error::other("the hunt was stopped"));
        }
        let read = self.inner.read(buffer)?;
        self.budget.unpacked.fetch_add(read as u64, Relaxed);
        match self.budget.exceeded() {
            None => Ok(read),
            Some(_) => Err(io::Error::other("the budget is spent")),
        }
    }
}
