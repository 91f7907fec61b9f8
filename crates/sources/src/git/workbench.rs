//! Doors for what measures and fuzzes the reading of packs. Nothing else is to use them.

use std::{
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{
    id::Hash,
    pack::{Buffer, Bytes, Inflater, Pack},
};

/// Inflates every entry of a pack once and does nothing with them. Returns how many bytes there are.
///
/// # Errors
///
/// If the pack cannot be read, in words.
pub fn inflate_all(pack: &Path, threads: usize) -> Result<u64, String> {
    let index = Bytes::map(&pack.with_extension("idx")).map_err(|error| error.to_string())?;
    let pack = Pack::open(pack, index, Hash::Sha1, threads).map_err(|error| error.to_string())?;
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
