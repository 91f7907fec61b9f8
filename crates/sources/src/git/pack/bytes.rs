//! The bytes of a pack or an index.

use std::{fs::File, io, ops::Deref, path::Path};

use memmap2::Mmap;

/// The bytes of a file, mapped into memory, or some that are in memory anyway.
#[derive(Debug)]
pub(crate) enum Bytes {
    Mapped(Mmap),
    Held(Vec<u8>),
}

impl Bytes {
    /// Maps a file.
    ///
    /// A pack's entries lie in another order than that in which they are needed, so without a map
    /// each takes a system call and a copy.
    pub(crate) fn map(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        #[expect(unsafe_code, reason = "the map of a file is only as constant as the file is")]
        // SAFETY: git never changes a pack or an index that it has given its name: it writes new
        // ones and unlinks old ones, and a map outlives the name. Somebody else who shortens the
        // file meanwhile ends this process with SIGBUS, and who overwrites it makes it read other
        // bytes, which are checked each time they are looked at: nothing is kept but numbers that
        // every use compares with the bounds.
        let map = unsafe { Mmap::map(&file) }?;
        Ok(Self::Mapped(map))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Held(bytes) => bytes,
        }
    }
}

/// The big-endian number of four bytes at an offset.
pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The big-endian number of eight bytes at an offset.
pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}
