//! Indexes of packs: which object lies where (gitformat-pack, "pack-*.idx files").

use super::{
    Corrupt,
    bytes::{Bytes, u32_at, u64_at},
};
use crate::git::id::{Hash, ObjectId};

const MAGIC: &[u8] = b"\xfftOc\0\0\0\x02";
const FANOUT: usize = 256 * 4;

/// Set in an offset of four bytes when it is the number of one of eight.
const IS_LARGE: u32 = 1 << 31;

/// An index.
#[derive(Debug)]
pub(crate) struct Index {
    bytes: Bytes,
    /// Where the fan-out table starts.
    fanout: usize,
    count: usize,
    id_len: usize,
    layout: Layout,
}

/// Where the ids and offsets are, as offsets into the file.
#[derive(Debug, Clone, Copy)]
enum Layout {
    /// Version 1: records of an offset and an id.
    Records,
    /// Version 2: a table of ids, one of checksums, one of offsets, one of large offsets.
    Tables { ids: usize, offsets: usize, large: usize },
}

impl Index {
    /// Reads the outline of an index.
    pub(crate) fn parse(bytes: Bytes, hash: Hash) -> Result<Self, Corrupt> {
        let id_len = hash.len();
        let fanout = if bytes.starts_with(MAGIC) { MAGIC.len() } else { 0 };
        let last = u32_at(&bytes, fanout + FANOUT - 4).ok_or(Corrupt("the index is too short"))?;
        let count = usize::try_from(last).map_err(|_| Corrupt("the index is too large"))?;
        let ids = fanout + FANOUT;
        let (layout, record) = if fanout > 0 {
            let offsets = count.saturating_mul(id_len + 4).saturating_add(ids);
            let large = count.saturating_mul(4).saturating_add(offsets);
            (Layout::Tables { ids, offsets, large }, id_len + 8)
        } else {
            (Layout::Records, id_len + 4)
        };
        // Two checksums end the file.
        let least = count.saturating_mul(record).saturating_add(ids + 2 * id_len);
        if bytes.len() < least {
            return Err(Corrupt("the index is cut off"));
        }
        let index = Self { bytes, fanout, count, id_len, layout };
        let rising = (1..=255).all(|byte| index.first_of(byte - 1) <= index.first_of(byte));
        if rising { Ok(index) } else { Err(Corrupt("the index's fan-out table falls")) }
    }

    /// How many objects it lists.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The id of the object of a number below [`Index::count`].
    pub(crate) fn id(&self, number: usize) -> &[u8] {
        let at = match self.layout {
            Layout::Records => self.fanout + FANOUT + number * (4 + self.id_len) + 4,
            Layout::Tables { ids, .. } => ids + number * self.id_len,
        };
        self.bytes.get(at..at + self.id_len).unwrap_or_default()
    }

    /// Where in the pack the object of a number starts. None if the index contradicts itself.
    pub(crate) fn offset(&self, number: usize) -> Option<u64> {
        match self.layout {
            Layout::Records => {
                let at = self.fanout + FANOUT + number * (4 + self.id_len);
                u32_at(&self.bytes, at).map(u64::from)
            }
            Layout::Tables { offsets, large, .. } => {
                let offset = u32_at(&self.bytes, offsets + 4 * number)?;
                if offset & IS_LARGE == 0 {
                    return Some(offset.into());
                }
                let number = usize::try_from(offset & !IS_LARGE).ok()?;
                u64_at(&self.bytes, large.checked_add(number.checked_mul(8)?)?)
            }
        }
    }

    /// The number of an object.
    pub(crate) fn find(&self, id: &ObjectId) -> Option<usize> {
        let wanted = id.as_bytes();
        // Ids are as good as random, so eight bytes tell almost all of them apart.
        let start = u64_at(wanted, 0)?;
        let first = usize::from(*wanted.first()?);
        let mut low = if first == 0 { 0 } else { self.first_of(first - 1) };
        let mut high = self.first_of(first).min(self.count);
        while low < high {
            let middle = low.midpoint(high);
            let id = self.id(middle);
            match u64_at(id, 0)?.cmp(&start).then_with(|| id.cmp(wanted)) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// How many objects have a first byte up to this one.
    fn first_of(&self, byte: usize) -> usize {
        let count = u32_at(&self.bytes, self.fanout + 4 * byte).unwrap_or(0);
        usize::try_from(count).unwrap_or(usize::MAX)
    }
}
