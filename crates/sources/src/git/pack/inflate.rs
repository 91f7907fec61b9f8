//! Inflating what a pack holds.

use std::io::Read;

use libdeflater::Decompressor;

use super::{Corrupt, buffer::Buffer};

/// How much of what follows an entry the decompressor may look at: its fast loop stops this far from
/// the end of its input.
pub(crate) const SLACK: usize = 64;

/// The most that deflate can make of a byte: 258 for two bits.
const HIGHEST_RATIO: u64 = 1032;

/// Decompressors, whose tables are costly to set up.
pub(crate) struct Inflater {
    dynamic: Decompressor,
    /// Streams that start with the fixed code leave its tables loaded for the next.
    fixed: Decompressor,
}

impl Inflater {
    pub(crate) fn new() -> Self {
        Self { dynamic: Decompressor::new(), fixed: Decompressor::new() }
    }

    /// Inflates the zlib stream that `input` starts with to exactly `size` bytes. The stream's
    /// checksum is checked.
    pub(crate) fn inflate(
        &mut self,
        input: &[u8],
        size: usize,
        out: &mut Buffer,
    ) -> Result<(), Corrupt> {
        if size as u64 > (input.len() as u64).saturating_mul(HIGHEST_RATIO) {
            return Err(Corrupt("the entry is too short for its size"));
        }
        // Behind the two bytes of zlib's header: one bit says whether this is the last block, and
        // two how it is coded.
        let is_fixed = input.get(2).is_some_and(|byte| byte >> 1 & 3 == 1);
        let decompressor = if is_fixed { &mut self.fixed } else { &mut self.dynamic };
        match decompressor.zlib_decompress(input, out.room(size)) {
            Ok(inflated) if inflated == size => Ok(()),
            Ok(_) => Err(Corrupt("the entry's size is not what it inflates to")),
            Err(_) => Err(Corrupt("the entry cannot be inflated")),
        }
    }
}

/// Reads the zlib stream that `input` starts with, for what is too large to hold.
pub(crate) fn stream(input: &[u8]) -> impl Read {
    flate2::read::ZlibDecoder::new(input)
}
