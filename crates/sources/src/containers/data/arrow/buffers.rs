//! The buffers of a batch.

use std::{
    io::{self, BufReader, Read, SeekFrom},
    ops::Range,
};

use super::{
    batch::{Batch, Compression},
    cuts::{self, Apart},
};
use crate::containers::{
    Seekable,
    inside::{Cut, Inside},
};

/// What a compressed buffer states as its length if it is not compressed after all.
const NOT_COMPRESSED: i64 = -1;

/// How much of a buffer is held to see whether it cuts the next, in bytes: the offsets of four
/// million strings.
const MOST_HELD: u64 = 16 << 20;

/// Delivers the buffers of a batch that are not read as they are: those that are compressed, and
/// those that others cut.
pub(super) fn read(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
    (batch, number): (&Batch, u64),
    body: &Range<u64>,
) -> Result<(), Cut> {
    let mut buffers: Vec<Buffer> = Vec::new();
    for &(at, length) in &batch.buffers {
        buffers.push(Buffer::at(content, batch.compression, (at, length), body)?);
    }
    // Nothing is read more often than it would be of an honest batch, whose buffers lie apart.
    let packed = buffers.iter().fold(0_u64, |sum, buffer| sum.saturating_add(buffer.packed));
    if packed > body.end.saturating_sub(body.start) {
        return Err(Cut::damaged(&"buffers overlap"));
    }
    let lengths: Vec<u64> = buffers.iter().map(|buffer| buffer.length).collect();
    let mut last = Vec::new();
    let mut views = Views::default();
    for (place, buffer) in buffers.iter().enumerate() {
        let cuts = cuts::of_offsets(&last, buffer.length).or_else(|| views.cuts(place));
        if cuts.is_some() || buffer.compression.is_some() {
            let name = format!("batch {number}, buffer {}", place + 1);
            let mut bytes = Apart::new(buffer.open(content)?, cuts.unwrap_or_default());
            inside.part(&name, &mut bytes)?;
        }
        last = buffer.held(content)?;
        let cuts = cuts::of_views(&last, &lengths[place + 1..]);
        if !cuts.is_empty() {
            views = Views { cuts, from: place + 1 };
        }
    }
    Ok(())
}

/// The cuts that a buffer of views makes in those behind it.
#[derive(Default)]
struct Views {
    /// In order: which of the buffers, and where.
    cuts: Vec<(usize, u64)>,
    /// The place of the first of the buffers.
    from: usize,
}

impl Views {
    fn cuts(&self, place: usize) -> Option<Vec<u64>> {
        let index = place.checked_sub(self.from)?;
        let start = self.cuts.partition_point(|&(buffer, _)| buffer < index);
        let of_this = self.cuts[start..].iter().take_while(|(buffer, _)| *buffer == index);
        let cuts: Vec<u64> = of_this.map(|&(_, at)| at).collect();
        (!cuts.is_empty()).then_some(cuts)
    }
}

/// Where a buffer lies, and what it is.
struct Buffer {
    /// Where its bytes start in the file, and how many there are.
    at: u64,
    packed: u64,
    compression: Option<Compression>,
    /// How many bytes it holds, or says to.
    length: u64,
}

impl Buffer {
    fn at(
        content: &mut dyn Seekable,
        compression: Option<Compression>,
        (at, length): (u64, u64),
        body: &Range<u64>,
    ) -> io::Result<Self> {
        let start = body.start.saturating_add(at).min(body.end);
        let packed = length.min(body.end - start);
        let plain = Self { at: start, packed, compression: None, length: packed };
        let mut stated = [0; 8];
        let head = stated.len() as u64;
        if compression.is_none() || packed < head {
            return Ok(plain);
        }
        content.seek(SeekFrom::Start(start))?;
        content.read_exact(&mut stated)?;
        let (at, packed) = (start + head, packed - head);
        Ok(match i64::from_le_bytes(stated) {
            NOT_COMPRESSED => Self { at, packed, length: packed, ..plain },
            stated => {
                let length = u64::try_from(stated).unwrap_or(0);
                Self { at, packed, compression, length }
            }
        })
    }

    fn open<'a>(&self, content: &'a mut dyn Seekable) -> io::Result<Box<dyn Read + 'a>> {
        content.seek(SeekFrom::Start(self.at))?;
        let packed = BufReader::with_capacity(1 << 16, content.take(self.packed));
        Ok(match self.compression {
            None => Box::new(packed),
            Some(Compression::Lz4Frame) => Box::new(lz4_flex::frame::FrameDecoder::new(packed)),
            Some(Compression::Zstd) => Box::new(zstd::Decoder::with_buffer(packed)?),
        })
    }

    /// The bytes of the buffer, if they are not too many to be offsets or views. What cannot be
    /// unpacked has been reported as a part.
    fn held(&self, content: &mut dyn Seekable) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if self.length > MOST_HELD {
            return Ok(bytes);
        }
        let read = self.open(content)?.take(self.length).read_to_end(&mut bytes);
        Ok(if read.is_ok() { bytes } else { Vec::new() })
    }
}
