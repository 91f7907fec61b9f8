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

/// How many nodes of a schema are kept: each takes many times the byte that it may be written in. A
/// column of lists has three.
const MOST_NODES: u64 = 300_000;

const FIXED_LENGTH_BYTES: i64 = 7;
const OPTIONAL: i64 = 1;
const REPEATED: i64 = 2;

/// The columns that are known.
#[derive(Debug, Default)]
pub(super) struct Schema {
    pub(super) leaves: Vec<Leaf>,
    /// Whether there are others, for which no room was left.
    pub(super) is_cut: bool,
}

/// Reads the schema: the nodes of a tree, each before its children.
pub(super) fn schema(thrift: &mut Thrift<'_>) -> Option<Schema> {
    let mut schema = Schema::default();
    let mut open: Vec<Open> = Vec::new();
    thrift.list(&mut |thrift, place| {
        let element = element(thrift)?;
        if place >= MOST_NODES {
            schema.is_cut = true;
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
            schema.leaves.push(Leaf { width: width.filter(|&w| w > 0), is_fixed, levels });
        }
        Some(())
    })?;
    Some(schema)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_of_more_nodes_than_are_kept_says_so() {
        for (count, kept, is_cut) in [(300_000, 300_000, false), (300_001, 300_000, true)] {
            // A list of structures, its count in three bytes, and that many without a field.
            let [low, middle, high, _] = u32::to_le_bytes(count);
            let digits = [low | 0x80, middle << 1 | low >> 7 | 0x80, high << 2 | middle >> 6];
            let bytes = [&[0xfc][..], &digits, &vec![0; count as usize]].concat();
            let schema = schema(&mut Thrift::new(&mut &bytes[..])).expect("a whole list");
            assert_eq!((schema.leaves.len(), schema.is_cut), (kept, is_cut));
        }
    }
}
