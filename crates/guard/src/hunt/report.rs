//! What a hunt found, read and hid.

use std::{collections::BTreeSet, time::Duration};

use bearhug_core::{Coverage, Finding, Fingerprint, Gap};

/// The outcome of a hunt.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Each token once, the surest first.
    pub findings: Vec<Finding>,
    /// How much was read.
    pub coverage: Coverage,
    /// What was not read, and why.
    pub gaps: Vec<Gap>,
    /// What was found and is not shown.
    pub hidden: Hidden,
    /// The tokens that were hidden in at least one place.
    pub hidden_tokens: BTreeSet<Fingerprint>,
    /// How long it took.
    pub elapsed: Duration,
    /// Whether the user stopped it before it was through.
    pub interrupted: bool,
}

/// Counts of what was found and left out of the report on the user's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hidden {
    /// Tokens that the baseline lists.
    pub baseline: u64,
    /// Tokens that the configuration accepts.
    pub configured: u64,
    /// Sightings on a line that says `bearhug:allow`.
    pub allowed: u64,
    /// Placeholders, which are shown only on request.
    pub placeholders: u64,
    /// Tokens below the confidence that was asked for.
    pub unsure: u64,
}
