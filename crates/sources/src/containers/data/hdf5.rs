//! HDF5: the chunks of data sets that are compressed with zlib.
//!
//! Where they lie, one of several kinds of tree says. It is not read: a chunk starts as a zlib stream
//! does, and unpacks. Chunks of other filters, such as LZF, have nothing to tell them by.
//!
//! <https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html>, section IV.A.2.l.

use std::io::{self, BufReader, Cursor, Read, SeekFrom};

use bearhug_core::GapReason;
use flate2::bufread::ZlibDecoder;

use crate::{
    containers::{
        Seekable,
        inside::{Cut, Inside},
        recognise::is_zlib,
    },
    stream,
};

/// How much of a file is looked through at a time, in bytes.
const WINDOW: usize = 1 << 20;

/// How much of what looks like a chunk is read, and must unpack, before it is taken for one, in
/// bytes. One place in twenty thousand of noise looks so, and next to none unpacks this far.
const PROBE: u64 = 512;

/// How much of a file may be read for probes that fail, on average for each of its bytes.
const MOST_PROBED: u64 = 4;

/// The name of the filter that keeps the first bytes of all values together, then the second ones, and
/// so on. The size of a value follows.
const SHUFFLE: &[u8] = b"shuffle\0";

/// How many copies of a chunk are held at most.
const COPIES: u64 = 4;

/// The name of h5py's own filter, as its description writes it.
const LZF: &[u8] = b"lzf\0\0\0\0\0";

/// How many sizes of values are told apart.
const MOST_SIZES: usize = 8;

pub(in crate::containers) fn read(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
) -> Result<(), Cut> {
    let size = content.seek(SeekFrom::End(0))?;
    let limit = inside.level.budget.limits().held / COPIES;
    let mut chunks = Chunks {
        content,
        limit,
        at: 0,
        starts: Vec::new().into_iter(),
        opened_to: 0,
        fuel: size.saturating_mul(MOST_PROBED).saturating_add(PROBE),
        sizes: Vec::new(),
        chunk: Vec::new(),
        to_unshuffle: Vec::new().into_iter(),
        ready: Cursor::default(),
        was_cut: false,
        has_lzf: false,
    };
    inside.only_part(&mut chunks)?;
    if chunks.was_cut {
        inside.gap(GapReason::TooLargeToHold { limit });
    }
    if chunks.has_lzf {
        inside.gap(GapReason::Damaged("chunks compressed with LZF are not read".into()));
    }
    match chunks.fuel {
        0 => Err(Cut::damaged(&"too much looks compressed and is not")),
        _ => Ok(()),
    }
}

/// Reads chunks as they are asked for, each as it is and then as it was before it was shuffled, with
/// a line break between.
struct Chunks<'a> {
    content: &'a mut dyn Seekable,
    /// How much of a chunk is held, in bytes.
    limit: u64,
    /// Where the next window starts.
    at: u64,
    /// Where something in the last one looked like a chunk.
    starts: std::vec::IntoIter<u64>,
    /// Where the last chunk ended.
    opened_to: u64,
    /// How much more may be read for probes.
    fuel: u64,
    /// The sizes of values that shuffled chunks may have.
    sizes: Vec<usize>,
    chunk: Vec<u8>,
    to_unshuffle: std::vec::IntoIter<usize>,
    ready: Cursor<Vec<u8>>,
    /// Whether some chunk was larger than may be held.
    was_cut: bool,
    /// Whether a data set has chunks that nothing tells.
    has_lzf: bool,
}

impl Chunks<'_> {
    /// Readies what comes next. False at the end.
    fn refill(&mut self) -> io::Result<bool> {
        loop {
            if let Some(size) = self.to_unshuffle.next() {
                self.ready = Cursor::new(unshuffled(&self.chunk, size));
                return Ok(true);
            } else if let Some(start) = self.starts.next() {
                if start >= self.opened_to && self.fuel > 0 && self.unpack(start)? {
                    self.to_unshuffle = self.sizes.clone().into_iter();
                    self.ready = Cursor::new([&self.chunk[..], b"\n"].concat());
                    return Ok(true);
                }
            } else if !self.look()? {
                return Ok(false);
            }
        }
    }

    /// Looks through the next window. False at the end.
    fn look(&mut self) -> io::Result<bool> {
        /// How far a signature may reach into the next window.
        const OVERLAP: usize = 80;
        self.content.seek(SeekFrom::Start(self.at))?;
        let mut window = vec![0; WINDOW + OVERLAP];
        let length = stream::fill(self.content, &mut window)?;
        window.truncate(length);
        for at in memchr::memmem::find_iter(&window, SHUFFLE) {
            let size = window[at + SHUFFLE.len()..].first_chunk().map(|s| u32::from_le_bytes(*s));
            let size = size.and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
            if size > 1 && !self.sizes.contains(&size) && self.sizes.len() < MOST_SIZES {
                self.sizes.push(size);
            }
        }
        self.has_lzf |= memchr::memmem::find(&window, LZF).is_some();
        let starts = memchr::memchr_iter(0x78, &window[..length.min(WINDOW)])
            .filter(|&at| is_zlib(&window[at..]))
            .map(|at| self.at + at as u64);
        self.starts = starts.collect::<Vec<_>>().into_iter();
        self.at += WINDOW as u64;
        Ok(length > 0)
    }

    /// Unpacks what starts here into `chunk`. False if it is no chunk.
    fn unpack(&mut self, start: u64) -> io::Result<bool> {
        self.content.seek(SeekFrom::Start(start))?;
        self.chunk.clear();
        let mut head = Vec::new();
        (&mut *self.content).take(PROBE).read_to_end(&mut head)?;
        let mut probe = ZlibDecoder::new(&head[..]);
        let read = (&mut probe).take(PROBE).read_to_end(&mut self.chunk);
        let goes_on = self.chunk.len() as u64 == PROBE
            || (!self.chunk.is_empty() && probe.total_in() == PROBE);
        if read.is_err() && !goes_on {
            self.fuel = self.fuel.saturating_sub(PROBE);
            return Ok(false);
        }
        self.chunk.clear();
        self.content.seek(SeekFrom::Start(start))?;
        let mut decoder = ZlibDecoder::new(BufReader::with_capacity(1 << 14, &mut *self.content));
        // What comes before some damage is searched all the same.
        let read = (&mut decoder).take(self.limit).read_to_end(&mut self.chunk);
        self.was_cut |= read.is_ok_and(|length| length as u64 == self.limit);
        self.opened_to = start + decoder.total_in();
        Ok(!self.chunk.is_empty())
    }
}

impl Read for Chunks<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.ready.read(target)?;
            if read > 0 || target.is_empty() || !self.refill()? {
                return Ok(read);
            }
        }
    }
}

/// The values of a shuffled chunk. What is left of its end was not shuffled.
fn unshuffled(chunk: &[u8], size: usize) -> Vec<u8> {
    let count = chunk.len() / size;
    let (shuffled, rest) = chunk.split_at(count * size);
    let value = |i| shuffled.iter().skip(i).step_by(count);
    let mut values: Vec<u8> = Vec::with_capacity(chunk.len() + 1);
    (0..count).for_each(|i| values.extend(value(i)));
    values.extend(rest);
    values.push(b'\n');
    values
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, write::ZlibEncoder};
    use proptest::prelude::*;

    use super::unshuffled;
    use crate::containers::testing::{opened, survives};

    fn zlib(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        let filter = [&b"shuffle\0"[..], &3_u32.to_le_bytes()].concat();
        let between = b"\x78\x9c\x07 and \x78\x01 something else".to_vec();
        let mut bytes = [&b"\x89HDF\r\n\x1a\n"[..], &filter].concat();
        bytes.extend(chunks.iter().flat_map(|chunk| [&between[..], chunk].concat()));
        bytes
    }

    /// Text that does not compress well.
    fn text(len: usize) -> Vec<u8> {
        let number = |n: u32| n.wrapping_mul(2_654_435_761).to_string().into_bytes();
        (0..).flat_map(number).take(len).collect()
    }

    #[test]
    fn chunks_are_unpacked_and_unshuffled() {
        let (short, long) = (b"adgbehcfi".to_vec(), text(50_000));
        let opened = opened(&file(&[zlib(&short), zlib(&long)]));
        let (parts, gaps) = (opened.contents(), &opened.gaps);
        assert!(gaps.is_empty(), "{gaps:?}");
        let (name, chunks) = &parts[0];
        assert_eq!(name, "unpacked:hdf5");
        assert!(chunks.starts_with(b"adgbehcfi\nabcdefghi\n"), "{chunks:?}");
        let expected = [&long[..], b"\n", &unshuffled(&long, 3)].concat();
        assert!(chunks.ends_with(&expected));
    }

    #[test]
    fn chunks_that_cannot_be_told_are_a_gap() {
        let gaps = opened(&file(&[b"lzf\0\0\0\0\0".to_vec()])).gaps;
        assert_eq!(gaps.len(), 1, "{gaps:?}");
    }

    #[test]
    fn what_looks_compressed_everywhere_ends() {
        // Blocks without content, each of which could be the start of a chunk.
        let bytes = [&file(&[])[..], &b"\x78\x9c\x00\x00\x00\xff\xff".repeat(99_999)].concat();
        let gaps = opened(&bytes).gaps;
        assert_eq!(gaps.len(), 1, "{gaps:?}");
    }

    #[test]
    fn a_file_that_is_cut_short_does_no_harm() {
        let bytes = file(&[zlib(b"hello"), zlib(&text(900))]);
        (0..bytes.len()).for_each(|length| survives(&bytes[..length]));
    }

    proptest! {
        #[test]
        fn flipped_bytes_do_no_harm(flips in prop::collection::vec((8..999_usize, any::<u8>()), 1..9)) {
            let mut bytes = file(&[zlib(b"hello"), zlib(&text(900))]);
            for (at, byte) in flips {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            survives(&bytes);
        }
    }
}
