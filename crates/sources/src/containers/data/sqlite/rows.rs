//! Rows, read from page to page.

use std::{
    io::{self, Read},
    ops::Range,
};

use super::pages::{Pages, u32_at};

/// Where a row starts that goes on in an overflow chain.
pub(super) struct Start {
    /// What of it stands on its own page.
    pub(super) local: Vec<u8>,
    /// The number of the first page of the chain.
    pub(super) next: u32,
    /// How many bytes the chain holds.
    pub(super) left: u64,
}

impl Start {
    /// A row that was deleted, whose length is not known any more.
    pub(super) fn freed(local: Vec<u8>, next: u32) -> Self {
        Self { local, next, left: u64::MAX }
    }
}

/// Reads the rows that start on some pages, one a line. No more than a page is held.
pub(super) struct Rows<'a, 'b> {
    pages: &'a mut Pages<'b>,
    range: Range<u64>,
    find: &'a mut dyn FnMut(u64, &[u8]) -> Vec<Start>,
    /// Rows that were found and are to be read.
    pub(super) starts: Vec<Start>,
    chain: Option<(u32, u64)>,
    buffer: Vec<u8>,
    read: usize,
}

impl<'a, 'b> Rows<'a, 'b> {
    pub(super) fn new(
        pages: &'a mut Pages<'b>,
        range: Range<u64>,
        find: &'a mut dyn FnMut(u64, &[u8]) -> Vec<Start>,
    ) -> Self {
        let (starts, chain, buffer) = (Vec::new(), None, Vec::new());
        Self { pages, range, find, starts, chain, buffer, read: 0 }
    }

    /// Reads on. False at the end.
    pub(super) fn refill(&mut self) -> io::Result<bool> {
        loop {
            if let Some((next, left)) = self.chain.take() {
                if self.follow(next, left)? {
                    return Ok(true);
                }
            } else if let Some(start) = self.starts.pop() {
                self.buffer = [b"\n", start.local.as_slice()].concat();
                self.read = 0;
                self.chain = Some((start.next, start.left));
                return Ok(true);
            } else if let Some(place) = self.range.next() {
                let page = self.pages.read(place)?;
                self.starts = (self.find)(place, &page);
                self.starts.reverse();
            } else {
                return Ok(false);
            }
        }
    }

    /// Reads a page of a chain: the number of the next, and content.
    fn follow(&mut self, next: u32, left: u64) -> io::Result<bool> {
        let Some(page) = self.pages.chained(next)? else { return Ok(false) };
        let content = page.get(4..).unwrap_or_default();
        let length = usize::try_from(left).unwrap_or(usize::MAX).min(content.len());
        self.buffer = content[..length].to_vec();
        self.read = 0;
        let left = left - length as u64;
        self.chain = (left > 0 && length > 0).then_some((u32_at(&page, 0), left));
        Ok(length > 0)
    }
}

impl Read for Rows<'_, '_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.read == self.buffer.len() && !self.refill()? {
            return Ok(0);
        }
        let read = (&self.buffer[self.read..]).read(target)?;
        self.read += read;
        Ok(read)
    }
}
