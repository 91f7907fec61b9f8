//! The pages of a database, or of the write-ahead log beside one.

use std::{
    collections::BTreeMap,
    io::{self, Read as _, SeekFrom},
};

use crate::containers::{Seekable, inside::Cut};

/// The signatures of a write-ahead log, which says with its last bit how it sums up.
const LOG_SIGNATURES: [[u8; 4]; 2] = [[0x37, 0x7f, 6, 0x82], [0x37, 0x7f, 6, 0x83]];

const LOG_HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;

/// How many frames of a log are told apart. Each takes some bytes of memory.
const MOST_FRAMES: u64 = 1 << 21;

/// How often a page of an overflow chain may be read, for each page of the file. Honest chains share
/// none, but those of rows that were deleted may lead into what replaced them.
const READS_A_PAGE: u64 = 4;

pub(super) struct Pages<'a> {
    content: &'a mut dyn Seekable,
    page_size: u64,
    usable: u64,
    /// How many pages there are, or frames.
    count: u64,
    /// For a log: the number of the last frame that holds each page.
    frames: Option<BTreeMap<u32, u64>>,
    /// How many more pages of chains may be read.
    fuel: u64,
}

impl<'a> Pages<'a> {
    pub(super) fn new(content: &'a mut dyn Seekable) -> Result<Self, Cut> {
        let size = content.seek(SeekFrom::End(0))?;
        content.rewind()?;
        let mut header = [0; 32];
        content.read_exact(&mut header)?;
        let is_log = LOG_SIGNATURES.iter().any(|signature| header.starts_with(signature));
        let (page_size, reserved) = if is_log {
            (u64::from(u32_at(&header, 8)), 0)
        } else {
            // What does not fit in two bytes is written as one.
            let stated = u64::from(u16::from_be_bytes([header[16], header[17]]));
            (if stated == 1 { 1 << 16 } else { stated }, u64::from(header[20]))
        };
        if !page_size.is_power_of_two() || !(512..=1 << 16).contains(&page_size) {
            return Err(Cut::damaged(&"a page size that SQLite does not write"));
        }
        let count = if is_log {
            (size.saturating_sub(LOG_HEADER) / (FRAME_HEADER + page_size)).min(MOST_FRAMES)
        } else {
            (size / page_size).min(u64::from(u32::MAX))
        };
        let fuel = count * READS_A_PAGE;
        let usable = page_size - reserved;
        let mut pages = Self { content, page_size, usable, count, frames: None, fuel };
        if is_log {
            pages.frames = Some(pages.last_frames()?);
        }
        Ok(pages)
    }

    /// The bytes of a page that hold content.
    pub(super) fn usable(&self) -> u64 {
        self.usable
    }

    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Whether chains shared so many pages that they could not be followed to their ends.
    pub(super) fn is_tangled(&self) -> bool {
        self.count > 0 && self.fuel == 0
    }

    /// Whether this is the database itself, with a header and a list of its free pages.
    pub(super) fn is_database(&self) -> bool {
        self.frames.is_none()
    }

    /// Reads the page or frame at this place of the file, counted from one.
    pub(super) fn read(&mut self, place: u64) -> io::Result<Vec<u8>> {
        let offset = match self.frames {
            None => place.saturating_sub(1) * self.page_size,
            Some(_) => self.frame(place) + FRAME_HEADER,
        };
        self.content.seek(SeekFrom::Start(offset))?;
        let mut page = Vec::new();
        (&mut *self.content).take(self.usable).read_to_end(&mut page)?;
        Ok(page)
    }

    /// Reads a page of a chain by its number. Nothing if there is none, or too much was read.
    pub(super) fn chained(&mut self, number: u32) -> io::Result<Option<Vec<u8>>> {
        let place = match &self.frames {
            None => Some(u64::from(number)).filter(|place| (1..=self.count).contains(place)),
            Some(frames) => frames.get(&number).copied(),
        };
        let Some(place) = place.filter(|_| self.fuel > 0) else { return Ok(None) };
        self.fuel -= 1;
        self.read(place).map(Some)
    }

    fn frame(&self, place: u64) -> u64 {
        LOG_HEADER + place.saturating_sub(1) * (FRAME_HEADER + self.page_size)
    }

    fn last_frames(&mut self) -> io::Result<BTreeMap<u32, u64>> {
        let mut frames = BTreeMap::new();
        for place in 1..=self.count {
            self.content.seek(SeekFrom::Start(self.frame(place)))?;
            let mut number = [0; 4];
            self.content.read_exact(&mut number)?;
            frames.insert(u32::from_be_bytes(number), place);
        }
        Ok(frames)
    }
}

/// The big-endian word at `at`, or zero where there is none.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |word| u32::from_be_bytes(*word))
}

/// The big-endian half word at `at`, or zero where there is none.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |half| u16::from_be_bytes(*half))
}
