//! The columns that a schema describes.

use super::thrift::Thrift;

/// A column: a leaf of the schema's tree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Leaf {
    /// The length of a value, where all have the same.
    pub(super) width: Option<usize>,
    /// Whether the column is one of byte strings of one length.
    pub(super) is_fixed: bool,
    /// Whether levels of repetition and of definition stand before its values.
    pub(super) levels: (bool, bool),
}

/// A node of the tree that has children, and how many are still to come.
struct Open {
    left: u64,
    levels: (bool, bool),
}

/// A node of the tree, as it is written.
#[derive(Default)]
struct Element {
    kind: Option<i64>,
    width: Option<u64>,
    repetition: i64,
    children: u64,
}

/// How many nodes of a schema are kept: each takes many times the byte that it may be written in. Of
/// the columns behind them nothing is known.
const MOST_NODES: u64 = 1 << 20;

const FIXED_LENGTH_BYTES: i64 = 7;
const OPTIONAL: i64 = 1;
const REPEATED: i64 = 2;

/// Reads the schema: the nodes of a tree, each before its children.
pub(super) fn leaves(thrift: &mut Thrift<'_>) -> Option<Vec<Leaf>> {
    let mut leaves = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    thrift.list(&mut |thrift, place| {
        let element = element(thrift)?;
        if place >= MOST_NODES {
            return Some(());
        }
        while open.last().is_some_and(|node| node.left == 0) {
            open.pop();
        }
        let mut levels = (false, false);
        if let Some(parent) = open.last_mut() {
            parent.left -= 1;
            levels = parent.levels;
        }
        // The root is neither.
        if place > 0 {
            levels.0 |= element.repetition == REPEATED;
            levels.1 |= matches!(element.repetition, OPTIONAL | REPEATED);
        }
        if element.children > 0 {
            open.push(Open { left: element.children, levels });
        } else {
            let is_fixed = element.kind == Some(FIXED_LENGTH_BYTES);
            let width = element.width.and_then(|width| usize::try_from(width).ok());
            leaves.push(Leaf { width: width.filter(|&w| w > 0), is_fixed, levels });
        }
        Some(())
    })?;
    Some(leaves)
}

fn element(thrift: &mut Thrift<'_>) -> Option<Element> {
    let mut element = Element::default();
    thrift.structure(&mut |thrift, number, _| {
        match number {
            1 => element.kind = Some(thrift.integer()?),
            2 => element.width = u64::try_from(thrift.integer()?).ok(),
            3 => element.repetition = thrift.integer()?,
            5 => element.children = u64::try_from(thrift.integer()?).unwrap_or(0),
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some(element)
}
