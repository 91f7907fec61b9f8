//! The port between where bytes come from and who searches them.

use std::ops::Range;

use crate::{Gap, Lines, Origin};

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
}

impl<'a> Blob<'a> {
    /// A blob that is all there is.
    pub fn whole(origin: &'a Origin, bytes: &'a [u8]) -> Self {
        Self { origin, bytes, own: 0..bytes.len(), offset: 0, lines: Lines::From(1) }
    }
}

/// A name to search: of a file, a branch, an archive member.
#[derive(Debug, Clone)]
pub struct Name<'a> {
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

    /// Searches a piece of content.
    fn blob(&self, blob: &Blob<'_>);

    /// Counts a whole file or object as read. Its pieces have been delivered.
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
}
