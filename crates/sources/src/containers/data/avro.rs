//! Avro's files: blocks of records, compressed without a signature.
//!
//! <https://avro.apache.org/docs/1.12.0/specification/>, "Object Container Files".

use std::io::{self, Read};

use bearhug_core::GapReason;

use super::blocks;
use crate::containers::inside::{Cut, Inside};

/// What a file starts with.
pub(in crate::containers) const SIGNATURE: &[u8] = b"Obj\x01";

/// What stands behind the header and behind each block.
const MARKER: u64 = 16;

/// The codecs whose blocks have no signature. Those of the others are passed on, and opened as what is
/// embedded anywhere is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    Deflate,
    /// Snappy with a checksum behind it.
    Snappy,
    /// LZ4 behind its length, which is no part of the specification and written by `fastavro`.
    Lz4,
    Other,
}

pub(in crate::containers) fn read(inside: &Inside<'_>, content: &mut dyn Read) -> Result<(), Cut> {
    let most = inside.level.budget.limits().held;
    let mut content = io::BufReader::with_capacity(1 << 16, content);
    let mut header = Vec::new();
    let codec = header_of(&mut content, most, &mut header)?;
    inside.only_part(&mut Blocks { content, codec, most, records: header, read: 0 })
}

/// Reads the header into `header`, from behind its signature: a map of names and values, in blocks.
fn header_of(content: &mut dyn Read, most: u64, header: &mut Vec<u8>) -> Result<Codec, Cut> {
    let broken = || Cut::damaged(&"the header breaks off");
    let mut codec = Codec::Other;
    let mut copy = |content: &mut dyn Read, length: u64| {
        let from = header.len();
        if header.len() as u64 + length > most {
            return Err(Cut::Gap(GapReason::TooLargeToHold { limit: most }));
        }
        content.take(length).read_to_end(header)?;
        Ok(header[from..].to_vec())
    };
    // What is delivered must not look like such a file again.
    content.read_exact(&mut [0; SIGNATURE.len()])?;
    loop {
        let count = long(content)?.ok_or_else(broken)?;
        if count < 0 {
            long(content)?;
        }
        for _ in 0..count.unsigned_abs() {
            let mut text = || {
                let length = long(content)?.and_then(|length| u64::try_from(length).ok());
                copy(content, length.ok_or_else(broken)?)
            };
            let (name, value) = (text()?, text()?);
            if name == b"avro.codec" {
                codec = match &value[..] {
                    b"deflate" => Codec::Deflate,
                    b"snappy" => Codec::Snappy,
                    b"lz4" => Codec::Lz4,
                    _ => Codec::Other,
                };
            }
        }
        if count == 0 {
            copy(content, MARKER)?;
            return Ok(codec);
        }
    }
}

/// A whole number in as many bytes as it needs. Nothing at the end.
fn long(content: &mut dyn Read) -> io::Result<Option<i64>> {
    let mut raw = 0_u64;
    for shift in (0..64).step_by(7) {
        let mut byte = [0];
        if content.read(&mut byte)? == 0 {
            return Ok(None);
        }
        raw |= u64::from(byte[0] & 0x7f) << shift;
        if byte[0] < 0x80 {
            return Ok(Some((raw >> 1).cast_signed() ^ -((raw & 1).cast_signed())));
        }
    }
    Err(io::Error::other("a number has too many digits"))
}

/// Reads the records of a file, behind its header.
struct Blocks<R> {
    content: R,
    codec: Codec,
    /// How much of a block is held, in bytes.
    most: u64,
    records: Vec<u8>,
    read: usize,
}

impl<R: Read> Blocks<R> {
    /// Reads the next block. False at the end.
    fn refill(&mut self) -> io::Result<bool> {
        if long(&mut self.content)?.is_none() {
            return Ok(false);
        }
        let length = long(&mut self.content)?.and_then(|length| u64::try_from(length).ok());
        let length = length.filter(|&length| length <= self.most);
        let length = length.ok_or_else(|| io::Error::other("a block larger than may be held"))?;
        let mut packed = Vec::new();
        self.content.by_ref().take(length).read_to_end(&mut packed)?;
        io::copy(&mut self.content.by_ref().take(MARKER), &mut io::sink())?;
        let most = usize::try_from(self.most).unwrap_or(usize::MAX);
        self.records = match self.codec {
            Codec::Deflate => blocks::all_of(flate2::read::DeflateDecoder::new(&packed[..]), most)?,
            Codec::Snappy => blocks::snappy(&packed[..packed.len().saturating_sub(4)], most)?,
            Codec::Lz4 => blocks::lz4(packed.get(4..).unwrap_or_default(), most)?,
            Codec::Other => packed,
        };
        self.records.push(b'\n');
        self.read = 0;
        Ok(true)
    }
}

impl<R: Read> Read for Blocks<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.read == self.records.len() && !self.refill()? {
            return Ok(0);
        }
        let read = (&self.records[self.read..]).read(target)?;
        self.read += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::SIGNATURE;
    use crate::containers::testing::{opened, survives};

    const MARKER: &[u8] = &[b'm'; 16];

    /// A file of one block.
    fn file(codec: &str, block: &[u8]) -> Vec<u8> {
        let length = |bytes: &[u8]| u8::try_from(bytes.len() * 2).expect("a short text");
        let text = |text: &str| [&[length(text.as_bytes())], text.as_bytes()].concat();
        let header = [SIGNATURE, &[2], &text("avro.codec"), &text(codec), &[0], MARKER].concat();
        [&header, &[2, length(block)][..], block, MARKER].concat()
    }

    fn deflated(text: &[u8]) -> Vec<u8> {
        let mut encoder =
            flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    #[test]
    fn blocks_are_unpacked() {
        let snappy = snap::raw::Encoder::new().compress_vec(b"hello").expect("a few bytes");
        let snappy = [&snappy[..], &[0; 4]].concat();
        for (codec, block) in
            [("null", &b"hello"[..]), ("deflate", &deflated(b"hello")), ("snappy", &snappy)]
        {
            let opened = opened(&file(codec, block));
            let (parts, gaps) = (opened.contents(), &opened.gaps);
            assert!(gaps.is_empty(), "{gaps:?}");
            let (name, records) = &parts[0];
            assert_eq!(name, "unpacked:avro");
            assert!(records.ends_with(b"hello\n"), "{codec}: {records:?}");
        }
    }

    #[test]
    fn a_file_that_is_cut_short_does_no_harm() {
        let bytes = file("deflate", &deflated(b"hello"));
        (0..bytes.len()).for_each(|length| survives(&bytes[..length]));
    }

    proptest! {
        #[test]
        fn flipped_bytes_do_no_harm(flips in prop::collection::vec((4..999_usize, any::<u8>()), 1..9)) {
            let mut bytes = file("deflate", &deflated(b"hello"));
            for (at, byte) in flips {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            survives(&bytes);
        }
    }
}
