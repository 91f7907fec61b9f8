//! What became of a chain of events: whether it is still as it was written.

use std::fmt;

/// Something that is wrong with a chain of events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The first event that it concerns, by its place in the chain.
    pub first: u64,
    /// The last one. Neighbours with the same fault are told together.
    pub last: u64,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What can be wrong with a chain of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// There are no such events, and there are later ones.
    Missing,
    /// A row stands where no event can: its place is not after that of the row before.
    Misplaced,
    /// The row cannot be read as an event.
    Unreadable,
    /// The hash is not that of the content after the event before it.
    Altered,
    /// The ledger's note of its own end does not fit its last event.
    Head,
    /// A checkpoint vouches for another event than the one that is there.
    Contradicted,
    /// A checkpoint vouches for an event that is not there.
    CutOff,
    /// The signature of a checkpoint is not by the key that it names.
    Forged,
    /// A checkpoint is signed by a key that is not trusted.
    UnknownKey,
    /// A checkpoint that another one, or this computer, remembers is not there.
    CheckpointMissing,
    /// This computer has seen another event in this place.
    Rewritten,
    /// This computer has seen events after the last one.
    Forgotten,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Missing,
        Self::Misplaced,
        Self::Unreadable,
        Self::Altered,
        Self::Head,
        Self::Contradicted,
        Self::CutOff,
        Self::Forged,
        Self::UnknownKey,
        Self::CheckpointMissing,
        Self::Rewritten,
        Self::Forgotten,
    ];

    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Misplaced => "misplaced",
            Self::Unreadable => "unreadable",
            Self::Altered => "altered",
            Self::Head => "head",
            Self::Contradicted => "contradicted",
            Self::CutOff => "cut_off",
            Self::Forged => "forged",
            Self::UnknownKey => "unknown_key",
            Self::CheckpointMissing => "checkpoint_missing",
            Self::Rewritten => "rewritten",
            Self::Forgotten => "forgotten",
        }
    }

    /// What is wrong, as what follows the name of the event.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Missing => "is missing, though later ones are there",
            Self::Misplaced => "stands where no event can",
            Self::Unreadable => "cannot be read as an event",
            Self::Altered => "was altered, or what came before it was: its hash does not fit",
            Self::Head => "is not the end that the ledger noted for itself",
            Self::Contradicted => "is not the one that a checkpoint vouches for",
            Self::CutOff => "is vouched for by a checkpoint and not there: the end was cut off",
            Self::Forged => "has a checkpoint whose signature is not by the key that it names",
            Self::UnknownKey => "has a checkpoint by a key that is not trusted here",
            Self::CheckpointMissing => "had a checkpoint, which was removed",
            Self::Rewritten => "is not the one that this computer saw in its place",
            Self::Forgotten => "was the end when this computer last looked, and is not there",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last.saturating_sub(self.first) {
            0 => write!(f, "event {} {}", self.first, self.kind.sentence()),
            _ => {
                write!(f, "each of events {} to {} {}", self.first, self.last, self.kind.sentence())
            }
        }
    }
}

/// An identity that lists tell otherwise than its own document does: somebody edited one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Its name.
    pub identity: String,
    /// The columns that differ, or `document` if that cannot be read.
    pub columns: Vec<&'static str>,
}

/// What a look through a whole chain came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// How many events were read.
    pub events: u64,
    /// The place of the last one. 0 if there are none.
    pub last: u64,
    /// The hash of the last one.
    pub hash: [u8; 32],
    /// How many checkpoints were read.
    pub checkpoints: u64,
    /// Up to which event a checkpoint by a trusted key vouches for the chain, if any does.
    pub vouched_until: Option<u64>,
    /// Up to which event this computer remembers the chain, if it does.
    pub remembered_until: Option<u64>,
    /// All that is wrong, in the order of the chain.
    pub faults: Vec<Fault>,
    /// Identities whose columns are not what their documents say, by name.
    pub mismatches: Vec<Mismatch>,
}

impl Verification {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty() && self.mismatches.is_empty()
    }
}
