//! What changed between two trees.

use std::{cmp::Ordering, rc::Rc};

use super::trees::Trees;
use crate::git::{
    id::ObjectId,
    pack::Buffer,
    tree::{self, Entry},
};

/// The deepest folder that is looked into. A repository has to try hard to have one deeper.
const DEEPEST: usize = 1024;

/// Something that differs: at least one of the two is there.
pub(crate) struct Change<'a> {
    pub(crate) name: &'a [u8],
    pub(crate) old: Option<Entry<'a>>,
    pub(crate) new: Option<Entry<'a>>,
}

/// Calls `on_change` with the path of a folder and with what changed in it, for every folder.
pub(crate) fn diff(
    trees: &mut Trees<'_>,
    (old, new): (Option<ObjectId>, Option<ObjectId>),
    on_change: &mut dyn FnMut(&[u8], &Change<'_>),
) {
    // What is still to be compared, by its path with a slash behind it.
    let mut waiting = vec![(Vec::new(), old, new, 0)];
    while let Some((path, old, new, depth)) = waiting.pop() {
        let (old, new) = (old.and_then(|id| trees.read(&id)), new.and_then(|id| trees.read(&id)));
        folder((old, new), id_len(trees), &mut |change| {
            on_change(&path, change);
            let folder = |entry: Option<Entry<'_>>| {
                entry.filter(Entry::is_folder).and_then(|entry| ObjectId::new(entry.id))
            };
            let (old, new) = (folder(change.old), folder(change.new));
            if (old.is_some() || new.is_some()) && depth < DEEPEST {
                let below = [&path[..], change.name, b"/"].concat();
                waiting.push((below, old, new, depth + 1));
            }
        });
    }
}

fn id_len(trees: &Trees<'_>) -> usize {
    trees.hash().len()
}

/// Calls `on_change` with what differs directly in one folder.
fn folder(
    (old, new): (Option<Rc<Buffer>>, Option<Rc<Buffer>>),
    id_len: usize,
    on_change: &mut dyn FnMut(&Change<'_>),
) {
    let nothing = Rc::default();
    let (old, new): (&[u8], &[u8]) =
        (old.as_ref().unwrap_or(&nothing), new.as_ref().unwrap_or(&nothing));
    let start = tree::start_before(old, common_start(old, new));
    let (mut old, mut new) = (&old[start..], &new[start..]);
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
