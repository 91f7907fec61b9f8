//! Arrow's files and streams: the buffers of every batch of records, unpacked and with their values
//! apart.
//!
//! The strings of a column follow one another without anything between, and another buffer says where
//! each starts. A schema would say which buffer that is. It is not read: a buffer of growing numbers
//! that end where the next buffer does is one.
//!
//! <https://arrow.apache.org/docs/format/Columnar.html>, "Serialization and Interprocess
//! Communication", and `Message.fbs` of apache/arrow.

mod batch;
mod buffers;
mod cuts;
mod feather;
mod tables;

use std::io::{self, Read as _, SeekFrom};

use bearhug_core::GapReason;

use crate::containers::{
    Seekable,
    inside::{Cut, Inside},
};
use batch::Batch;

/// What a file starts with, before it goes on as a stream does.
const SIGNATURE: &[u8] = b"ARROW1\0\0";

/// What stands before the size of each message since version 0.15.
const CONTINUATION: [u8; 4] = [0xff; 4];

/// Whether content starts as a stream does, which has no signature: with a message that holds a
/// schema.
pub(in crate::containers) fn starts(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(&CONTINUATION) else {
        return head.starts_with(SIGNATURE) || head.starts_with(feather::SIGNATURE);
    };
    let size = rest.first_chunk().map_or(0, |size| u32::from_le_bytes(*size));
    size % 8 == 0 && rest.get(4..).is_some_and(batch::is_schema)
}

pub(in crate::containers) fn read(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
) -> Result<(), Cut> {
    let size = content.seek(SeekFrom::End(0))?;
    content.rewind()?;
    let mut start = [0; SIGNATURE.len()];
    content.read_exact(&mut start)?;
    if start.starts_with(feather::SIGNATURE) {
        return feather::read(inside, content);
    }
    let mut at = if start == SIGNATURE { SIGNATURE.len() as u64 } else { 0 };
    let mut number = 0_u64;
    while let Some(message) = message(inside, content, at)? {
        if let Some(batch) = Batch::of(&message.metadata) {
            number += 1;
            let body = message.body..message.body.saturating_add(message.length).min(size);
            buffers::read(inside, content, (&batch, number), &body)?;
        }
        let after = message.body.saturating_add(message.length);
        if after > size {
            return Err(Cut::damaged(&"a batch breaks off"));
        }
        at = after;
    }
    Ok(())
}

/// A message: what it says of itself, and where its body lies.
struct Message {
    metadata: Vec<u8>,
    body: u64,
    length: u64,
}

/// Reads the message at a place. Nothing at the end.
fn message(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
    at: u64,
) -> Result<Option<Message>, Cut> {
    content.seek(SeekFrom::Start(at))?;
    let (mut start, mut word) = (at + 4, word(content)?);
    if word == Some(CONTINUATION) {
        word = self::word(content)?;
        start += 4;
    }
    let size = u64::from(word.map_or(0, u32::from_le_bytes));
    let limit = inside.level.budget.limits().held;
    if size > limit {
        return Err(Cut::Gap(GapReason::TooLargeToHold { limit }));
    }
    let mut metadata = Vec::new();
    content.take(size).read_to_end(&mut metadata)?;
    // Behind the last message, a stream ends or says that the next one has no size, and a file has
    // its footer.
    let Some(length) = batch::body_length(&metadata) else { return Ok(None) };
    Ok(Some(Message { metadata, body: start + size, length }))
}

fn word(content: &mut dyn Seekable) -> io::Result<Option<[u8; 4]>> {
    let mut word = Vec::new();
    content.take(4).read_to_end(&mut word)?;
    Ok(word.try_into().ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::containers::testing::{opened, survives};

    /// A table of 64-bit fields, each in so many bytes, behind its own description.
    fn table(fields: &[&[u8]]) -> Vec<u8> {
        let description = 4 + 2 * fields.len();
        let mut bytes = u16::try_from(description).expect("few").to_le_bytes().to_vec();
        bytes.extend([0, 0]);
        let mut place = 4_u16;
        for field in fields {
            bytes.extend(if field.is_empty() { 0 } else { place }.to_le_bytes());
            place += u16::try_from(field.len()).expect("few");
        }
        bytes.extend(i32::try_from(description).expect("few").to_le_bytes());
        bytes.extend(fields.concat());
        bytes
    }

    /// A stream of one batch, of a buffer of offsets and one of values.
    fn stream(offsets: &[u32], values: &[u8]) -> Vec<u8> {
        let offsets: Vec<u8> = offsets.iter().flat_map(|o| o.to_le_bytes()).collect();
        let lengths = [offsets.len(), values.len()].map(|l| i64::try_from(l).expect("few"));
        let buffers = [0, lengths[0], lengths[0], lengths[1]].map(i64::to_le_bytes).concat();
        // The vector of buffers lies four bytes behind the field that leads to it.
        let batch = table(&[&[], &[], &4_u32.to_le_bytes()]);
        let batch = [&batch[..], &2_u32.to_le_bytes(), &buffers].concat();
        let body = (lengths[0] + lengths[1]).to_le_bytes();
        let header = |kind: &[u8], to: u32| table(&[&[4, 0], kind, &to.to_le_bytes(), &body]);
        let message = |kind: u8, rest: &[u8]| {
            // From the field to the table behind this one, whose description is ten bytes long.
            let message = header(&[kind, 0], 12 + 10);
            let mut bytes = (4 + 12_u32).to_le_bytes().to_vec();
            bytes.extend([&message, rest].concat());
            bytes.resize(bytes.len().next_multiple_of(8), 0);
            let size = u32::try_from(bytes.len()).expect("few").to_le_bytes();
            [&[0xff; 4][..], &size, &bytes].concat()
        };
        [&message(3, &batch)[..], &offsets, values, &[0xff; 4], &[0; 4]].concat()
    }

    fn file(offsets: &[u32], values: &[u8]) -> Vec<u8> {
        [super::SIGNATURE, &stream(offsets, values)].concat()
    }

    #[test]
    fn the_values_of_a_column_are_told_apart() {
        let opened = opened(&file(&[0, 5, 5, 8], b"helloyou"));
        let (parts, gaps) = (opened.contents(), &opened.gaps);
        assert!(gaps.is_empty(), "{gaps:?}");
        let part = parts.iter().find(|(name, _)| name == "arrow:batch 1, buffer 2");
        assert_eq!(part.map(|(_, bytes)| *bytes), Some(&b"hello\nyou\n"[..]), "{parts:?}");
    }

    #[test]
    fn buffers_that_overlap_are_not_read() {
        let mut bytes = file(&[0, 5, 5, 8], b"helloyou");
        let values = [16_i64, 8].map(i64::to_le_bytes).concat();
        let at = memchr::memmem::find(&bytes, &values).expect("where the values lie");
        bytes[at..at + 16].copy_from_slice(&[0_i64, 24].map(i64::to_le_bytes).concat());
        let gaps = opened(&bytes).gaps;
        assert_eq!(gaps.len(), 1, "{gaps:?}");
    }

    /// A Feather file of version 1 with one column of two strings.
    fn feather() -> Vec<u8> {
        feather_of([8, 2, 0, 24])
    }

    /// Such a file whose array starts and holds what these numbers say: the place, how many values
    /// there are, how many of them are null, and the size in bytes.
    fn feather_of(numbers: [i64; 4]) -> Vec<u8> {
        let array = [0_u32, 5, 8, 0].map(u32::to_le_bytes).concat();
        let columns = table(&[&[], &[], &4_u32.to_le_bytes()]);
        // Behind the vector of columns and its one place, the column; behind that, its array.
        let places = [1_u32, 4 + 8].map(u32::to_le_bytes).concat();
        let column = table(&[&[], &(4 + 16_u32).to_le_bytes()]);
        let numbers = numbers.map(i64::to_le_bytes);
        let [start, length, nulls, size] = &numbers;
        // Of strings.
        let values = table(&[&[11, 0], &[], start, length, nulls, size]);
        let root = (4 + 10_u32).to_le_bytes().to_vec();
        let metadata = [root, columns, places, column, values].concat();
        let size = u32::try_from(metadata.len()).expect("few").to_le_bytes();
        [b"FEA1\0\0\0\0", &array[..], b"helloyou", &metadata, &size, b"FEA1"].concat()
    }

    #[test]
    fn the_first_version_of_feather_is_read() {
        let opened = opened(&feather());
        let (parts, gaps) = (opened.contents(), &opened.gaps);
        assert!(gaps.is_empty(), "{gaps:?}");
        assert_eq!(parts, [("arrow:column ".to_owned(), &b"hello\nyou\n"[..])]);
    }

    #[test]
    fn a_column_of_feather_that_is_not_read_is_a_gap() {
        // It lies before the file, or has more offsets than are held.
        for numbers in [[-8, 2, 0, 24], [8, 1 << 32, 0, 1 << 40]] {
            let gaps = opened(&feather_of(numbers)).gaps;
            assert_eq!(gaps.len(), 1, "{gaps:?}");
        }
    }

    #[test]
    fn a_file_that_is_cut_short_does_no_harm() {
        for bytes in [file(&[0, 5, 5, 8], b"helloyou"), feather()] {
            (0..bytes.len()).for_each(|length| survives(&bytes[..length]));
        }
    }

    proptest! {
        #[test]
        fn flipped_bytes_do_no_harm(flips in prop::collection::vec((8..999_usize, any::<u8>()), 1..9)) {
            for mut bytes in [file(&[0, 5, 5, 8], b"helloyou"), feather()] {
                for &(at, byte) in &flips {
                    let at = at % bytes.len();
                    bytes[at] = byte;
                }
                survives(&bytes);
            }
        }
    }
}
