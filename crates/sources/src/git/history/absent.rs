//! Objects that others name and that are not here, as in a partial clone.

use std::collections::BTreeSet;

use crate::git::{
    commit,
    id::ObjectId,
    loose,
    pack::{Kind, Object, Pack},
    store::Store,
    tree,
};

/// How many ids are looked up at once. The processor waits for the memory of many together.
const BATCH: usize = 256;

/// Looks up what objects name.
pub(super) struct Absent<'a> {
    store: &'a Store,
    known: &'a Known,
    /// What is to be looked up.
    waiting: Vec<ObjectId>,
    found: BTreeSet<ObjectId>,
}

/// What a partial clone is told by.
pub(super) struct Known {
    present: Present,
    /// The commits whose parents were left out of a shallow clone.
    shallow: Vec<ObjectId>,
}

impl Known {
    pub(super) fn new(store: &Store, shallow: Vec<ObjectId>) -> Self {
        // What cannot be listed is reported where its objects are read.
        let lists = store.folders.iter().map(|folder| loose::list(folder, &mut |_, _| {}));
        let loose: Vec<ObjectId> = lists.flatten().collect();
        let packs = store.packs.iter().map(|(_, pack)| pack);
        let mut present = Present::new(packs.clone().map(Pack::count).sum::<usize>() + loose.len());
        for id in packs.flat_map(Pack::ids).chain(loose.iter().map(ObjectId::as_bytes)) {
            present.add(id);
        }
        Self { present, shallow }
    }
}

/// The ids of objects that are here.
///
/// A table with a place for each, because looking one up in an index waits for memory a dozen times.
struct Present {
    /// The first eight bytes of ids; zero where there is none. The last bytes of an id say which
    /// places it may have.
    places: Vec<u64>,
}

impl Present {
    /// How many places an id may have. One that finds them all taken is looked up in the indexes.
    const PROBES: usize = 8;

    fn new(count: usize) -> Self {
        Self { places: vec![0; (2 * count).next_power_of_two()] }
    }

    /// What is remembered of an id, and the places it may have.
    fn traces(&self, id: &[u8]) -> Option<(u64, impl Iterator<Item = usize> + use<>)> {
        let trace = u64::from_ne_bytes(*id.first_chunk()?);
        let first = u32::from_ne_bytes(*id.last_chunk()?) as usize;
        let mask = self.places.len() - 1;
        Some((trace, (first..first + Self::PROBES).map(move |place| place & mask)))
    }

    fn add(&mut self, id: &[u8]) {
        let Some((trace, mut places)) = self.traces(id) else { return };
        if let Some(place) = places.find(|&place| self.places[place] == 0) {
            self.places[place] = trace;
        }
    }

    /// Whether an id is known to be present.
    fn has(&self, id: &[u8]) -> bool {
        self.traces(id).is_some_and(|(trace, mut places)| {
            trace != 0 && places.any(|place| self.places[place] == trace)
        })
    }
}

impl<'a> Absent<'a> {
    pub(super) fn new(store: &'a Store, known: &'a Known) -> Self {
        Self { store, known, waiting: Vec::new(), found: BTreeSet::new() }
    }

    /// Looks up what an object names in its fresh parts.
    pub(super) fn look(&mut self, object: &Object<'_>) {
        let Object { id, kind, bytes, fresh, .. } = *object;
        match kind {
            Kind::Tree => tree::touched(bytes, fresh, id.len(), |entry| {
                if !entry.is_submodule() {
                    self.waiting.extend(ObjectId::new(entry.id));
                }
            }),
            Kind::Commit => {
                let shallow = &self.known.shallow;
                let is_shallow =
                    ObjectId::new(id).is_some_and(|id| shallow.binary_search(&id).is_ok());
                let names = if is_shallow { 1 } else { usize::MAX };
                self.waiting.extend(commit::named(bytes).take(names));
            }
            Kind::Tag => self.waiting.extend(commit::tagged(bytes)),
            Kind::Blob => {}
        }
        if self.waiting.len() >= BATCH {
            self.check();
        }
    }

    fn check(&mut self) {
        for id in self.waiting.drain(..).filter(|id| !self.known.present.has(id.as_bytes())) {
            if !self.found.contains(&id) && !self.store.contains(&id) {
                self.found.insert(id);
            }
        }
    }

    /// What is not there.
    pub(super) fn finish(mut self) -> BTreeSet<ObjectId> {
        self.check();
        self.found
    }
}
