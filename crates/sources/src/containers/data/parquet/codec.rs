//! How pages are compressed.

use std::io;

use crate::containers::data::blocks::{all_of, lz4, snappy};

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
