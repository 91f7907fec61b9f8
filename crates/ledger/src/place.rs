//! Places where tokens were seen.

pub use bearhug_core::place::{Presence, Sighting};
