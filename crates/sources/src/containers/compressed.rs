//! Compressed data, by each format's own library.

use std::io::{BufRead, Read};

use bearhug_core::Container;

use super::{
    MOST_DICTIONARY_KIB,
    inside::{Cut, Inside},
};

/// How much Brotli reads at a time, in bytes.
const BROTLI_BUFFER: usize = 1 << 14;

/// The largest window of a Zstandard frame, as a power of two: what the format's own program
/// accepts unasked (RFC 8878, section 3.1.1.1.2, recommends eight mebibytes at the least).
const MOST_ZSTD_WINDOW: u32 = 27;

/// Whether a container is compressed data that holds one thing.
pub(super) fn is_compression(container: Container) -> bool {
    matches!(
        container,
        Container::Brotli
            | Container::Bzip2
            | Container::Gzip
            | Container::Lz4
            | Container::Lzma
            | Container::Snappy
            | Container::Xz
            | Container::Zlib
            | Container::Zstd
    )
}

/// Delivers what compressed data unpacks to.
pub(super) fn read(inside: &Inside<'_>, content: impl BufRead) -> Result<(), Cut> {
    match decoder(inside.container, content)? {
        Some(mut decoder) => inside.only_part(&mut decoder),
        None => Ok(()),
    }
}

/// What compressed data unpacks to. None if the container is no compression.
pub(super) fn decoder<'a>(
    container: Container,
    content: impl BufRead + 'a,
) -> Result<Option<Box<dyn Read + 'a>>, Cut> {
    Ok(Some(match container {
        Container::Brotli => {
            Box::new(brotli_decompressor::Decompressor::new(content, BROTLI_BUFFER))
        }
        Container::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(content)),
        Container::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(content)),
        Container::Lz4 => Box::new(lz4_flex::frame::FrameDecoder::new(content)),
        Container::Lzma => {
            let decoder = lzma_rust2::LzmaReader::new_mem_limit(content, MOST_DICTIONARY_KIB, None);
            Box::new(decoder?)
        }
        Container::Snappy => Box::new(snap::read::FrameDecoder::new(content)),
        Container::Xz => {
            Box::new(lzma_rust2::XzReader::new_mem_limit(content, true, MOST_DICTIONARY_KIB))
        }
        Container::Zlib => Box::new(flate2::bufread::ZlibDecoder::new(content)),
        Container::Zstd => {
            let mut decoder = zstd::Decoder::with_buffer(content)?;
            decoder.window_log_max(MOST_ZSTD_WINDOW)?;
            Box::new(decoder)
        }
        _ => return Ok(None),
    }))
}
