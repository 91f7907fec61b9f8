//! Parquet: the pages of every column, unpacked and with their values apart.
//!
//! The footer says where each column of each group of rows lies; its own strings, the statistics and
//! the file's metadata among them, are found in the file's own bytes.
//!
//! <https://parquet.apache.org/docs/file-format/> and `parquet.thrift` of apache/parquet-format.

mod codec;
mod columns;
mod delta;
mod footer;
mod pages;
mod thrift;
mod values;

use std::io::{self, Read as _, SeekFrom};

use bearhug_core::GapReason;

use crate::containers::{
    Seekable,
    inside::{Cut, Inside},
};
use footer::{Chunk, Event};
use pages::Pages;

const SIGNATURE: &[u8] = b"PAR1";

/// The size of what a file ends with: the footer's length and the signature.
const TAIL: usize = 8;

/// How often each byte of a file may be read, on average. Honest columns do not overlap.
const READS_A_BYTE: u64 = 4;

pub(in crate::containers) fn read(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
) -> Result<(), Cut> {
    let (footer, size) = footer_of(content, inside.level.budget.limits().held)?;
    let mut fuel = size.saturating_mul(READS_A_BYTE);
    let mut ended = Ok(());
    let whole = footer::read(&footer, &mut |event| {
        let Event::Chunk { chunk, leaf, group } = event else {
            let reason = "more columns than are told apart";
            inside.gap(GapReason::Damaged(reason.into()));
            return true;
        };
        let name = format!("column {}, row group {}", chunk.name, group + 1);
        ended = match chunk.is_encrypted {
            // It is so in every group.
            true if group > 0 => Ok(()),
            true => inside.unread(&name, GapReason::Encrypted).map_err(Cut::from),
            false => check(&chunk, &mut fuel, size)
                .and_then(|()| column(inside, content, &name, Pages::of(&chunk, leaf))),
        };
        ended.is_ok()
    });
    ended?;
    whole.ok_or_else(|| Cut::damaged(&"the footer breaks off"))
}

/// The bytes of the footer and the size of the file.
fn footer_of(content: &mut dyn Seekable, limit: u64) -> Result<(Vec<u8>, u64), Cut> {
    let size = content.seek(SeekFrom::End(0))?;
    let mut tail = [0; TAIL];
    let end = size.checked_sub(TAIL as u64).ok_or_else(|| Cut::damaged(&"no footer"))?;
    content.seek(SeekFrom::Start(end))?;
    content.read_exact(&mut tail)?;
    let [a, b, c, d, signature @ ..] = tail;
    if signature == SIGNATURE {
        let length = u64::from(u32::from_le_bytes([a, b, c, d])).min(end);
        if length > limit {
            return Err(Cut::Gap(GapReason::TooLargeToHold { limit }));
        }
        let mut footer = Vec::new();
        content.seek(SeekFrom::Start(end - length))?;
        content.take(length).read_to_end(&mut footer)?;
        return Ok((footer, size));
    }
    Err(match &signature {
        b"PARE" => Cut::Gap(GapReason::Encrypted),
        _ => Cut::damaged(&"no footer"),
    })
}

/// Whether a column lies where it can. One that does not says that the footer is made up, and the
/// others are not read either.
fn check(chunk: &Chunk, fuel: &mut u64, size: u64) -> Result<(), Cut> {
    if chunk.start.checked_add(chunk.length).is_none_or(|end| end > size) {
        return Err(Cut::damaged(&"a column lies outside of the file"));
    }
    // Of a column in no bytes there is still a header to look for.
    let left = fuel.checked_sub(chunk.length.max(1));
    *fuel = left.ok_or_else(|| Cut::damaged(&"columns overlap"))?;
    Ok(())
}

fn column(
    inside: &Inside<'_>,
    content: &mut dyn Seekable,
    name: &str,
    pages: Result<Pages, GapReason>,
) -> Result<(), Cut> {
    let mut pages = match pages {
        Ok(pages) => pages,
        Err(reason) => return Ok(inside.unread(name, reason)?),
    };
    content.seek(SeekFrom::Start(pages.start))?;
    let mut bytes = io::BufReader::with_capacity(1 << 16, content.take(pages.length));
    pages.most = inside.level.budget.limits().held;
    inside.part(name, &mut pages.reading(inside, &mut bytes))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SIGNATURE;
    use crate::containers::testing::{opened, survives};

    /// A whole number in a field that is so many after the last.
    fn integer(step: u8, value: u32) -> Vec<u8> {
        let mut field = vec![step << 4 | 5];
        let mut rest = value * 2;
        while rest >= 0x80 {
            field.push(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        field.push(rest.to_le_bytes()[0]);
        field
    }

    /// A file of one column, `a.b`, with one page of plain byte strings.
    fn file(codec: u32, page: &[u8], unpacked: usize) -> Vec<u8> {
        groups(1, codec, page, unpacked)
    }

    /// A file whose groups of rows, fewer than 15, all share that one page.
    fn groups(count: u8, codec: u32, page: &[u8], unpacked: usize) -> Vec<u8> {
        let size = |bytes: usize| u32::try_from(bytes).expect("a small file");
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend(
            [integer(1, 0), integer(1, size(unpacked)), integer(1, size(page.len()))].concat(),
        );
        bytes.extend([&[0x2c][..], &integer(1, 1), &integer(1, 0), &[0, 0]].concat());
        bytes.extend(page);
        let chunk = [
            &[0x1c_u8, 0x15, 12, 0x29, 0x28][..],
            b"\x01a\x01b",
            &integer(1, codec),
            &integer(3, size(bytes.len()) - 4),
            &integer(2, 4),
            &[0, 0],
        ];
        let group = [&[0x19, 0x1c, 0x3c][..], &chunk.concat()[1..], &[0]].concat();
        // A version, a schema of one leaf, and the groups.
        let footer = [
            &integer(1, 2)[..],
            &[0x19, 0x1c],
            &integer(1, 6),
            &[0],
            &[0x29, count << 4 | 0x0c],
            &group.repeat(usize::from(count)),
            &[0],
        ]
        .concat();
        bytes.extend(&footer);
        bytes.extend(size(footer.len()).to_le_bytes());
        bytes.extend(SIGNATURE);
        bytes
    }

    const TEXT: &[u8] = b"\x05\0\0\0hello\x05\0\0\0world";

    #[test]
    fn a_column_is_a_part() {
        let packed = snap::raw::Encoder::new().compress_vec(TEXT).expect("a few bytes");
        for (codec, page) in [(0, TEXT), (1, &packed)] {
            let opened = opened(&file(codec, page, TEXT.len()));
            let (parts, gaps) = (opened.contents(), &opened.gaps);
            let values = [TEXT, b"\n"].concat();
            let part = ("parquet:column a.b, row group 1".to_owned(), &values[..]);
            assert_eq!(parts, [part], "{codec}");
            assert!(gaps.is_empty(), "{gaps:?}");
        }
    }

    #[test]
    fn a_page_that_lies_about_its_size_is_a_gap() {
        // Snappy states four gibibytes, LZ4 nothing, and the header whatever it likes.
        let huge = [0xff, 0xff, 0xff, 0xff, 0x0f, 0];
        let gaps = opened(&file(1, &huge, 1 << 30)).gaps;
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        let zstd = zstd::encode_all(&[b'x'; 999][..], 1).expect("memory can be read");
        for stated in [998, 1 << 30] {
            let gaps = opened(&file(6, &zstd, stated)).gaps;
            assert_eq!(gaps.len(), 1, "{gaps:?}");
        }
        let gaps = opened(&file(7, &[0x1f, b'x', 1, 0, 0xff, 0xff, 0xff], 1 << 30)).gaps;
        assert_eq!(gaps.len(), 1, "{gaps:?}");
    }

    #[test]
    fn columns_that_share_their_pages_are_not_read_for_ever() {
        let opened = opened(&groups(14, 0, &[b'x'; 2000], 2000));
        let (parts, gaps) = (opened.contents(), &opened.gaps);
        assert!((1..8).contains(&parts.len()), "{}", parts.len());
        assert_eq!(gaps.len(), 1, "{gaps:?}");
    }

    #[test]
    fn what_cannot_be_read_is_a_gap() {
        let mut encrypted = file(0, TEXT, TEXT.len());
        let end = encrypted.len() - 1;
        encrypted[end] = b'E';
        for bytes in [encrypted, file(3, TEXT, TEXT.len())] {
            assert_eq!(opened(&bytes).gaps.len(), 1);
        }
    }

    #[test]
    fn a_file_that_is_cut_short_does_no_harm() {
        let bytes = file(0, TEXT, TEXT.len());
        (4..bytes.len()).for_each(|length| survives(&bytes[..length]));
    }

    proptest! {
        #[test]
        fn flipped_bytes_do_no_harm(flips in prop::collection::vec((4..999_usize, any::<u8>()), 1..9)) {
            let mut bytes = file(0, TEXT, TEXT.len());
            for (at, byte) in flips {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            survives(&bytes);
        }
    }
}
