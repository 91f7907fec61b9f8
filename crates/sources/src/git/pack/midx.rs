//! Multi-pack indexes (gitformat-pack, "multi-pack-index files"): for a pack whose own index is gone.

use super::{
    Corrupt,
    bytes::{Bytes, u32_at, u64_at},
};
use crate::git::id::Hash;

const CUT_OFF: Corrupt = Corrupt("the multi-pack index is cut off");

/// Set in an offset of four bytes when it is the number of one of eight.
const IS_LARGE: u32 = 1 << 31;

/// An index of several packs.
#[derive(Debug)]
pub(crate) struct MultiIndex {
    bytes: Bytes,
    hash: Hash,
    /// Where the chunks start that it must have.
    names: usize,
    ids: usize,
    offsets: usize,
    large: Option<usize>,
    count: usize,
}

impl MultiIndex {
    /// Reads the outline of an index.
    pub(crate) fn parse(bytes: Bytes, hash: Hash) -> Result<Self, Corrupt> {
        if !bytes.starts_with(b"MIDX") {
            return Err(Corrupt("it is no multi-pack index"));
        }
        let chunk = |name: &[u8]| {
            let chunks = usize::from(*bytes.get(6)?);
            let table = bytes.get(12..12 + 12 * chunks)?;
            let entry = table.chunks_exact(12).find(|entry| entry.starts_with(name))?;
            usize::try_from(u64_at(entry, 4)?).ok()
        };
        let missing = Corrupt("the multi-pack index lacks a part");
        let (Some(names), Some(ids), Some(offsets)) =
            (chunk(b"PNAM"), chunk(b"OIDL"), chunk(b"OOFF"))
        else {
            return Err(missing);
        };
        let fanout = chunk(b"OIDF").ok_or(missing)?;
        let last = fanout.checked_add(255 * 4).and_then(|last| u32_at(&bytes, last));
        let count = last.ok_or(CUT_OFF)? as usize;
        let large = chunk(b"LOFF");
        let end = |from: usize, record: usize| {
            count.checked_mul(record).and_then(|len| from.checked_add(len))
        };
        let fits = [end(ids, hash.len()), end(offsets, 8)]
            .iter()
            .all(|end| end.is_some_and(|end| end <= bytes.len()));
        if !fits {
            return Err(CUT_OFF);
        }
        Ok(Self { bytes, hash, names, ids, offsets, large, count })
    }

    /// The index of one of its packs, as git would write it, of version 2. Objects that lie in several
    /// packs are listed for one of them only.
    pub(crate) fn index_of(&self, pack: &str) -> Option<Vec<u8>> {
        let number = self.number_of(pack)?;
        let mut found = Vec::new();
        for object in 0..self.count {
            let at = self.offsets + 8 * object;
            if u32_at(&self.bytes, at)? == number {
                let at_id = self.ids + object * self.hash.len();
                let id = self.bytes.get(at_id..at_id + self.hash.len())?;
                found.push((id, self.offset(u32_at(&self.bytes, at + 4)?)?));
            }
        }
        Some(write(&found, self.hash))
    }

    /// The number of a pack. The names are those of the packs' indexes, each with a NUL behind it.
    fn number_of(&self, pack: &str) -> Option<u32> {
        let stem = pack.strip_suffix(".pack")?;
        let names = self.bytes.get(self.names..)?.split(|&b| b == 0);
        let names = names.take_while(|name| !name.is_empty());
        let is_it = |name: &[u8]| {
            let name = name.strip_suffix(b".idx").or_else(|| name.strip_suffix(b".pack"));
            name == Some(stem.as_bytes())
        };
        (0..).zip(names).find(|(_, name)| is_it(name)).map(|(number, _)| number)
    }

    fn offset(&self, offset: u32) -> Option<u64> {
        match self.large {
            Some(large) if offset & IS_LARGE != 0 => {
                let number = usize::try_from(offset & !IS_LARGE).ok()?;
                u64_at(&self.bytes, large.checked_add(number.checked_mul(8)?)?)
            }
            _ => Some(offset.into()),
        }
    }
}

fn write(objects: &[(&[u8], u64)], hash: Hash) -> Vec<u8> {
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for byte in 0..=255_u8 {
        let count = objects.partition_point(|(id, _)| id.first() <= Some(&byte));
        index.extend(u32::try_from(count).unwrap_or(u32::MAX).to_be_bytes());
    }
    index.extend(objects.iter().flat_map(|(id, _)| *id));
    // Nobody asks for the checksums of the entries: each has one of its own.
    index.resize(index.len() + 4 * objects.len(), 0);
    let mut large = Vec::new();
    for (_, offset) in objects {
        let short = u32::try_from(*offset).ok().filter(|offset| offset & IS_LARGE == 0);
        index.extend(
            short
                .unwrap_or_else(|| {
                    large.extend(offset.to_be_bytes());
                    u32::try_from(large.len() / 8 - 1).unwrap_or(u32::MAX) | IS_LARGE
                })
                .to_be_bytes(),
        );
    }
    index.extend(large);
    index.resize(index.len() + 2 * hash.len(), 0);
    index
}
