//! Reading single objects of a pack.

use super::{
    Corrupt, Kind, Pack, buffer::Buffer, delta, entry::Content, forest::Base, inflate::Inflater,
    walk::Bases,
};

/// The longest chain of deltas that is followed. Git writes none longer than 4095.
const LONGEST_CHAIN: usize = 10_000;

impl Pack {
    /// Reads the object that an entry holds.
    pub(crate) fn read(
        &self,
        entry: u32,
        inflater: &mut Inflater,
        elsewhere: &dyn Bases,
    ) -> Result<(Kind, Buffer), Corrupt> {
        let mut chain = Vec::new();
        let mut base = entry;
        let (kind, mut object) = loop {
            match self.forest.base(base) {
                Base::Nothing => break self.read_whole(base, inflater)?,
                Base::Elsewhere => {
                    chain.push(base);
                    break self.read_elsewhere(base, elsewhere)?;
                }
                Base::Entry(next) if chain.len() < LONGEST_CHAIN => {
                    chain.push(base);
                    base = next;
                }
                _ => return Err(Corrupt("the entry's chain of deltas leads nowhere")),
            }
        };
        let (mut delta, mut next) = (Buffer::default(), Buffer::default());
        let mut fresh = Vec::new();
        for entry in chain.into_iter().rev() {
            self.inflate(entry, inflater, &mut delta)?;
            delta::apply(&object, &delta, &mut next, &mut fresh)?;
            std::mem::swap(&mut object, &mut next);
            self.budget.spend(object.len() as u64)?;
        }
        Ok((kind, object))
    }

    /// Inflates what an entry holds, an object or a delta.
    pub(crate) fn inflate(
        &self,
        entry: u32,
        inflater: &mut Inflater,
        out: &mut Buffer,
    ) -> Result<Content, Corrupt> {
        let (header, bytes) = self.entry(entry)?;
        inflater.inflate(bytes, header.size_in_memory()?, out)?;
        Ok(header.content)
    }

    fn read_whole(&self, entry: u32, inflater: &mut Inflater) -> Result<(Kind, Buffer), Corrupt> {
        let mut object = Buffer::default();
        match self.inflate(entry, inflater, &mut object)? {
            Content::Whole(kind) => Ok((kind, object)),
            _ => Err(Corrupt("the entry is no whole object")),
        }
    }

    /// Reads the base of an entry from elsewhere.
    pub(super) fn read_elsewhere(
        &self,
        entry: u32,
        elsewhere: &dyn Bases,
    ) -> Result<(Kind, Buffer), Corrupt> {
        match self.entry(entry)?.0.content {
            Content::IdDelta(id) => {
                elsewhere.base(&id).ok_or(Corrupt("the base of a delta is not present"))
            }
            _ => Err(Corrupt("the entry names no base")),
        }
    }
}
