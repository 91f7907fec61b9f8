//! The values of a page, each on a line of its own where they would touch or are not whole.
//!
//! <https://parquet.apache.org/docs/file-format/data-pages/encodings/>

use std::io;

use super::{columns::Leaf, delta};

/// `Encoding` of `parquet.thrift`: those of which the values are not whole and apart as they are.
/// In the plain encoding each has its length before it, and dictionaries are plain.
const PLAIN: i64 = 0;
const DELTA_LENGTH_BYTE_ARRAY: i64 = 6;
const DELTA_BYTE_ARRAY: i64 = 7;
const BYTE_STREAM_SPLIT: i64 = 9;

/// The most that the values of a page may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    /// How many bytes they may take, apart.
    pub(super) bytes: usize,
    /// How many there may be.
    pub(super) count: usize,
}

/// Whether values of this encoding are cut by numbers that are written apart from them.
pub(super) fn are_cut_by_numbers(encoding: i64) -> bool {
    matches!(encoding, DELTA_LENGTH_BYTE_ARRAY | DELTA_BYTE_ARRAY)
}

/// Takes values apart. Nothing if they are apart as they are, or do not make sense; an error if they
/// take more bytes than they may.
pub(super) fn apart(
    encoding: i64,
    leaf: Leaf,
    values: &[u8],
    most: Most,
) -> io::Result<Option<Vec<u8>>> {
    let mut lines = Lines { bytes: Vec::new(), most };
    let made_sense = match (encoding, leaf.width.filter(|_| leaf.is_fixed)) {
        (PLAIN, Some(width)) => lines.extend(values.chunks(width)).map(Some),
        (BYTE_STREAM_SPLIT, Some(width)) => lines.gather(values, width).map(Some),
        (DELTA_LENGTH_BYTE_ARRAY, _) => {
            Pieces::of(values, most.count).map(|pieces| lines.extend(pieces)).transpose()
        }
        (DELTA_BYTE_ARRAY, _) => {
            let shared = delta::run(values, most.count);
            shared.map(|(shared, rest)| lines.front_coded(&shared, rest)).transpose()
        }
        _ => Ok(None),
    }?;
    Ok(made_sense.map(|()| lines.bytes))
}

/// Values on a line each.
struct Lines {
    bytes: Vec<u8>,
    most: Most,
}

impl Lines {
    fn has_room(&self, length: usize) -> io::Result<()> {
        if self.bytes.len() + length >= self.most.bytes {
            return Err(io::Error::other("a page's values are larger than may be held"));
        }
        Ok(())
    }

    fn extend<'a>(&mut self, values: impl Iterator<Item = &'a [u8]>) -> io::Result<()> {
        for value in values {
            self.has_room(value.len())?;
            self.bytes.extend(value);
            self.bytes.push(b'\n');
        }
        Ok(())
    }

    /// Values that leave out what they share with the start of the one before.
    fn front_coded(&mut self, shared: &[i64], suffixes: &[u8]) -> io::Result<()> {
        let mut last = 0;
        let suffixes = Pieces::of(suffixes, self.most.count).into_iter().flatten();
        for (&shared, suffix) in shared.iter().zip(suffixes) {
            let shared = usize::try_from(shared).unwrap_or(0).min(self.bytes.len() - last);
            self.has_room(shared + suffix.len())?;
            let start = last..last + shared;
            last = self.bytes.len();
            self.bytes.extend_from_within(start);
            self.bytes.extend(suffix);
            self.bytes.push(b'\n');
        }
        Ok(())
    }

    /// Values whose first bytes stand together, then the second ones, and so on.
    fn gather(&mut self, values: &[u8], width: usize) -> io::Result<()> {
        let count = values.len() / width;
        for i in 0..count {
            self.has_room(width)?;
            self.bytes.extend(values.iter().skip(i).step_by(count).take(width));
            self.bytes.push(b'\n');
        }
        Ok(())
    }
}

/// Cuts data into pieces of these lengths.
struct Pieces<'a> {
    lengths: std::vec::IntoIter<i64>,
    data: &'a [u8],
}

impl<'a> Pieces<'a> {
    /// Data that its lengths stand before.
    fn of(bytes: &'a [u8], most: usize) -> Option<Self> {
        let (lengths, data) = delta::run(bytes, most)?;
        Some(Self { lengths: lengths.into_iter(), data })
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.lengths.next()?).ok()?;
        let (piece, rest) = self.data.split_at_checked(length)?;
        self.data = rest;
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A run of these numbers, each below 256, as differences in eight bits.
    fn run(numbers: &[u8]) -> Vec<u8> {
        let count = u8::try_from(numbers.len()).expect("a few");
        let first = numbers.first().copied().unwrap_or_default();
        let mut bytes = vec![8, 1, count];
        bytes.extend([(first << 1) | 0x80, first >> 6]);
        for block in numbers.windows(2).collect::<Vec<_>>().chunks(8) {
            bytes.extend([0xff, 3, 9]);
            let mut word = 0_u128;
            for (i, pair) in block.iter().enumerate() {
                word |= (256 + u128::from(pair[1]) - u128::from(pair[0])) << (9 * i);
            }
            bytes.extend(&word.to_le_bytes()[..9]);
        }
        bytes
    }

    const FIXED: Leaf = Leaf { width: Some(3), is_fixed: true, levels: (false, false) };

    fn lines(encoding: i64, leaf: Leaf, page: &[u8]) -> Option<String> {
        let most = Most { bytes: 99, count: 9 };
        let lines = apart(encoding, leaf, page, most).expect("a few bytes")?;
        Some(String::from_utf8(lines).expect("text"))
    }

    #[test]
    fn lengths_before_all_values_cut_them() {
        let page = [&run(&[4, 0, 2])[..], b"abcdef"].concat();
        let lines = lines(DELTA_LENGTH_BYTE_ARRAY, Leaf::default(), &page);
        assert_eq!(lines.as_deref(), Some("abcd\n\nef\n"));
    }

    #[test]
    fn shared_starts_are_put_back() {
        let page = [&run(&[0, 5, 1])[..], &run(&[5, 3, 2]), b"hello!!!ey"].concat();
        let lines = lines(DELTA_BYTE_ARRAY, Leaf::default(), &page);
        assert_eq!(lines.as_deref(), Some("hello\nhello!!!\nhey\n"));
    }

    #[test]
    fn split_streams_are_gathered() {
        assert_eq!(lines(BYTE_STREAM_SPLIT, FIXED, b"adbecf").as_deref(), Some("abc\ndef\n"));
    }

    #[test]
    fn values_of_one_width_are_cut() {
        assert_eq!(lines(PLAIN, FIXED, b"abcdef").as_deref(), Some("abc\ndef\n"));
        assert_eq!(lines(PLAIN, Leaf::default(), b"abcdef"), None);
    }

    #[test]
    fn values_that_grow_without_end_are_an_error() {
        // Each of a hundred values is the whole one before and a letter more.
        let shared: Vec<u8> = (0..100).collect();
        let page = [&run(&shared)[..], &run(&[1; 100]), &[b'x'; 100]].concat();
        let apart =
            |bytes, count| apart(DELTA_BYTE_ARRAY, Leaf::default(), &page, Most { bytes, count });
        assert!(apart(1000, 100).is_err());
        assert!(apart(1 << 20, 100).is_ok_and(|lines| lines.is_some()));
        assert!(apart(1 << 20, 99).is_ok_and(|lines| lines.is_none()));
    }

    proptest! {
        #[test]
        fn noise_does_no_harm(
            encoding in 0..10_i64,
            noise in prop::collection::vec(any::<u8>(), 0..300),
            shared in prop::collection::vec(any::<u8>(), 1..99),
        ) {
            for page in [noise.clone(), [run(&shared), run(&shared), noise].concat()] {
                let lines = apart(encoding, FIXED, &page, Most { bytes: 1000, count: 1000 });
                if let Ok(Some(lines)) = lines {
                    prop_assert!(lines.len() <= 1000);
                }
            }
        }
    }
}
