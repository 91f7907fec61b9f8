//! How much one file's containers may cost.

use std::{
    cell::Cell,
    io::{self, Read},
};

use bearhug_core::{Flow, GapReason, Sink};

use super::Limits;

/// How many bytes any file may be unpacked to, however small it is.
const FREE: u64 = 1 << 30;

/// How many more for each byte of the file. No honest file has been seen to need it.
const MOST_RATIO: u64 = 100;

/// What one file's containers have cost so far, and what they may cost.
pub(super) struct Budget {
    limits: Limits,
    parts: Cell<u64>,
    /// How many bytes were read of the file itself.
    read: Cell<u64>,
    unpacked: Cell<u64>,
    /// How many bytes are held in memory of what cannot be read from front to back.
    held: Cell<u64>,
    /// Whether the limit that was exceeded has been reported.
    reported: Cell<bool>,
}

impl Budget {
    /// The budget of a file of which `size` bytes are at hand.
    pub(super) fn new(limits: Limits, size: u64) -> Self {
        Self {
            limits,
            parts: Cell::new(0),
            read: Cell::new(size),
            unpacked: Cell::new(0),
            held: Cell::new(0),
            reported: Cell::new(false),
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
        let most = self.limits.held.saturating_sub(self.held.get());
        let more = (most + 1).saturating_sub(bytes.len() as u64);
        content.take(more).read_to_end(bytes)?;
        let size = bytes.len() as u64;
        Ok((size <= most).then(|| {
            self.held.set(self.held.get() + size);
            Hold { budget: self, size }
        }))
    }

    pub(super) fn count_part(&self) {
        self.parts.set(self.parts.get() + 1);
    }

    /// How many bytes have been unpacked.
    pub(super) fn unpacked(&self) -> u64 {
        self.unpacked.get()
    }

    /// The limit that was exceeded, if one was.
    pub(super) fn exceeded(&self) -> Option<GapReason> {
        let limit = self.limits.parts;
        if self.parts.get() > limit {
            return Some(GapReason::TooManyParts { limit });
        }
        let limit = most_unpacked(self.limits, self.read.get());
        (self.unpacked.get() > limit).then_some(GapReason::TooMuchUnpacked { limit })
    }

    /// The limit that was exceeded, the first time it is asked for.
    pub(super) fn to_report(&self) -> Option<GapReason> {
        self.exceeded().filter(|_| !self.reported.replace(true))
    }

    fn add(counter: &Cell<u64>, bytes: usize) {
        counter.set(counter.get().saturating_add(bytes as u64));
    }
}

/// The claim of what is held in memory on its file's budget.
pub(super) struct Hold<'a> {
    budget: &'a Budget,
    size: u64,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.budget.held.set(self.budget.held.get() - self.size);
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
        Budget::add(&self.budget.read, read);
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
        Budget::add(&self.budget.unpacked, read);
        match self.budget.exceeded() {
            None => Ok(read),
            Some(_) => Err(io::Error::other("the budget is spent")),
        }
    }
}
