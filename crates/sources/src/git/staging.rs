//! The index: what git would commit (gitformat-index).

use super::{
    id::ObjectId,
    pack::{u32_at, varint},
};

/// A path in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Staged {
    pub(crate) path: Vec<u8>,
    pub(crate) id: ObjectId,
}

/// The time stamps, the numbers of the file and its size that precede the id, in bytes.
const STAT: usize = 40;

/// Says that two more bytes of flags follow.
const EXTENDED: u8 = 0x40;

/// The entries of an index, up to where it makes no sense.
pub(crate) fn entries(index: &[u8], id_len: usize) -> impl Iterator<Item = Staged> {
    let version = u32_at(index, 4).filter(|_| index.starts_with(b"DIRC")).unwrap_or(0);
    let count = if (2..=4).contains(&version) { u32_at(index, 8).unwrap_or(0) } else { 0 };
    let mut rest = index.get(12..).unwrap_or_default();
    let mut last = Vec::new();
    (0..count).map_while(move |_| {
        let id = ObjectId::new(rest.get(STAT..STAT + id_len)?)?;
        let flags = *rest.get(STAT + id_len)?;
        let fixed = STAT + id_len + if flags & EXTENDED != 0 { 4 } else { 2 };
        let mut name = rest.get(fixed..)?;
        let path = if version == 4 {
            // What it shares with the path before is said by how much of that to cut off.
            let cut = usize::try_from(varint(&mut name)?).ok()?;
            let end = memchr::memchr(0, name)?;
            let mut path = std::mem::take(&mut last);
            path.truncate(path.len().checked_sub(cut)?);
            path.extend(&name[..end]);
            rest = &name[end + 1..];
            path
        } else {
            let end = memchr::memchr(0, name)?;
            // One to eight NULs end the entry, which is a multiple of eight long.
            rest = rest.get((fixed + end + 8) / 8 * 8..)?;
            name[..end].to_vec()
        };
        last.clone_from(&path);
        Some(Staged { path, id })
    })
}
