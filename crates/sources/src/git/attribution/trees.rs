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
                return read.ok().filter(|(kind, _)| *kind == Kind::Tree).map(|(_, tree)| tree);
            }
        }
        let (kind, tree) = self.store.read(id)?;
        (kind == Kind::Tree).then(|| Rc::new(tree))
    }
}
