//! What a history says of something that was found in it.

use std::collections::BTreeSet;

/// The commit that a sighting belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Commit {
    /// The object id, in hexadecimal.
    pub id: String,
    /// `Name <address>`, redacted.
    pub author: String,
    /// The author's date, in RFC 3339.
    pub date: String,
}

/// What keeps something in a repository, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// A branch, a tag or another ref leads to it.
    Ref,
    /// Only the stash does.
    Stash,
    /// Only a reflog does: of a branch before it was reset, say.
    Reflog,
    /// Only the index does: it is staged and was never committed.
    Index,
    /// Nothing does. It stays until git collects garbage.
    Nothing,
}

impl Reach {
    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ref => "ref",
            Self::Stash => "stash",
            Self::Reflog => "reflog",
            Self::Index => "index",
            Self::Nothing => "nothing",
        }
    }
}

/// How something that was found fares in a history.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct History {
    /// The commit that removed it, where one did.
    pub removed: Option<Commit>,
    /// What keeps it in the repository.
    pub reach: Reach,
    /// How many versions of the file hold it.
    pub versions: u64,
    /// Whether a commit that is checked out holds it.
    pub checked_out: bool,
}

/// Where in a repository something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whereabouts {
    /// In a file, or in the name of a file or a folder.
    Path(String),
    /// In a commit itself: its message or a name in it.
    Commit,
    /// In an annotated tag of this name.
    Tag(String),
    /// In an object that no commit leads to and that something else keeps: a blob that a tag names.
    Object,
}

/// One stretch of a history in which a token stood in one place. Names and paths are as the
/// repository has them, and may hold tokens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trace {
    /// The number of the token. None for a name that was suspected to hold one.
    pub token: Option<usize>,
    /// The object that brought it.
    pub object: String,
    /// All the objects that held it there, this one included.
    pub objects: BTreeSet<String>,
    /// Where it stood.
    pub place: Whereabouts,
    /// The commit that brought it.
    pub introduced: Option<Commit>,
    /// What became of it.
    pub history: History,
}

/// The traces of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Traces {
    /// One for each place, as long as there was room.
    pub traces: Vec<Trace>,
    /// How often there was no room for a place. A few objects can be in more places than can be
    /// counted.
    pub dropped: u64,
}

impl FromIterator<Self> for Traces {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        all.into_iter().fold(Self::default(), |mut sum, more| {
            sum.traces.extend(more.traces);
            sum.dropped += more.dropped;
            sum
        })
    }
}
