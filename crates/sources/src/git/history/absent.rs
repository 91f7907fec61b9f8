//! Objects that others name and that are not here, as in a partial clone.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering},
};

use crate::git::{
    commit,
    id::ObjectId,
    loose,
    pack::{Kind, Object},
    store::Store,
    tree,
};

/// How many ids are remembered as present, at most. Versions of a folder name mostly the same objects.
const REMEMBERED: usize = 1 << 21;

/// Looks up what objects name.
pub(super) struct Absent<'a> {
    store: &'a Store,
    /// Objects that are not in packs.
    loose: &'a [ObjectId],
    /// The commits whose parents were left out of a shallow clone.
    shallow: &'a [ObjectId],
    present: &'a [AtomicU64],
    pub(super) found: BTreeSet<ObjectId>,
}

/// What a partial clone is told by.
pub(super) struct Known {
    loose: Vec<ObjectId>,
    shallow: Vec<ObjectId>,
    /// The first bytes of ids that are here, each at a place that its last bytes say. A thread that
    /// overwrites what another wrote costs that one a second look.
    present: Vec<AtomicU64>,
}

impl Known {
    pub(super) fn new(store: &Store, shallow: Vec<ObjectId>) -> Self {
        let lists = store.folders.iter().filter_map(|folder| loose::list(folder, store.hash).ok());
        let mut loose: Vec<_> = lists.flatten().collect();
        loose.sort_unstable();
        let objects: usize = store.packs.iter().map(|(_, pack)| pack.count()).sum();
        let places = (2 * objects).next_power_of_two().min(REMEMBERED);
        let present = (0..places).map(|_| AtomicU64::new(0)).collect();
        Self { loose, shallow, present }
    }
}

impl<'a> Absent<'a> {
    pub(super) fn new(store: &'a Store, known: &'a Known) -> Self {
        let Known { loose, shallow, present } = known;
        Self { store, loose, shallow, present, found: BTreeSet::new() }
    }

    /// Looks up what an object names in its fresh parts.
    pub(super) fn look(&mut self, object: &Object<'_>) {
        let Object { id, kind, bytes, fresh, .. } = *object;
        match kind {
            Kind::Tree => tree::touched(bytes, fresh, id.len(), |entry| {
                if !entry.is_submodule() {
                    self.check(entry.id);
                }
            }),
            Kind::Commit => {
                let Some(commit) = commit::parse(bytes) else { return };
                self.check(commit.tree.as_bytes());
                let is_shallow =
                    ObjectId::new(id).is_some_and(|id| self.shallow.binary_search(&id).is_ok());
                if !is_shallow {
                    for parent in &commit.parents {
                        self.check(parent.as_bytes());
                    }
                }
            }
            Kind::Tag => {
                if let Some(object) = commit::tagged(bytes) {
                    self.check(object.as_bytes());
                }
            }
            Kind::Blob => {}
        }
    }

    fn check(&mut self, id: &[u8]) {
        let (Some(first), Some(last)) = (id.first_chunk(), id.last_chunk()) else { return };
        let first = u64::from_ne_bytes(*first);
        let place = u32::from_ne_bytes(*last) as usize % self.present.len();
        if self.present[place].load(Ordering::Relaxed) == first {
            return;
        }
        let Some(id) = ObjectId::new(id) else { return };
        let is_packed = || self.store.packs.iter().any(|(_, pack)| pack.contains(&id));
        if is_packed() || self.loose.binary_search(&id).is_ok() {
            self.present[place].store(first, Ordering::Relaxed);
        } else {
            self.found.insert(id);
        }
    }
}
