//! Doors for what measures and fuzzes the reading of packs. Nothing else is to use them.

use std::{
    io::Read,
    ops::Range,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use bearhug_core::Flow;

use super::{
    id::{Hash, ObjectId},
    pack::{
        Bases, Budget, Buffer, Bytes, Inflater, Kind, MultiIndex, Object, Pack, Seen, Visit, apply,
        walk,
    },
    refs::reftable::Table,
    staging, tree,
};

/// Inflates every entry of a pack once and does nothing with them. Returns how many bytes there are.
///
/// # Errors
///
/// If the pack cannot be read, in words.
pub fn inflate_all(pack: &Path, threads: usize) -> Result<u64, String> {
    let index = Bytes::map(&pack.with_extension("idx")).map_err(|error| error.to_string())?;
    let pack = Pack::open(pack, index, Hash::Sha1, threads, Arc::new(Budget::new()))
        .map_err(|error| error.to_string())?;
    let count = u32::try_from(pack.count()).unwrap_or(u32::MAX) as usize;
    let next = AtomicUsize::new(0);
    let work = || {
        const BATCH: usize = 1024;
        let (mut inflater, mut out, mut bytes) = (Inflater::new(), Buffer::default(), 0);
        loop {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            for entry in first..count.min(first + BATCH) {
                let entry = u32::try_from(entry).unwrap_or(u32::MAX);
                if pack.inflate(entry, &mut inflater, &mut out).is_ok() {
                    bytes += out.len() as u64;
                }
            }
            if first >= count {
                return bytes;
            }
        }
    };
    Ok(thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or(0)).sum()
    }))
}

/// Reads all objects of a pack. Returns how many there are and how many could not be read, or
/// nothing if it is no pack with an index.
pub fn read_pack(pack: &[u8], index: &[u8]) -> Option<(u64, u64)> {
    let (pack, index) = (Bytes::Held(pack.to_vec()), Bytes::Held(index.to_vec()));
    let pack = Pack::new(pack, index, Hash::Sha1, 1, Arc::new(Budget::new())).ok()?;
    let mut visitors = [Counter::default()];
    let damage = walk(&pack, &Nowhere, &mut visitors);
    Some((visitors[0].0, damage.entries))
}

/// Reads a multi-pack index, and a pack by what it says.
pub fn read_multi_index(index: &[u8], name: &str, pack: &[u8]) -> Option<(u64, u64)> {
    let index = MultiIndex::parse(Bytes::Held(index.to_vec()), Hash::Sha1).ok()?;
    read_pack(pack, &index.index_of(name)?)
}

/// Makes an object of a base by a delta.
pub fn apply_delta(base: &[u8], delta: &[u8]) -> Option<(Vec<u8>, Vec<Range<usize>>)> {
    let (mut out, mut fresh) = (Buffer::default(), Vec::new());
    apply(&Buffer::from(base.to_vec()), delta, &mut out, &mut fresh).ok()?;
    Some((out.to_vec(), fresh))
}

/// Reads what else git writes in binary: trees, indexes and reftables.
pub fn read_tables(bytes: &[u8]) {
    let part = 0..bytes.len() / 2;
    tree::touched(bytes, &[part.clone(), part.end..part.end], 20, |_| {});
    for id_len in [20, 32] {
        tree::entries(bytes, id_len).for_each(drop);
        staging::entries(bytes, id_len).for_each(drop);
    }
    drop(Table::parse(bytes, &mut |_| {}));
}

struct Nowhere;

impl Bases for Nowhere {
    fn base(&self, _: &ObjectId) -> Option<(Kind, Buffer)> {
        None
    }
}

#[derive(Default)]
struct Counter(u64);

impl Visit for Counter {
    fn wants(&self, _: Kind) -> bool {
        true
    }

    fn visit(&mut self, _: &Object<'_>) -> Seen {
        self.0 += 1;
        Seen::Quiet
    }

    fn stream(&mut self, _: &[u8], _: Kind, reader: &mut dyn Read) -> Flow {
        self.0 += 1;
        drop(std::io::copy(reader, &mut std::io::sink()));
        Flow::Continue
    }
}
