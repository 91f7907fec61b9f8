//! Trees, read in the order of a history, in which each is much like the last.

use std::rc::Rc;

use crate::git::{
    id::{Hash, ObjectId},
    pack::{Buffer, CachedReader, Kind},
    store::Store,
};

/// Reads trees.
pub(crate) struct Trees<'a> {
    store: &'a Store,
    reader: CachedReader,
}

impl<'a> Trees<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store, reader: CachedReader::new() }
    }

    /// The hash of the ids in the trees.
    pub(crate) fn hash(&self) -> Hash {
        self.store.hash
    }

    /// Reads a tree. None if it is not here or is none.
    pub(crate) fn read(&mut self, id: &ObjectId) -> Option<Rc<Buffer>> {
        for (number, (_, pack)) in self.store.packs.iter().enumerate() {
            if let Some(entry) = pack.find(id) {
                let read = self.reader.read((number, pack), entry, self.store);
                if let Ok((Kind::Tree, tree)) = read {
                    return Some(tree);
                }
            }
        }
        if self.store.hash.is_empty_tree(id) {
            return Some(Rc::default());
        }
        let (kind, tree) = self.store.read(id)?;
        (kind == Kind::Tree).then(|| Rc::new(tree))
    }
}
