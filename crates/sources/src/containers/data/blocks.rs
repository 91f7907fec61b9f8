//! Blocks of compressed data without a frame, which are held as a whole.

use std::io::{self, Read};

/// What the most compressible block of Snappy or LZ4 unpacks to, for each of its bytes. Snappy's
/// shortest copy takes three bytes for 64, and LZ4's one more for 255.
const MOST_RATIO: usize = 256;

/// Everything that a decompressor yields, which must not be more than `most` bytes.
pub(super) fn all_of(reader: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > most {
        return Err(io::Error::other("a block unpacks to more than it may"));
    }
    Ok(bytes)
}

/// Unpacks a block of Snappy, which states what it unpacks to.
pub(super) fn snappy(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let stated = snap::raw::decompress_len(packed)?;
    if stated > most.min(packed.len().saturating_mul(MOST_RATIO)) {
        return Err(io::Error::other("a block states a size that it cannot have"));
    }
    Ok(snap::raw::Decoder::new().decompress_vec(packed)?)
}

/// Unpacks a block of LZ4, which does not.
pub(super) fn lz4(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let room = most.min(packed.len().saturating_mul(MOST_RATIO));
    let mut bytes = vec![0; room];
    let length = lz4_flex::block::decompress_into(packed, &mut bytes).map_err(io::Error::other)?;
    bytes.truncate(length);
    Ok(bytes)
}
