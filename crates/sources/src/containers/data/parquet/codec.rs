//! How pages are compressed.

use std::io::{self, Read};

/// `CompressionCodec` of `parquet.thrift`, but for LZO, which is neither documented nor in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    Uncompressed,
    Snappy,
    Gzip,
    Brotli,
    /// Blocks of LZ4 with their sizes before them, as Hadoop writes them.
    Lz4Hadoop,
    Zstd,
    /// One block of LZ4.
    Lz4,
}

/// What the most compressible page unpacks to, for each of its bytes. Neither format's shortest
/// copy is shorter: three bytes for 64 in Snappy, one more for 255 in LZ4.
const MOST_RATIO: usize = 256;

impl Codec {
    pub(super) fn of(number: i64) -> Option<Self> {
        Some(match number {
            0 => Self::Uncompressed,
            1 => Self::Snappy,
            2 => Self::Gzip,
            4 => Self::Brotli,
            5 => Self::Lz4Hadoop,
            6 => Self::Zstd,
            7 => Self::Lz4,
            _ => return None,
        })
    }

    /// Unpacks a page to no more than `most` bytes.
    pub(super) fn unpack(self, packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
        match self {
            Self::Uncompressed => Ok(packed.to_vec()),
            Self::Snappy => snappy(packed, most),
            Self::Gzip => all_of(flate2::read::MultiGzDecoder::new(packed), most),
            Self::Brotli => all_of(brotli_decompressor::Decompressor::new(packed, 1 << 14), most),
            Self::Lz4Hadoop => lz4_hadoop(packed, most).or_else(|_| lz4(packed, most)),
            Self::Zstd => all_of(zstd::Decoder::with_buffer(packed)?, most),
            Self::Lz4 => lz4(packed, most),
        }
    }
}

fn all_of(reader: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(most as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn snappy(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let stated = snap::raw::decompress_len(packed)?;
    if stated > most.min(packed.len().saturating_mul(MOST_RATIO)) {
        return Err(io::Error::other("a page states a size that it cannot have"));
    }
    Ok(snap::raw::Decoder::new().decompress_vec(packed)?)
}

/// A block does not say how much it unpacks to. The page's header does, and may lie.
fn lz4(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let room = most.min(packed.len().saturating_mul(MOST_RATIO));
    let mut bytes = vec![0; room];
    let length = lz4_flex::block::decompress_into(packed, &mut bytes).map_err(io::Error::other)?;
    bytes.truncate(length);
    Ok(bytes)
}

fn lz4_hadoop(mut packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some((unpacked, rest)) = size(packed)
        && let Some((length, rest)) = size(rest)
    {
        let (block, rest) = rest
            .split_at_checked(length)
            .ok_or_else(|| io::Error::other("a block reaches out of its page"))?;
        let room = most.saturating_sub(bytes.len()).min(unpacked);
        bytes.extend(lz4(block, room)?);
        packed = rest;
    }
    Ok(bytes)
}

fn size(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (&size, rest) = bytes.split_first_chunk()?;
    Some((usize::try_from(u32::from_be_bytes(size)).ok()?, rest))
}
