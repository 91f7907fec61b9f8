//! What is written in one go.

use bearhug_core::{
    event::Happening,
    identity::Identity,
    owner::{Owner, Waiver},
};
use jiff::Timestamp;

use crate::Sighting;

/// What is written together, or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Identities as they shall be. The revision of each is the one that was read.
    pub identities: Vec<Identity>,
    /// Places where tokens were seen. A place that is known gets its last date moved.
    pub sightings: Vec<Sighting>,
    /// Sources that were looked through to the end.
    pub clearances: Vec<Clearance>,
    /// Owners as they shall be, each once. The revision of each is the one that was read.
    pub owners: Vec<Owner>,
    /// Waivers, by rule and identity.
    pub waivers: Vec<Waiver>,
    /// Events, in order.
    pub events: Vec<Happening>,
}

/// That a source was looked through to the end: what was seen in it before and not since then is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearance {
    /// The source.
    pub source: String,
    /// When the look began. It is also when what is gone is marked to have gone.
    pub at: Timestamp,
}
