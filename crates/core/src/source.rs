//! The port between where bytes come from and who searches them.

use std::{collections::BTreeSet, ops::Range, sync::Arc};

use crate::{Container, Gap, Lines, Origin, Step, Traces};

/// A piece of content to search.
#[derive(Debug, Clone)]
pub struct Blob<'a> {
    /// Where the bytes come from.
    pub origin: &'a Origin,
    /// The bytes, with context on either side when this is one piece of something larger.
    pub bytes: &'a [u8],
    /// The part of `bytes` that this blob answers for. Pieces of one file share their context, and
    /// a token belongs to the piece in whose own part it starts.
    pub own: Range<usize>,
    /// The offset of `bytes[0]` in the whole.
    pub offset: u64,
    /// How to number lines.
    pub lines: Lines<'a>,
    /// What stretches of `bytes` are called, in order and apart: the cells of a notebook.
    pub outline: &'a [(Range<usize>, Step)],
}

impl<'a> Blob<'a> {
    /// A blob that is all there is.
    pub fn whole(origin: &'a Origin, bytes: &'a [u8]) -> Self {
        let lines = Lines::From(1);
        Self { origin, bytes, own: 0..bytes.len(), offset: 0, lines, outline: &[] }
    }

    /// What the stretch that an offset in `bytes` lies in is called, if it has a name.
    pub fn stretch(&self, offset: usize) -> Option<&'a Step> {
        let after = self.outline.partition_point(|(stretch, _)| stretch.start <= offset);
        let (stretch, step) = self.outline.get(after.checked_sub(1)?)?;
        stretch.contains(&offset).then_some(step)
    }
}

/// A place in a blob where something starts that holds content of its own: compressed data or an
/// archive, in the middle of a file or written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lead {
    /// The offset in the blob's bytes.
    pub at: usize,
    /// How it is written.
    pub form: LeadForm,
}

/// How something embedded is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadForm {
    /// As it is.
    Raw,
    /// In base64.
    Base64,
    /// In base64 of base64, as Kubernetes keeps the releases of Helm.
    Base64Twice,
}

/// A name to search: of a file, a branch, an archive member.
#[derive(Debug, Clone)]
pub struct Name<'a> {
    /// What the name is found in, unless it is found in a tree: the way to a container, and its
    /// format.
    pub within: Option<(&'a Origin, Container)>,
    /// The whole path.
    pub path: &'a str,
    /// Where its last component starts: the part that is news, while the rest was searched as the
    /// names of the folders above.
    pub own_from: usize,
}

/// Whether a source should go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Flow {
    /// Go on.
    Continue,
    /// Stop as soon as possible: the user interrupted.
    Stop,
}

/// Where a source delivers what it reads. Called from several threads at once.
pub trait Sink: Sync {
    /// Searches a name and returns it in the form in which it may be printed.
    fn name(&self, name: Name<'_>) -> String;

    /// Searches a piece of content. Returns where in the blob's own part something else starts that
    /// is worth opening, in order.
    fn blob(&self, blob: &Blob<'_>) -> Vec<Lead>;

    /// Whether a search of these bytes would find nothing to stop at: no literal that leads to
    /// anything. `parts`, in order, are where to look; what touches none of them, not even an empty
    /// one, is known to be quiet.
    fn is_quiet(&self, bytes: &[u8], parts: &[Range<usize>]) -> bool {
        let _ = (bytes, parts);
        false
    }

    /// The same for all of the bytes.
    fn is_all_quiet(&self, bytes: &[u8]) -> bool {
        self.is_quiet(bytes, std::slice::from_ref(&(0..bytes.len())))
    }

    /// Counts objects that were quiet as read, so many with so many bytes.
    fn passed(&self, objects: u64, bytes: u64) {
        let _ = (objects, bytes);
    }

    /// Counts a whole file, object or part of a container as read. Its pieces have been delivered.
    fn done(&self);

    /// Records what could not be read.
    fn gap(&self, gap: Gap);

    /// Asks whether to go on. Cheap enough to be asked for every file.
    fn flow(&self) -> Flow;
}

/// Somewhere that bytes come from.
pub trait Source {
    /// Delivers everything to `sink`. What cannot be read becomes a gap, not an error.
    fn walk(&self, sink: &dyn Sink);

    /// Where in the history of a repository that was walked some tokens stood. Each is given as the
    /// ids of the objects that hold it.
    fn trace(&self, repository: &str, tokens: &[BTreeSet<String>]) -> Traces {
        let _ = (repository, tokens);
        Traces::default()
    }
}

impl<T: Source + ?Sized> Source for Arc<T> {
    fn walk(&self, sink: &dyn Sink) {
        (**self).walk(sink);
    }

    fn trace(&self, repository: &str, tokens: &[BTreeSet<String>]) -> Traces {
        (**self).trace(repository, tokens)
    }
}
