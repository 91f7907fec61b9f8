//! Which entry of a pack is made from which.
//!
//! Deltas and their bases are trees. Walked from their roots, each entry is inflated once.

use std::{ops::Range, panic::resume_unwind, thread};

use super::{
    Corrupt,
    bytes::Bytes,
    entry::{Content, Header},
    index::Index,
};
use crate::git::id::Hash;

/// The entries of a pack, in the order in which they lie there, and their families.
#[derive(Debug)]
pub(crate) struct Forest {
    offsets: Vec<u64>,
    /// The number of each entry's object in the index.
    objects: Vec<u32>,
    bases: Vec<Base>,
    /// Where in `children` those of each entry start; one more than there are entries.
    first_child: Vec<u32>,
    children: Vec<u32>,
    /// The entries that hold whole objects.
    pub(crate) roots: Vec<u32>,
    /// The entries whose bases are not in this pack.
    pub(crate) guests: Vec<u32>,
    /// The first of the entries that no root leads to, and how many there are: their bases make a
    /// circle, or their headers cannot be read.
    pub(crate) lost: Option<(u32, u64)>,
}

/// What an entry is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Base {
    /// Nothing: the entry is whole.
    Nothing,
    /// Another entry.
    Entry(u32),
    /// An object elsewhere.
    Elsewhere,
    /// It cannot be said.
    Unknown,
}

impl Forest {
    /// Reads the headers of all entries.
    pub(crate) fn plant(
        data: &Bytes,
        index: &Index,
        hash: Hash,
        threads: usize,
    ) -> Result<Self, Corrupt> {
        let (offsets, objects) = in_order(data, index, hash)?;
        let bases = bases(data, index, (&offsets, hash), threads);
        let mut forest = Self {
            first_child: Vec::new(),
            children: Vec::new(),
            roots: Vec::new(),
            guests: Vec::new(),
            lost: None,
            bases,
            offsets,
            objects,
        };
        for (entry, base) in (0..).zip(&forest.bases) {
            match base {
                Base::Nothing => forest.roots.push(entry),
                Base::Elsewhere => forest.guests.push(entry),
                _ => {}
            }
        }
        forest.number_children();
        forest.look_for_lost();
        Ok(forest)
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len()
    }

    /// Where an entry starts.
    pub(crate) fn offset(&self, entry: u32) -> u64 {
        self.offsets.get(entry as usize).copied().unwrap_or(u64::MAX)
    }

    /// Where an entry starts, and where the next does.
    pub(crate) fn bounds(&self, entry: u32, end: u64) -> Range<u64> {
        let next = self.offsets.get(entry as usize + 1).copied();
        self.offset(entry)..next.unwrap_or(end)
    }

    /// The number in the index of an entry's object.
    pub(crate) fn object(&self, entry: u32) -> usize {
        self.objects.get(entry as usize).map_or(usize::MAX, |&object| object as usize)
    }

    /// The entry that starts at an offset.
    pub(crate) fn entry_at(&self, offset: u64) -> Option<u32> {
        self.offsets.binary_search(&offset).ok().and_then(|entry| u32::try_from(entry).ok())
    }

    /// What an entry is made from.
    pub(crate) fn base(&self, entry: u32) -> Base {
        self.bases.get(entry as usize).copied().unwrap_or(Base::Unknown)
    }

    /// The entries that are made from this one. Those that nothing is made from come first, since
    /// what they need can be used again at once.
    pub(crate) fn children(&self, entry: u32) -> &[u32] {
        let at = entry as usize;
        match (self.first_child.get(at), self.first_child.get(at + 1)) {
            (Some(&from), Some(&to)) => &self.children[from as usize..to as usize],
            _ => &[],
        }
    }

    /// How many entries depend on this one, itself included.
    pub(crate) fn family_size(&self, entry: u32) -> u64 {
        let (mut size, mut waiting) = (0, vec![entry]);
        while let Some(entry) = waiting.pop() {
            size += 1;
            waiting.extend(self.children(entry));
        }
        size
    }

    fn number_children(&mut self) {
        let count = self.bases.len();
        let mut first = vec![0_u32; count + 1];
        for base in &self.bases {
            if let Base::Entry(base) = base {
                first[*base as usize + 1] += 1;
            }
        }
        let has_children: Vec<bool> = first[1..].iter().map(|&children| children > 0).collect();
        for entry in 0..count {
            first[entry + 1] += first[entry];
        }
        let mut next = first.clone();
        let mut children = vec![0; first[count] as usize];
        for leaves in [true, false] {
            for (entry, base) in (0..).zip(&self.bases) {
                if let Base::Entry(base) = base
                    && has_children[entry as usize] != leaves
                {
                    let place = &mut next[*base as usize];
                    children[*place as usize] = entry;
                    *place += 1;
                }
            }
        }
        (self.first_child, self.children) = (first, children);
    }

    fn look_for_lost(&mut self) {
        let mut is_found = vec![false; self.len()];
        let mut waiting = self.roots.clone();
        waiting.extend(&self.guests);
        while let Some(entry) = waiting.pop() {
            is_found[entry as usize] = true;
            waiting.extend(self.children(entry));
        }
        let first = (0..).zip(&is_found).find(|(_, found)| !**found).map(|(entry, _)| entry);
        let count = is_found.iter().filter(|&&found| !found).count() as u64;
        self.lost = first.map(|first| (first, count));
    }
}

/// The offsets that an index lists, in order, and the number of each one's object.
fn in_order(data: &Bytes, index: &Index, hash: Hash) -> Result<(Vec<u64>, Vec<u32>), Corrupt> {
    let end = data.len().saturating_sub(hash.len()) as u64;
    let mut entries = Vec::with_capacity(index.count());
    for (object, number) in (0..index.count()).zip(0_u32..) {
        match index.offset(object) {
            Some(offset) if (12..end).contains(&offset) => entries.push((offset, number)),
            _ => return Err(Corrupt("the index points outside of the pack")),
        }
    }
    entries.sort_unstable();
    entries.dedup_by_key(|(offset, _)| *offset);
    Ok(entries.into_iter().unzip())
}

/// What each entry is made from.
fn bases(
    data: &Bytes,
    index: &Index,
    (offsets, hash): (&[u64], Hash),
    threads: usize,
) -> Vec<Base> {
    let part = offsets.len().div_ceil(threads.max(1)).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> = offsets
            .chunks(part)
            .enumerate()
            .map(|(number, chunk)| {
                let first = number * part;
                scope.spawn(move || {
                    let base = |i| base_of(data, index, (offsets, hash), first + i);
                    (0..chunk.len()).map(base).collect::<Vec<_>>()
                })
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}

fn base_of(data: &Bytes, index: &Index, (offsets, hash): (&[u64], Hash), entry: usize) -> Base {
    let offset = offsets[entry];
    let start = usize::try_from(offset).unwrap_or(usize::MAX);
    let header = data.get(start..).map(|bytes| Header::parse(bytes, hash));
    let base = match header {
        Some(Ok(Header { content: Content::Whole(_), .. })) => return Base::Nothing,
        Some(Ok(Header { content: Content::OffsetDelta(distance), .. })) => {
            offset.checked_sub(distance).and_then(|base| before(offsets, entry, base))
        }
        Some(Ok(Header { content: Content::IdDelta(id), .. })) => {
            let Some(object) = index.find(&id) else { return Base::Elsewhere };
            index.offset(object).and_then(|base| offsets.binary_search(&base).ok())
        }
        _ => None,
    };
    base.and_then(|base| u32::try_from(base).ok()).map_or(Base::Unknown, Base::Entry)
}

/// The entry before `entry` that starts at `offset`, looked for in ever wider steps: most bases are
/// near.
fn before(offsets: &[u64], entry: usize, offset: u64) -> Option<usize> {
    let (mut high, mut step) = (entry, 1);
    let low = loop {
        let low = high.saturating_sub(step);
        if low == 0 || offsets[low] <= offset {
            break low;
        }
        (high, step) = (low, step * 2);
    };
    Some(low + offsets[low..high].binary_search(&offset).ok()?)
}
