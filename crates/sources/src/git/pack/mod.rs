//! Packs, read family by family (gitformat-pack).
//!
//! This is the one part of git that is written here and not left to a library: a scan reads every
//! entry of a pack, and does so best in an order that a reader of single objects cannot choose.

mod budget;
mod buffer;
mod bytes;
mod cached;
mod delta;
mod entry;
mod exactly;
mod forest;
mod index;
mod inflate;
mod midx;
mod read;
mod walk;

use std::{io, path::Path, sync::Arc};

pub(crate) use budget::Budget;
pub(crate) use buffer::Buffer;
pub(crate) use bytes::{Bytes, u32_at};
pub(crate) use cached::CachedReader;
pub(crate) use delta::apply;
pub(crate) use entry::{Kind, varint};
pub(crate) use exactly::Exactly;
pub(crate) use inflate::Inflater;
pub(crate) use midx::MultiIndex;
pub(crate) use walk::{Bases, Damage, Object, Seen, Visit, walk};

use super::id::{Hash, ObjectId};
use entry::Header;
use forest::Forest;
use index::Index;

/// The largest object that is held in memory, in bytes: git's `core.bigFileThreshold`, above which
/// it writes no deltas, so that nothing larger need be held.
pub(crate) const LARGEST: usize = 512 << 20;

/// What is wrong with a pack or an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Corrupt(pub(crate) &'static str);

/// Why a pack cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Corrupt(#[from] Corrupt),
}

/// A pack and its index.
#[derive(Debug)]
pub(crate) struct Pack {
    data: Bytes,
    index: Index,
    forest: Forest,
    hash: Hash,
    budget: Arc<Budget>,
    /// How many objects the pack says it has that the index does not list.
    pub(crate) unlisted: usize,
}

impl Pack {
    /// Opens the pack at `path`. Its store's packs share a budget.
    pub(crate) fn open(
        path: &Path,
        index: Bytes,
        hash: Hash,
        threads: usize,
        budget: Arc<Budget>,
    ) -> Result<Self, OpenError> {
        Ok(Self::new(Bytes::map(path)?, index, hash, threads, budget)?)
    }

    /// Reads the entries of a pack.
    pub(crate) fn new(
        data: Bytes,
        index: Bytes,
        hash: Hash,
        threads: usize,
        budget: Arc<Budget>,
    ) -> Result<Self, Corrupt> {
        let is_pack = data.starts_with(b"PACK") && matches!(u32_at(&data, 4), Some(2 | 3));
        if !is_pack {
            return Err(Corrupt("it is no pack of version 2 or 3"));
        }
        let index = Index::parse(index, hash)?;
        let count = u32_at(&data, 8).map_or(0, |count| count as usize);
        if count < index.count() {
            return Err(Corrupt("its index is that of another pack"));
        }
        let forest = Forest::plant(&data, &index, hash, threads)?;
        budget.add_pack(data.len() as u64);
        // Two objects at one place are one too few.
        let unlisted = count - forest.len();
        Ok(Self { data, index, forest, hash, budget, unlisted })
    }

    /// How many objects it holds.
    pub(crate) fn count(&self) -> usize {
        self.index.count()
    }

    /// Whether it holds an object.
    pub(crate) fn contains(&self, id: &ObjectId) -> bool {
        self.index.find(id).is_some()
    }

    /// The ids of its objects.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.count()).map(|number| self.index.id(number))
    }

    /// The entry of an object.
    pub(crate) fn find(&self, id: &ObjectId) -> Option<u32> {
        self.forest.entry_at(self.index.offset(self.index.find(id)?)?)
    }

    /// The id of the object that an entry holds.
    pub(crate) fn id(&self, entry: u32) -> &[u8] {
        self.index.id(self.forest.object(entry))
    }

    /// The header of an entry, and its deflated bytes with some of what follows them.
    fn entry(&self, entry: u32) -> Result<(Header, &[u8]), Corrupt> {
        const OUTSIDE: Corrupt = Corrupt("the entry is not in the pack");
        let end = self.data.len().saturating_sub(self.hash.len()) as u64;
        let bounds = self.forest.bounds(entry, end);
        let start = usize::try_from(bounds.start).map_err(|_| OUTSIDE)?;
        let header = Header::parse(self.data.get(start..).ok_or(OUTSIDE)?, self.hash)?;
        let end = usize::try_from(bounds.end).unwrap_or(usize::MAX).saturating_add(inflate::SLACK);
        let bytes = self.data.get(start + header.len..end.min(self.data.len())).ok_or(OUTSIDE)?;
        Ok((header, bytes))
    }
}
