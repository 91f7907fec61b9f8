//! The headers of a pack's entries (gitformat-pack, "pack-*.pack files").

use super::{Corrupt, LARGEST};
use crate::git::id::{Hash, ObjectId};

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
}

impl Kind {
    /// The kind that a loose object's header names.
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"commit" => Some(Self::Commit),
            b"tree" => Some(Self::Tree),
            b"blob" => Some(Self::Blob),
            b"tag" => Some(Self::Tag),
            _ => None,
        }
    }
}

/// What an entry holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// An object.
    Whole(Kind),
    /// What changes the object that starts this many bytes before the entry.
    OffsetDelta(u64),
    /// What changes the object of this id.
    IdDelta(ObjectId),
}

/// The header of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) content: Content,
    /// The size of the inflated bytes.
    pub(crate) size: u64,
    /// How long the header is: where the deflated bytes start.
    pub(crate) len: usize,
}

impl Header {
    /// The size of the inflated bytes, if so many are held in memory.
    pub(super) fn size_in_memory(&self) -> Result<usize, Corrupt> {
        let size = usize::try_from(self.size).ok().filter(|&size| size <= LARGEST);
        size.ok_or(Corrupt("the object is larger than is held in memory"))
    }

    /// Reads the header at the start of `bytes`.
    pub(crate) fn parse(bytes: &[u8], hash: Hash) -> Result<Self, Corrupt> {
        let cut_off = Corrupt("the entry's header is cut off");
        let first = *bytes.first().ok_or(cut_off)?;
        let (mut size, mut len, mut shift) = (u64::from(first & 15), 1, 4);
        let mut byte = first;
        while byte & 0x80 != 0 {
            byte = *bytes.get(len).ok_or(cut_off)?;
            let bits = u64::from(byte & 0x7f);
            if shift > 57 || bits << shift >> shift != bits {
                return Err(Corrupt("the entry's size has more than 64 bits"));
            }
            size |= bits << shift;
            shift += 7;
            len += 1;
        }
        let content = match first >> 4 & 7 {
            1 => Content::Whole(Kind::Commit),
            2 => Content::Whole(Kind::Tree),
            3 => Content::Whole(Kind::Blob),
            4 => Content::Whole(Kind::Tag),
            6 => {
                let mut rest = bytes.get(len..).ok_or(cut_off)?;
                let distance = varint(&mut rest).ok_or(cut_off)?;
                len = bytes.len() - rest.len();
                Content::OffsetDelta(distance)
            }
            7 => {
                let id = bytes.get(len..len + hash.len()).and_then(ObjectId::new).ok_or(cut_off)?;
                len += hash.len();
                Content::IdDelta(id)
            }
            _ => return Err(Corrupt("the entry is of an unknown type")),
        };
        Ok(Self { content, size, len })
    }
}

/// Reads a number of seven bits a byte, the highest first. Each continued byte adds one, so that no
/// number has two spellings.
pub(crate) fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for _ in 0..9 {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(number);
        }
        number += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_the_format_describes_them() {
        let parse = |bytes: &[u8]| Header::parse(bytes, Hash::Sha1);
        let whole = |kind, size, len| Ok(Header { content: Content::Whole(kind), size, len });
        assert_eq!(parse(&[0x35]), whole(Kind::Blob, 5, 1));
        assert_eq!(parse(&[0x9f, 0x01]), whole(Kind::Commit, 31, 2));
        // Four gigabytes and one byte.
        assert_eq!(
            parse(&[0xb1, 0x80, 0x80, 0x80, 0x80, 0x01]),
            whole(Kind::Blob, (1 << 32) + 1, 6)
        );
        let delta = parse(&[0x63, 0x80, 0x00]).unwrap();
        assert_eq!((delta.content, delta.len), (Content::OffsetDelta(128), 3));
        let id = [7; 20];
        let delta = parse(&[&[0x73][..], &id].concat()).unwrap();
        assert_eq!((delta.content, delta.len), (Content::IdDelta(ObjectId::new(&id).unwrap()), 21));
        for bad in [&[][..], &[0x05], &[0x55], &[0xb1], &[0xff; 30], &[0x63, 0xff], &[0x73, 0]] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }
}
