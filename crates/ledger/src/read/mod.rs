//! Reading: questions with filters, in pages.

mod conditions;
mod cursor;
mod events;
mod exposures;
mod identities;
mod owners;
mod sightings;

pub(crate) use events::{chain, checkpoints, head, last_checkpoint, page as events};
pub(crate) use exposures::of as exposures;
pub(crate) use identities::{holders, named, one as identity, page as identities};
pub(crate) use owners::{all as owners, owner, waivers};
pub(crate) use sightings::page as sightings;
