//! What commits add: what stands in no parent's tree at the same place.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use crate::git::{
    attribution::{Trees, folder},
    id::ObjectId,
    tree::Entry,
};

/// How many folders of a commit are looked into, each with what it was in the parents. There are more
/// of them only where the same folders are put together in ever other ways.
const MOST_FOLDERS: usize = 1 << 20;

/// What commits add.
#[derive(Debug, Default)]
pub(super) struct Added {
    pub(super) objects: BTreeSet<ObjectId>,
    /// Names of files and folders.
    pub(super) names: BTreeSet<Vec<u8>>,
    /// The trees that would tell more and cannot be read, or only in part.
    pub(super) unread: BTreeSet<ObjectId>,
}

/// A folder, and what it was in each parent, if it was.
type Folder = (ObjectId, Vec<Option<ObjectId>>);

impl Added {
    pub(super) fn join(&mut self, other: Self) {
        self.objects.extend(other.objects);
        self.names.extend(other.names);
        self.unread.extend(other.unread);
    }

    /// Adds what a tree has that none of its parents' has. Paths do not matter, so that folders that
    /// are in many places are looked into once.
    pub(super) fn take(&mut self, trees: &mut Trees<'_>, tree: ObjectId, parents: Vec<ObjectId>) {
        let mut waiting = vec![(tree, parents.into_iter().map(Some).collect::<Vec<_>>())];
        let mut seen: BTreeSet<Folder> = BTreeSet::new();
        while let Some(next) = waiting.pop() {
            if seen.len() == MOST_FOLDERS {
                self.unread.insert(tree);
                return;
            }
            if seen.insert(next.clone()) {
                self.folder(trees, next, &mut waiting);
            }
        }
    }

    /// The same for one folder, without those in it.
    fn folder(&mut self, trees: &mut Trees<'_>, (new, olds): Folder, waiting: &mut Vec<Folder>) {
        let Some(new) = trees.read(&new) else {
            self.unread.insert(new);
            return;
        };
        // Without the parent's there may be more in it that seems new.
        let mut read =
            |old: Option<ObjectId>| old.and_then(|id| trees.read(&id)).unwrap_or_default();
        let mut olds: Vec<_> = olds.into_iter().map(&mut read).collect();
        if olds.is_empty() {
            olds.push(Rc::default());
        }
        let id_len = trees.hash().len();
        let mut changes = olds.iter().map(|old| changes(old, &new, id_len));
        let Some(mut fresh) = changes.next() else { return };
        for more in changes {
            fresh.retain(|key, (_, olds)| {
                more.get(key).map(|(_, more)| olds.extend(more)).is_some()
            });
        }
        for (entry, olds) in fresh.into_values() {
            if olds.iter().all(Option::is_none) {
                self.names.insert(entry.name.to_vec());
            }
            let Some(id) = ObjectId::new(entry.id).filter(|_| !entry.is_submodule()) else {
                continue;
            };
            if entry.is_folder() {
                let of = |old: Option<Entry<'_>>| ObjectId::new(old.filter(Entry::is_folder)?.id);
                waiting.push((id, olds.into_iter().map(of).collect()));
            } else {
                self.objects.insert(id);
            }
        }
    }
}

/// Entries by their names and ids, each with what others have of that name.
type Changes<'a> = BTreeMap<(&'a [u8], &'a [u8]), (Entry<'a>, Vec<Option<Entry<'a>>>)>;

/// The entries of a tree that another does not have, each with what the other has of that name.
fn changes<'a>(old: &'a [u8], new: &'a [u8], id_len: usize) -> Changes<'a> {
    let mut changes = BTreeMap::new();
    folder(old, new, id_len, &mut |change| {
        if let Some(new) = change.new {
            changes.insert((new.name, new.id), (new, vec![change.old]));
        }
    });
    changes
}
