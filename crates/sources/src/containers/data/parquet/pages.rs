//! The pages of a column, one after another.

use std::io::{self, Read};

use bearhug_core::GapReason;

use super::{
    codec::Codec,
    columns::Leaf,
    footer::Chunk,
    thrift::Thrift,
    values::{self, Most},
};
use crate::containers::inside::Inside;

/// How many values a page may have that are cut by numbers. Writers begin a new one after a few
/// bytes or rows: most after a mebibyte or twenty thousand.
const MOST_VALUES: u64 = 1 << 22;

/// A column of a group of rows that can be read.
pub(super) struct Pages {
    pub(super) start: u64,
    pub(super) length: u64,
    /// How much of a page is held, in bytes.
    pub(super) most: u64,
    codec: Codec,
    leaf: Leaf,
}

/// What a page's header says.
#[derive(Debug, Default)]
struct Header {
    /// How many bytes the page takes behind its header.
    packed: u64,
    unpacked: u64,
    /// How many values there are, those included that are null.
    values: u64,
    encoding: Option<i64>,
    /// For a page of the second version: how many bytes of levels stand before what is compressed.
    levels: Option<u64>,
    is_compressed: bool,
    /// Whether it is a page of values of the first version, whose levels are compressed with them.
    is_first_version: bool,
}

impl Pages {
    pub(super) fn of(chunk: &Chunk, leaf: Leaf) -> Result<Self, GapReason> {
        let codec = Codec::of(chunk.codec)
            .ok_or_else(|| GapReason::Damaged("pages of an unknown compression".into()))?;
        let (start, length) = (chunk.start, chunk.length);
        Ok(Self { start, length, most: 0, codec, leaf })
    }

    /// Reads the pages from `bytes`, which must start with the first.
    pub(super) fn reading<'a>(
        &'a self,
        inside: &'a Inside<'a>,
        bytes: &'a mut dyn Read,
    ) -> Reading<'a> {
        Reading { pages: self, inside, bytes, page: Vec::new(), read: 0 }
    }

    /// A page as it is to be searched.
    fn unpack(&self, header: &Header, packed: &[u8]) -> io::Result<Vec<u8>> {
        let most = usize::try_from(header.unpacked.min(self.most)).unwrap_or(usize::MAX);
        let levels = usize::try_from(header.levels.unwrap_or(0)).unwrap_or(usize::MAX);
        let (levels, packed) = packed.split_at(levels.min(packed.len()));
        let page = match self.codec {
            codec if header.is_compressed => codec.unpack(packed, most - levels.len().min(most))?,
            _ => packed.to_vec(),
        };
        let values = if header.is_first_version { self.behind_levels(&page) } else { &page };
        let [bytes, count] =
            [self.most, header.values].map(|most| usize::try_from(most).unwrap_or(usize::MAX));
        let Some(encoding) = header.encoding else { return Ok(page) };
        Ok(values::apart(encoding, self.leaf, values, Most { bytes, count })?.unwrap_or(page))
    }

    /// What follows the levels of a page of the first version, which have their length before them.
    fn behind_levels<'a>(&self, page: &'a [u8]) -> &'a [u8] {
        let mut rest = page;
        for _ in 0..u8::from(self.leaf.levels.0) + u8::from(self.leaf.levels.1) {
            let Some((&length, after)) = rest.split_first_chunk() else { return rest };
            let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
            rest = after.get(length..).unwrap_or_default();
        }
        rest
    }
}

/// Reads pages as they are asked for, with a line break between each two.
pub(super) struct Reading<'a> {
    pages: &'a Pages,
    inside: &'a Inside<'a>,
    bytes: &'a mut dyn Read,
    page: Vec<u8>,
    read: usize,
}

impl Reading<'_> {
    /// Reads the next page. False at the end.
    fn refill(&mut self) -> io::Result<bool> {
        let mut first = [0];
        if self.bytes.read(&mut first)? == 0 {
            return Ok(false);
        }
        let mut bytes = first.chain(&mut *self.bytes);
        let header = header(&mut Thrift::new(&mut bytes))
            .ok_or_else(|| io::Error::other("a page's header makes no sense"))?;
        if header.packed.max(header.unpacked) > self.pages.most {
            return Err(io::Error::other("a page is larger than may be held"));
        }
        if header.encoding.is_some_and(values::are_cut_by_numbers) {
            self.charge(header.values)?;
        }
        let mut packed = Vec::new();
        (&mut *self.bytes).take(header.packed).read_to_end(&mut packed)?;
        self.page = self.pages.unpack(&header, &packed)?;
        self.page.push(b'\n');
        self.read = 0;
        Ok(true)
    }

    /// Counts the numbers that a page's values are cut by, of which each may have two, as something
    /// that is unpacked: next to no bytes may hold any number of them, and no values follow.
    fn charge(&self, values: u64) -> io::Result<()> {
        if values > MOST_VALUES {
            return Err(io::Error::other("a page has more values than are told apart"));
        }
        let numbers = io::repeat(0).take(values * size_of::<[i64; 2]>() as u64);
        io::copy(&mut self.inside.metered(numbers), &mut io::sink()).map(drop)
    }
}

impl Read for Reading<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.read == self.page.len() && !self.refill()? {
            return Ok(0);
        }
        let read = (&self.page[self.read..]).read(target)?;
        self.read += read;
        Ok(read)
    }
}

fn header(thrift: &mut Thrift<'_>) -> Option<Header> {
    let mut header = Header { is_compressed: true, ..Header::default() };
    thrift.structure(&mut |thrift, number, _| {
        match number {
            2 => header.unpacked = thrift.size()?,
            3 => header.packed = thrift.size()?,
            5 => {
                first_version(thrift, &mut header)?;
            }
            8 => second_version(thrift, &mut header)?,
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some(header)
}

fn first_version(thrift: &mut Thrift<'_>, header: &mut Header) -> Option<()> {
    header.is_first_version = true;
    thrift.structure(&mut |thrift, number, _| {
        match number {
            1 => header.values = thrift.size()?,
            2 => header.encoding = Some(thrift.integer()?),
            _ => return Some(false),
        }
        Some(true)
    })
}

fn second_version(thrift: &mut Thrift<'_>, header: &mut Header) -> Option<()> {
    let mut levels = 0_u64;
    thrift.structure(&mut |thrift, number, kind| {
        match number {
            1 => header.values = thrift.size()?,
            4 => header.encoding = Some(thrift.integer()?),
            5 | 6 => levels = levels.saturating_add(thrift.size()?),
            7 => header.is_compressed = Thrift::truth(kind),
            _ => return Some(false),
        }
        Some(true)
    })?;
    header.levels = Some(levels);
    Some(())
}
