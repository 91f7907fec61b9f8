//! Reading objects of a pack that are made from much the same others.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    Corrupt, Kind, Pack, buffer::Buffer, delta, entry::Content, forest::Base, inflate::Inflater,
    walk::Bases,
};

/// How much is kept of what was read last, and as much again of what was read before, in bytes.
const KEPT: usize = 24 << 20;

/// The longest chain of deltas that is followed.
const LONGEST_CHAIN: usize = 10_000;

type Known = (Kind, Rc<Buffer>);

/// A reader that remembers objects.
pub(crate) struct CachedReader {
    inflater: Inflater,
    delta: Buffer,
    /// Objects by the number of their pack and of their entry: those used since the last change of
    /// generations, and those used before.
    young: BTreeMap<(usize, u32), Known>,
    old: BTreeMap<(usize, u32), Known>,
    size: usize,
}

impl CachedReader {
    pub(crate) fn new() -> Self {
        Self {
            inflater: Inflater::new(),
            delta: Buffer::default(),
            young: BTreeMap::new(),
            old: BTreeMap::new(),
            size: 0,
        }
    }

    /// Reads the object that an entry of a pack holds.
    pub(crate) fn read(
        &mut self,
        (number, pack): (usize, &Pack),
        entry: u32,
        elsewhere: &dyn Bases,
    ) -> Result<Known, Corrupt> {
        let mut chain = Vec::new();
        let mut at = entry;
        let (kind, mut object) = loop {
            if let Some(known) = self.recall((number, at)) {
                break known;
            }
            match pack.forest.base(at) {
                Base::Nothing => {
                    let mut object = Buffer::default();
                    let content = pack.inflate(at, &mut self.inflater, &mut object)?;
                    let Content::Whole(kind) = content else {
                        return Err(Corrupt("the entry is no whole object"));
                    };
                    break self.remember((number, at), (kind, Rc::new(object)));
                }
                Base::Elsewhere => {
                    chain.push(at);
                    let (kind, object) = pack.read_elsewhere(at, elsewhere)?;
                    break (kind, Rc::new(object));
                }
                Base::Entry(base) if chain.len() < LONGEST_CHAIN => {
                    chain.push(at);
                    at = base;
                }
                _ => return Err(Corrupt("the entry's chain of deltas leads nowhere")),
            }
        };
        let mut fresh = Vec::new();
        for entry in chain.into_iter().rev() {
            pack.inflate(entry, &mut self.inflater, &mut self.delta)?;
            let mut next = Buffer::default();
            delta::apply(&object, &self.delta, &mut next, &mut fresh)?;
            pack.budget.spend(next.len() as u64)?;
            (_, object) = self.remember((number, entry), (kind, Rc::new(next)));
        }
        Ok((kind, object))
    }

    fn recall(&mut self, key: (usize, u32)) -> Option<Known> {
        if let Some(known) = self.young.get(&key) {
            return Some(known.clone());
        }
        let known = self.old.remove(&key)?;
        Some(self.remember(key, known))
    }

    fn remember(&mut self, key: (usize, u32), known: Known) -> Known {
        self.size += known.1.capacity();
        if self.size > KEPT {
            self.old = std::mem::take(&mut self.young);
            self.size = known.1.capacity();
        }
        self.young.insert(key, known.clone());
        known
    }
}
