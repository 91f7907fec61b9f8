//! Compressed data, by each format's own library.

use std::io::{self, BufRead, Read};

use bearhug_core::Container;
use flate2::bufread::GzDecoder;
use lz4_flex::frame::FrameDecoder;

use super::{
    dictionary_kib, dictionary_log,
    inside::{Cut, Inside},
};

/// How much Brotli reads at a time, in bytes.
const BROTLI_BUFFER: usize = 1 << 14;

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
    match decoder(inside.container, content, inside.level.depth)? {
        Some(mut decoder) => inside.only_part(&mut decoder),
        None => Err(Cut::damaged(&"nothing reads this format")),
    }
}

/// What compressed data unpacks to, with so many containers around it. None if the container is no compression.
pub(super) fn decoder<'a>(
    container: Container,
    content: impl BufRead + 'a,
    depth: u8,
) -> Result<Option<Box<dyn Read + 'a>>, Cut> {
    Ok(Some(match container {
        Container::Brotli => {
            Box::new(brotli_decompressor::Decompressor::new(content, BROTLI_BUFFER))
        }
        Container::Bzip2 => Box::new(bzip2::bufread::MultiBzDecoder::new(content)),
        Container::Gzip => Box::new(GzipMembers(Some(GzDecoder::new(content)))),
        Container::Lz4 => Box::new(Lz4Frames::new(content)),
        Container::Lzma => {
            let decoder =
                lzma_rust2::LzmaReader::new_mem_limit(content, dictionary_kib(depth), None);
            Box::new(decoder?)
        }
        Container::Snappy => Box::new(snap::read::FrameDecoder::new(content)),
        Container::Xz => {
            Box::new(lzma_rust2::XzReader::new_mem_limit(content, true, dictionary_kib(depth)))
        }
        Container::Zlib => Box::new(flate2::bufread::ZlibDecoder::new(content)),
        Container::Zstd => {
            let mut decoder = zstd::Decoder::with_buffer(content)?;
            decoder.window_log_max(dictionary_log(depth))?;
            Box::new(decoder)
        }
        _ => return Ok(None),
    }))
}

/// LZ4 frames one after another. The library's reader ends at the end of each.
struct Lz4Frames<R: BufRead>(FrameDecoder<R>);

impl<R: BufRead> Lz4Frames<R> {
    fn new(content: R) -> Self {
        Self(FrameDecoder::new(content))
    }
}

impl<R: BufRead> Read for Lz4Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.0.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.0.get_mut().fill_buf()?.is_empty() {
                return Ok(read);
            }
        }
    }
}

/// Gzip members one after another (RFC 1952, section 2.2), and zeros, which fill up the blocks of
/// tapes and disks, between and behind them.
struct GzipMembers<R: BufRead>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let content = self.0.take().map(GzDecoder::into_inner);
            self.0 = content.map(next_member).transpose()?.flatten();
        }
        Ok(0)
    }
}

/// What comes behind a member and its zeros.
fn next_member<R: BufRead>(mut content: R) -> io::Result<Option<GzDecoder<R>>> {
    loop {
        let available = content.fill_buf()?;
        if available.is_empty() {
            return Ok(None);
        }
        let zeros = available.iter().take_while(|&&byte| byte == 0).count();
        if zeros == 0 {
            return Ok(Some(GzDecoder::new(content)));
        }
        content.consume(zeros);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::GzEncoder};

    use crate::containers::testing::opened;

    #[test]
    fn gzip_members_may_have_zeros_behind_them() {
        let member = |text: &[u8]| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(text).expect("memory takes it");
            encoder.finish().expect("memory takes it")
        };
        let padded = [member(b"first"), vec![0; 700], member(b"second"), vec![0; 100_000]].concat();
        let whole = opened(&padded);
        assert_eq!(whole.parts(), ["unpacked:gzip = firstsecond"]);
        assert!(whole.gaps.is_empty(), "{:?}", whole.gaps);
        let followed = opened(&[member(b"first"), b"text".to_vec()].concat());
        assert_eq!(followed.gaps.len(), 1);
    }
}
