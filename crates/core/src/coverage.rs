//! What a hunt read, and what it could not.

use std::ops::AddAssign;

use crate::Origin;

/// How much was read, and how much was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Blobs whose every byte was searched.
    pub scanned: u64,
    /// Blobs that should be there and could not be read.
    pub missing: u64,
    /// Blobs left out because they exceed a limit.
    pub oversized: u64,
    /// Blobs of which some encoded part was given up on.
    pub undecodable: u64,
    /// Bytes searched.
    pub bytes: u64,
}

impl AddAssign for Coverage {
    fn add_assign(&mut self, other: Self) {
        self.scanned += other.scanned;
        self.missing += other.missing;
        self.oversized += other.oversized;
        self.undecodable += other.undecodable;
        self.bytes += other.bytes;
    }
}

/// Something that could not be read or was cut short. Gaps travel with results and are shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What was not read.
    pub origin: Origin,
    /// Why, and what lifts it.
    pub reason: GapReason,
}

/// Why something was not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapReason {
    /// The operating system refused or failed; its own words.
    Unreadable(String),
    /// A FIFO, a socket or a device: reading it could block for ever or do something.
    SpecialFile,
    /// Larger than the limit, both in bytes.
    Oversized {
        /// The size found.
        size: u64,
        /// The limit in force.
        limit: u64,
    },
    /// A container that is broken, cut short or of a make that cannot be read; what is wrong with
    /// it. What came before the damage was searched.
    Damaged(String),
    /// A container or a part of one that takes a password.
    Encrypted,
    /// A container inside others, more of them than the limit.
    TooDeep {
        /// The limit in force.
        limit: u8,
    },
    /// A file's containers have more parts than the limit.
    TooManyParts {
        /// The limit in force.
        limit: u64,
    },
    /// A file unpacks to more bytes than the limit.
    TooMuchUnpacked {
        /// The limit in force.
        limit: u64,
    },
    /// A container that cannot be read from front to back, inside another, and too large to be held
    /// in memory.
    TooLargeToHold {
        /// The limit in force, in bytes.
        limit: u64,
    },
    /// Decoding was given up on when its budget ran out; what was decoded before is searched.
    DecodingBudget,
    /// More gaps in one file, for one reason, than the report keeps.
    GapsCut {
        /// How many were dropped.
        dropped: u64,
    },
    /// More sightings of one token than the report keeps.
    SightingsCut {
        /// How many were dropped.
        dropped: u64,
    },
    /// A shallow clone: commits before these are not here.
    Shallow {
        /// How many commits have parents that were left out.
        commits: usize,
    },
    /// Objects of a git history that are not here, as in a partial clone.
    AbsentObjects {
        /// How many.
        objects: u64,
    },
    /// The scan was interrupted before it got here.
    Interrupted,
}

impl GapReason {
    /// The name that output uses.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::SpecialFile => "special_file",
            Self::Oversized { .. } => "oversized",
            Self::Damaged(_) => "damaged",
            Self::Encrypted => "encrypted",
            Self::TooDeep { .. } => "too_deep",
            Self::TooManyParts { .. } => "too_many_parts",
            Self::TooMuchUnpacked { .. } => "too_much_unpacked",
            Self::TooLargeToHold { .. } => "too_large_to_hold",
            Self::DecodingBudget => "decoding_budget",
            Self::GapsCut { .. } => "gaps_cut",
            Self::SightingsCut { .. } => "sightings_cut",
            Self::Shallow { .. } => "shallow_history",
            Self::AbsentObjects { .. } => "absent_objects",
            Self::Interrupted => "interrupted",
        }
    }
}
