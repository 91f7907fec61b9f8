//! Content that holds other content, opened in memory and never on disk.
//!
//! What a file is, its first bytes say and not its name. An [`Opener`] delivers a file and, if it
//! is a container, what it holds, and so on inward. One file's containers share a budget of depth,
//! parts and bytes, and what exceeds it is a gap.

mod archives;
mod budget;
mod compressed;
mod data;
mod documents;
mod embedded;
mod formats;
pub(crate) mod images;
mod inside;
mod large;
mod recognise;
mod stopping;
#[cfg(test)]
mod testing;
mod trailing;

use std::io::{Cursor, Read, Seek};

use bearhug_core::{Blob, Container, Flow, Gap, GapReason, Origin, Sink, Step};

use crate::stream::{self, Overlap};
pub(crate) use budget::Budget;
use budget::{Earning, Metered};
pub(crate) use formats::Rest;
use formats::{is_doubtful, is_streamed, read_through, rest_of, too_large_to_hold};
use inside::{Cut, Ended, Inside, Level};
use recognise::recognise;
use trailing::Trailing;

pub(crate) use stopping::Stopping;

/// How content is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// How the pieces of what is too large to hold overlap.
    pub overlap: Overlap,
    /// How much of what containers hold is read. Without it, none is.
    pub containers: Option<Limits>,
}

/// How much of what containers hold is read.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many containers may lie in one another.
    pub depth: u8,
    /// How many parts one file's containers may have together.
    pub parts: u64,
    /// How many bytes one file may be unpacked to. Without it, a gibibyte and a hundred times the
    /// file's size.
    pub unpacked: Option<u64>,
    /// How large a container inside another may be that cannot be read from front to back, in
    /// bytes. It is held in memory.
    pub held: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 8, parts: 100_000, unpacked: None, held: 64 << 20 }
    }
}

/// How much of a part is held to see whether it is a container, in bytes. What is larger and none is
/// searched as it streams by.
const HELD: usize = 8 << 20;

/// How much memory a decompressor may take for its dictionary, as a power of two: twice what `xz -9`
/// and `7z -mx=9` ask for, and what `zstd` accepts unasked. One inside another may take half as much,
/// so that together they stay below twice this.
const MOST_DICTIONARY_LOG: u32 = 27;

/// How much memory a decompressor counts beside its dictionary, in KiB.
const BESIDE_DICTIONARY_KIB: u32 = 1 << 10;

/// How much memory a decompressor may take for its dictionary, as a power of two, with so many
/// containers around it.
fn dictionary_log(depth: u8) -> u32 {
    MOST_DICTIONARY_LOG.saturating_sub(u32::from(depth.saturating_sub(1)))
}

/// The same with what stands beside it, in KiB.
fn dictionary_kib(depth: u8) -> u32 {
    (1 << dictionary_log(depth).clamp(10, 31) >> 10) + BESIDE_DICTIONARY_KIB
}

/// Something that can be read from any place.
pub(crate) trait Seekable: Read + Seek {}

impl<T: Read + Seek> Seekable for T {}

/// Delivers content and what it holds.
pub(crate) struct Opener<'a> {
    pub(crate) sink: &'a dyn Sink,
    pub(crate) reading: Reading,
}

impl Opener<'_> {
    /// Whether content is a container by its first bytes, and is to be opened.
    pub(crate) fn recognises(&self, bytes: &[u8]) -> bool {
        self.reading.containers.is_some() && recognise(bytes, "").is_some()
    }

    /// Delivers a file or object that is held in memory.
    pub(crate) fn held(&self, bytes: &[u8], origin: &Origin) {
        match self.reading.containers {
            Some(limits) => {
                let budget = Budget::new(limits, bytes.len() as u64);
                let level = Level { origin, depth: 0, budget: &budget };
                // What ended it has been reported.
                let _: Result<(), Ended> = self.memory(bytes, level);
            }
            None => drop(self.sink.blob(&Blob::whole(origin, bytes))),
        }
        self.sink.done();
    }

    /// Delivers what can only be read once, from front to back.
    pub(crate) fn stream(&self, reader: &mut dyn Read, origin: &Origin) {
        let outcome = match self.reading.containers {
            Some(limits) => {
                let budget = Budget::new(limits, 0);
                let level = Level { origin, depth: 0, budget: &budget };
                let mut reader = Earning { inner: reader, budget: &budget };
                return drop(self.report(self.content(&mut reader, level), level));
            }
            None => {
                stream::deliver(reader, origin, self.reading.overlap, self.sink, &mut |_, _| {})
            }
        };
        if let Err(error) = outcome {
            let reason = GapReason::Unreadable(error.to_string());
            self.sink.gap(Gap { origin: origin.clone(), reason });
        }
    }

    /// Delivers some content that is held, and what it holds.
    fn memory(&self, bytes: &[u8], level: Level<'_>) -> Result<(), Ended> {
        let Some(container) = recognise(bytes, level.name()) else {
            return self.unrecognised(bytes, level);
        };
        if container == Container::Notebook {
            return self.plain(bytes, &documents::notebook::outline(bytes), level);
        }
        let before = level.budget.unpacked();
        let outcome = self.open(container, &mut Cursor::new(bytes), level);
        if is_doubtful(container) && outcome.is_err() && level.budget.unpacked() == before {
            return self.unrecognised(bytes, level);
        }
        let rest = if outcome.is_ok() { rest_of(container) } else { Rest::Follow };
        let ended = self.report(outcome, level);
        match rest {
            Rest::Nothing => {}
            Rest::Follow if ended.is_ok() => return self.plain(bytes, &[], level),
            Rest::Search | Rest::Follow => drop(self.sink.blob(&Blob::whole(level.origin, bytes))),
        }
        ended
    }

    /// Searches bytes as they are and opens what is embedded in them.
    fn plain(
        &self,
        bytes: &[u8],
        outline: &[(std::ops::Range<usize>, Step)],
        level: Level<'_>,
    ) -> Result<(), Ended> {
        let blob = Blob { outline, ..Blob::whole(level.origin, bytes) };
        self.follow(&self.sink.blob(&blob), (&blob, false), level).map(drop)
    }

    /// The same for what is no container, in which even a signature of two bytes may mean something.
    fn unrecognised(&self, bytes: &[u8], level: Level<'_>) -> Result<(), Ended> {
        let blob = Blob::whole(level.origin, bytes);
        let mut leads = self.sink.blob(&blob);
        leads.extend(embedded::zlib_leads(bytes));
        leads.sort_by_key(|lead| lead.at);
        self.follow(&leads, (&blob, false), level).map(drop)
    }

    fn enter<'b>(&'b self, container: Container, level: Level<'b>) -> Result<Inside<'b>, Cut> {
        let (depth, limit) = (level.depth + 1, level.budget.limits().depth);
        if depth > limit {
            return Err(Cut::Gap(GapReason::TooDeep { limit }));
        }
        Ok(Inside { opener: self, container, level: Level { depth, ..level } })
    }

    /// Delivers content that is read as it is unpacked.
    fn content(&self, content: &mut dyn Read, level: Level<'_>) -> Result<(), Cut> {
        let (budget, sink) = (level.budget, self.sink);
        let mut content = Metered { inner: content, budget, sink };
        let mut held = Vec::new();
        let read = (&mut content).take(HELD as u64).read_to_end(&mut held);
        if read.is_err() || held.len() < HELD {
            // What came before some damage is searched all the same.
            self.memory(&held, level)?;
            self.done();
            return read.map(drop).map_err(Cut::from);
        }
        match recognise(&held, level.name()) {
            None => self.by_and_by(&mut Cursor::new(held).chain(content), level),
            Some(container) if is_streamed(container) => {
                self.streamed(container, (&held, &mut content), level)
            }
            Some(_) => self.hold(held, &mut content, level),
        }
    }

    /// Delivers a container that is read from front to back and is too large to be held, of which
    /// `head` has been read. What its reader does not get through is searched as it is.
    fn streamed(
        &self,
        container: Container,
        (head, content): (&[u8], &mut dyn Read),
        level: Level<'_>,
    ) -> Result<(), Cut> {
        let inside = self.enter(container, level)?;
        let before = level.budget.unpacked();
        let mut reader = Trailing::new(head.chain(&mut *content));
        let outcome = read_through(&inside, &mut reader);
        let Err(Cut::Gap(reason)) = outcome else {
            if outcome.is_ok() && rest_of(container) != Rest::Nothing {
                self.sink.blob(&Blob::whole(level.origin, head));
            }
            return outcome;
        };
        let behind_head = reader.position.saturating_sub(head.len() as u64);
        let is_something_else =
            is_doubtful(container) && level.budget.unpacked() - before == behind_head;
        if behind_head == 0 {
            drop(reader);
            self.by_and_by(&mut head.chain(content), level)?;
        } else {
            self.sink.blob(&Blob::whole(level.origin, head));
            inside.part("behind the damage", &mut reader.rest())?;
        }
        if is_something_else { Ok(()) } else { Err(Cut::Gap(reason)) }
    }

    /// Holds the rest of a container that can only be read as a whole, if it may be held.
    fn hold(&self, mut held: Vec<u8>, content: &mut dyn Read, level: Level<'_>) -> Result<(), Cut> {
        let hold = level.budget.hold(&mut held, content);
        if let Ok(None) = hold {
            self.by_and_by(&mut Cursor::new(held).chain(content), level)?;
            return Err(too_large_to_hold(level));
        }
        self.memory(&held, level)?;
        self.done();
        hold.map(drop).map_err(Cut::from)
    }

    /// Searches what is no container piece by piece.
    fn by_and_by(&self, content: &mut dyn Read, level: Level<'_>) -> Result<(), Cut> {
        let mut ended = Ok(());
        let overlap = self.reading.overlap;
        stream::deliver(content, level.origin, overlap, self.sink, &mut |leads, blob| {
            if ended.is_ok() {
                let goes_on = blob.own.end < blob.bytes.len();
                ended = self
                    .follow(leads, (blob, goes_on), level)
                    .map(|cut| self.report_cut(&cut, blob, blob.bytes.len() as u64));
            }
        })?;
        Ok(ended?)
    }

    /// Counts what was read, unless it ended early because the hunt did.
    fn done(&self) {
        if self.sink.flow() == Flow::Continue {
            self.sink.done();
        }
    }

    /// Reports why the reading of a container ended early, and says whether to read others.
    fn report(&self, outcome: Result<(), Cut>, level: Level<'_>) -> Result<(), Ended> {
        if self.sink.flow() == Flow::Stop {
            return Err(Ended);
        }
        let gap = |reason| self.sink.gap(Gap { origin: level.origin.clone(), reason });
        if level.budget.exceeded().is_some() {
            level.budget.to_report().into_iter().for_each(gap);
            return Err(Ended);
        }
        match outcome {
            Ok(()) => Ok(()),
            Err(Cut::Gap(reason)) => {
                gap(reason);
                Ok(())
            }
            Err(Cut::Ended) => Err(Ended),
        }
    }
}

impl<'a> Level<'a> {
    /// What the content is called where it lies.
    fn name(self) -> &'a str {
        match self.origin.steps.last() {
            Some(Step::Part(_, name)) => name,
            _ => &self.origin.path,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::{Compression, GzBuilder};

    use super::testing::opened;

    /// A member that is too large to be held, in a tar.
    fn in_tar(content: &[u8]) -> Vec<u8> {
        let mut builder = ::tar::Builder::new(Vec::new());
        let mut header = ::tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        builder.append_data(&mut header, "member", content).expect("memory takes it");
        builder.into_inner().expect("memory takes it")
    }

    fn noise(length: usize) -> Vec<u8> {
        let next = |state: &u32| Some(state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        let states = std::iter::successors(Some(1_u32), next);
        states.map(|state| state.to_be_bytes()[0]).take(length).collect()
    }

    /// A gzip member with a name.
    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder =
            GzBuilder::new().comment("a comment").write(Vec::new(), Compression::fast());
        encoder.write_all(content).expect("memory takes it");
        encoder.finish().expect("memory takes it")
    }

    #[test]
    fn what_only_looks_like_a_stream_is_searched_whole() {
        let mut binary = vec![0x5d, 0, 0, 0x80, 0];
        binary.extend([0xff; 8]);
        binary.push(0);
        binary.extend([0xff; 20]);
        binary.extend(noise(9 << 20));
        let opened = opened(&in_tar(&binary));
        assert!(opened.gaps.is_empty(), "{:?}", opened.gaps);
        let searched: Vec<u8> = opened.blobs.iter().flat_map(|(_, bytes)| bytes.clone()).collect();
        assert!(searched == binary);
    }

    #[test]
    fn what_comes_behind_a_broken_stream_is_searched() {
        let content = noise(9 << 20);
        for behind in ["text behind it", "and more of it"] {
            let broken = [gzip(&content), behind.as_bytes().to_vec()].concat();
            let opened = opened(&in_tar(&broken));
            assert_eq!(opened.gaps.len(), 1);
            assert!(opened.parts().iter().any(|part| part.ends_with(behind)));
        }
    }

    #[test]
    fn the_own_bytes_of_a_stream_are_searched() {
        let opened = opened(&in_tar(&gzip(&noise(9 << 20))));
        assert!(opened.gaps.is_empty(), "{:?}", opened.gaps);
        assert!(opened.parts().iter().any(|part| part.contains("a comment")));
    }
}
