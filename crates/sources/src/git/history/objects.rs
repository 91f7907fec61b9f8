//! From objects to what is searched: contents, and the names in trees.

use std::{
    collections::BTreeSet,
    io::{self, Read},
    ops::Range,
};

use bearhug_core::{Blob, Flow, Origin, Step};

use super::absent::Absent;
use crate::{
    containers::Opener,
    git::{
        id::{ObjectId, push_hex},
        loose::Loose,
        pack::{Kind, Object, Seen, Visit},
        tree,
    },
};

/// Objects above this size are searched in pieces, if nothing is made from them, in bytes.
const LARGE: u64 = 32 << 20;

/// How many objects are counted at once.
const COUNTED_AT_ONCE: u64 = 512;

/// What was learned on the way.
#[derive(Default)]
pub(super) struct Gleaned {
    /// What objects name and is not there.
    pub(super) absent: BTreeSet<ObjectId>,
    /// The names in trees that were searched.
    pub(super) names: BTreeSet<Vec<u8>>,
    /// The loose objects that were gone when their turn came.
    pub(super) gone: Vec<ObjectId>,
}

impl Gleaned {
    pub(super) fn join(&mut self, other: Self) {
        self.absent.extend(other.absent);
        self.names.extend(other.names);
        self.gone.extend(other.gone);
    }
}

/// Hands objects to a sink.
pub(super) struct Searcher<'a> {
    opener: Opener<'a>,
    /// The names that were searched.
    names: BTreeSet<Vec<u8>>,
    /// How many quiet objects have been read and not counted yet, and their bytes. Threads that count
    /// each one in the same place wait for each other.
    passed: (u64, u64),
    /// For a partial clone, what is not there.
    absent: Option<Absent<'a>>,
    /// Where the object at hand comes from. It is written over for each, since most origins are
    /// never looked at.
    origin: Origin,
    buffer: Vec<u8>,
}

impl<'a> Searcher<'a> {
    /// For a partial clone, `absent` looks for what objects name and is not there.
    pub(super) fn new(repository: &str, opener: Opener<'a>, absent: Option<Absent<'a>>) -> Self {
        let steps = vec![Step::Repository(repository.to_owned()), Step::Object(String::new())];
        let origin = Origin { path: String::new(), steps };
        let (names, buffer) = (BTreeSet::new(), Vec::new());
        Self { opener, names, passed: (0, 0), absent, origin, buffer }
    }

    /// Ends the search.
    pub(super) fn finish(mut self) -> Gleaned {
        self.count();
        let absent = self.absent.map(Absent::finish).unwrap_or_default();
        Gleaned { absent, names: self.names, gone: Vec::new() }
    }

    fn count(&mut self) {
        let (objects, bytes) = std::mem::take(&mut self.passed);
        self.opener.sink.passed(objects, bytes);
    }

    fn name_origin(&mut self, id: &[u8]) {
        self.origin.path.clear();
        push_hex(&mut self.origin.path, id);
        if let Some(Step::Object(step)) = self.origin.steps.get_mut(1) {
            step.clone_from(&self.origin.path);
        }
    }

    /// Searches an object that is held in memory.
    pub(super) fn whole(&mut self, object: &Object<'_>) -> Seen {
        if let Some(absent) = &mut self.absent {
            absent.look(object);
        }
        let all = 0..object.bytes.len();
        let parts = if object.base_is_quiet { object.fresh } else { std::slice::from_ref(&all) };
        let is_quiet = self.is_quiet(object.kind, object.bytes, parts);
        if is_quiet || object.kind == Kind::Tree {
            self.pass(object.kind, object.bytes.len());
        }
        if !is_quiet {
            self.name_origin(object.id);
            if object.kind == Kind::Tree {
                self.names(object);
            } else {
                self.opener.held(object.bytes, &self.origin);
            }
        }
        if self.opener.sink.flow() == Flow::Stop {
            Seen::Stop
        } else if is_quiet {
            Seen::Quiet
        } else {
            Seen::Loud
        }
    }

    /// Whether there is nothing in an object that is looked for, nor the start of such a thing. A
    /// container is not quiet: what is in it may be loud.
    fn is_quiet(&self, kind: Kind, bytes: &[u8], parts: &[Range<usize>]) -> bool {
        self.opener.sink.is_quiet(bytes, parts)
            && (kind == Kind::Tree || !self.opener.recognises(bytes))
    }

    /// Counts an object that was quiet.
    fn pass(&mut self, kind: Kind, size: usize) {
        self.passed.0 += 1;
        // Only the names in a tree are content.
        self.passed.1 += if kind == Kind::Tree { 0 } else { size as u64 };
        if self.passed.0 == COUNTED_AT_ONCE {
            self.count();
        }
    }

    /// Searches the names in a tree that are new.
    fn names(&mut self, object: &Object<'_>) {
        let Object { id, bytes: tree, fresh, .. } = *object;
        let sink = self.opener.sink;
        let origin = self.origin.then(Step::Name);
        tree::touched(tree, fresh, id.len(), |entry| {
            if !sink.is_all_quiet(entry.name) {
                self.names.insert(entry.name.to_vec());
                // A name is no container.
                drop(sink.blob(&Blob::whole(&origin, entry.name)));
            }
        });
    }

    fn pieces(&mut self, id: &[u8], reader: &mut dyn Read) {
        self.name_origin(id);
        self.opener.stream(reader, &self.origin);
    }

    /// Searches a loose object.
    pub(super) fn loose(&mut self, id: &ObjectId, mut loose: Loose) -> io::Result<()> {
        if loose.size > LARGE {
            self.pieces(id.as_bytes(), &mut loose.reader());
            return Ok(());
        }
        let mut bytes = std::mem::take(&mut self.buffer);
        let read = loose.read_into(&mut bytes);
        if read.is_ok() {
            self.whole(&Object {
                id: id.as_bytes(),
                kind: loose.kind,
                bytes: &bytes,
                fresh: std::slice::from_ref(&(0..bytes.len())),
                base_is_quiet: false,
            });
        }
        self.buffer = bytes;
        read
    }
}

impl Visit for Searcher<'_> {
    fn wants(&self, _: Kind) -> bool {
        true
    }

    fn visit(&mut self, object: &Object<'_>) -> Seen {
        self.whole(object)
    }

    fn stream(&mut self, id: &[u8], _: Kind, reader: &mut dyn Read) -> Flow {
        self.pieces(id, reader);
        self.opener.sink.flow()
    }
}
