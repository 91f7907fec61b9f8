//! What changed between two trees.

use std::{cmp::Ordering, collections::BTreeSet, rc::Rc};

use super::trees::Trees;
use crate::git::{
    id::ObjectId,
    pack::Buffer,
    tree::{self, Entry},
};

/// The longest path of a folder that is looked into, in bytes: what Linux opens.
const LONGEST_PATH: usize = 4096;

/// How many folders without anything sought are remembered. There are more of them only where the same
/// folders are put together in ever other ways.
const MOST_BARREN: usize = 1 << 20;

/// What a folder is compared as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    /// There is no such folder.
    Nothing,
    /// There may be one.
    Unknown,
    Tree(ObjectId),
}

impl Side {
    fn read(self, trees: &mut Trees<'_>) -> Option<Rc<Buffer>> {
        match self {
            Self::Nothing => Some(Rc::default()),
            Self::Unknown => None,
            Self::Tree(id) => trees.read(&id),
        }
    }
}

/// Something that differs: at least one of the two is there.
pub(crate) struct Change<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) old: Option<Entry<'a>>,
    pub(crate) new: Option<Entry<'a>>,
}

/// Calls `on_change` with the path of a folder, with what changed in it, and whether it is known what
/// was there before, for every folder. What is there now has to be known.
///
/// `on_change` says whether the change is one of those that are sought. Two folders without any are
/// compared once, wherever they are: a few trees can name one another in more ways than can be counted.
///
/// Returns whether all was compared.
pub(crate) fn diff(
    trees: &mut Trees<'_>,
    sides: (Side, Side),
    on_change: &mut dyn FnMut(&[u8], &Change<'_>, bool) -> bool,
) -> bool {
    let id_len = trees.hash().len();
    let (mut barren, mut sought) = (BTreeSet::new(), 0_u64);
    let mut waiting = vec![Task::Enter(Rc::default(), Vec::new(), sides)];
    while let Some(task) = waiting.pop() {
        let (path, sides) = match task {
            Task::Enter(above, name, sides) => ([&above[..], &name].concat(), sides),
            Task::Leave(sides, before) => {
                if sought == before {
                    barren.insert(sides);
                }
                if barren.len() == MOST_BARREN {
                    return false;
                }
                continue;
            }
        };
        if path.len() > LONGEST_PATH || barren.contains(&sides) {
            continue;
        }
        let Some(new) = sides.1.read(trees) else { continue };
        waiting.push(Task::Leave(sides, sought));
        let old = sides.0.read(trees);
        let (path, is_known) = (Rc::new(path), old.is_some());
        folder(&old.unwrap_or_default(), &new, id_len, &mut |change| {
            sought += u64::from(on_change(&path, change, is_known));
            let side = |entry: Option<Entry<'_>>| {
                let tree = entry.filter(Entry::is_folder).and_then(|e| ObjectId::new(e.id));
                tree.map_or(Side::Nothing, Side::Tree)
            };
            let old = if is_known { side(change.old) } else { Side::Unknown };
            let sides = (old, side(change.new));
            if !matches!(sides, (Side::Nothing | Side::Unknown, Side::Nothing)) {
                let name = [change.name, b"/"].concat();
                waiting.push(Task::Enter(Rc::clone(&path), name, sides));
            }
        });
    }
    true
}

/// What is to be done about two folders.
enum Task {
    /// Compare them. The path of the one above and their name, with a slash behind each.
    Enter(Rc<Vec<u8>>, Vec<u8>, (Side, Side)),
    /// All that is in them has been compared. How much had been found before.
    Leave((Side, Side), u64),
}

/// Calls `on_change` with what differs directly in one folder.
pub(crate) fn folder<'a>(
    mut old: &'a [u8],
    mut new: &'a [u8],
    id_len: usize,
    on_change: &mut dyn FnMut(&Change<'a>),
) {
    let start = tree::start_before(old, common_start(old, new));
    (old, new) = (&old[start..], &new[start..]);
    while !old.is_empty() || !new.is_empty() {
        let (before, after) = (tree::first(old, id_len), tree::first(new, id_len));
        let order = match (&before, &after) {
            (Some((before, _)), Some((after, _))) => in_git_order(before, after),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return,
        };
        let (mut change, mut name) = ((None, None), &b""[..]);
        if let Some((entry, rest)) = before.filter(|_| order.is_le()) {
            (change.0, name, old) = (Some(entry), entry.name, rest);
        }
        if let Some((entry, rest)) = after.filter(|_| order.is_ge()) {
            (change.1, name, new) = (Some(entry), entry.name, rest);
        }
        if change.0 != change.1 {
            on_change(&Change { name, old: change.0, new: change.1 });
            // One change is all there is, more often than not.
            if old == new {
                return;
            }
        }
    }
}

/// The order of a tree: folders are sorted as if a slash followed their names.
fn in_git_order(a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
    let end = |entry: &Entry<'_>| if entry.is_folder() { b'/' } else { 0 };
    let shared = a.name.len().min(b.name.len());
    let next = |entry: &Entry<'_>| entry.name.get(shared).copied().unwrap_or(end(entry));
    a.name[..shared]
        .cmp(&b.name[..shared])
        .then_with(|| next(a).cmp(&next(b)))
        .then_with(|| a.name.len().cmp(&b.name.len()))
}

/// How many bytes two texts have in common at their start.
fn common_start(a: &[u8], b: &[u8]) -> usize {
    const STEP: usize = 64;
    let steps = a.chunks_exact(STEP).zip(b.chunks_exact(STEP)).take_while(|(a, b)| a == b).count();
    let from = steps * STEP;
    from + a[from..].iter().zip(&b[from..]).take_while(|(a, b)| a == b).count()
}
