//! The entries of tree objects (gitdatamodel, "tree").

use std::ops::Range;

/// The mode of a subtree.
const FOLDER: &[u8] = b"40000";
/// The mode of a commit of another repository.
const SUBMODULE: &[u8] = b"160000";

/// The modes that git writes.
const MODES: [&[u8]; 6] = [b"100644", FOLDER, b"100755", b"120000", SUBMODULE, b"100664"];

/// How far before a place the start of an entry is looked for.
const REACH: usize = 512;

/// A name in a tree, and what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) mode: &'a [u8],
    pub(crate) name: &'a [u8],
    pub(crate) id: &'a [u8],
}

impl Entry<'_> {
    pub(crate) fn is_folder(&self) -> bool {
        self.mode == FOLDER || self.mode == b"040000"
    }

    pub(crate) fn is_submodule(&self) -> bool {
        self.mode == SUBMODULE
    }
}

/// The entries of a tree, up to where it makes no sense.
pub(crate) fn entries(tree: &[u8], id_len: usize) -> impl Iterator<Item = Entry<'_>> {
    let mut rest = tree;
    std::iter::from_fn(move || {
        let (entry, after) = first(rest, id_len)?;
        rest = after;
        Some(entry)
    })
}

/// The first entry of what is left of a tree, and what follows it.
pub(crate) fn first(tree: &[u8], id_len: usize) -> Option<(Entry<'_>, &[u8])> {
    let space = memchr::memchr(b' ', tree)?;
    let end = space + memchr::memchr(0, &tree[space..])?;
    let id = tree.get(end + 1..end + 1 + id_len)?;
    let entry = Entry { mode: &tree[..space], name: &tree[space + 1..end], id };
    Some((entry, &tree[end + 1 + id_len..]))
}

/// Calls `on_entry` with every entry that has a byte in one of some parts, or the seam of an empty one
/// inside. The parts are in order.
pub(crate) fn touched<'a>(
    tree: &'a [u8],
    parts: &[Range<usize>],
    id_len: usize,
    mut on_entry: impl FnMut(Entry<'a>),
) {
    let mut done = 0;
    for part in parts {
        if part.end < done {
            continue;
        }
        let mut at = start_before(tree, part.start).max(done);
        for entry in entries(&tree[at..], id_len) {
            let start = at;
            at += entry.mode.len() + entry.name.len() + id_len + 2;
            if start < part.end && part.start < at {
                on_entry(entry);
                done = at;
            }
            if part.end <= at {
                break;
            }
        }
    }
}

/// Where an entry starts that lies at or before `place`: the start of the tree, if none is found
/// nearer.
pub(crate) fn start_before(tree: &[u8], place: usize) -> usize {
    let from = place.saturating_sub(REACH);
    let near = tree.get(from..place.min(tree.len())).unwrap_or_default();
    let starts_one = |space: &usize| MODES.iter().any(|mode| near[..*space].ends_with(mode));
    memchr::memrchr_iter(b' ', near).find(starts_one).map_or(0, |space| {
        let is_mode = |mode: &&&[u8]| near[..space].ends_with(mode);
        from + space - MODES.iter().find(is_mode).map_or(0, |mode| mode.len())
    })
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "a list of parts may have one")]
mod tests {
    use super::*;

    #[test]
    fn entries_end_where_the_tree_makes_no_sense() {
        let tree = [&b"100644 a b\0"[..], &[1; 20], b"40000 c\0", &[2; 20], b"1006"].concat();
        let found: Vec<_> = entries(&tree, 20).map(|e| (e.name, e.is_folder(), e.id[0])).collect();
        assert_eq!(found, [(&b"a b"[..], false, 1), (b"c", true, 2)]);
        let second = entries(&tree, 20).next().unwrap().name.len() + 28;
        assert_eq!(start_before(&tree, tree.len()), second);
        assert_eq!(start_before(&tree, second), 0);
        let touched = |parts: &[Range<usize>]| {
            let mut names = Vec::new();
            touched(&tree, parts, 20, |entry| names.push(entry.name.to_vec()));
            names
        };
        assert_eq!(touched(&[3..3, 12..15]), [b"a b".to_vec()]);
        assert!(touched(&[second..second]).is_empty());
        assert_eq!(touched(&[second - 1..second + 1]), [b"a b".to_vec(), b"c".to_vec()]);
    }
}
