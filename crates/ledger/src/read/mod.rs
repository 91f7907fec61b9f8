//! Reading: questions with filters, in pages.

mod chain;
mod conditions;
mod cursor;
mod events;
mod exposures;
mod identities;
mod mismatches;
mod owners;
mod raw;
mod sightings;

pub(crate) use chain::{chain, checkpoints, head, last_checkpoint};
pub(crate) use events::page as events;
pub(crate) use exposures::of as exposures;
pub(crate) use identities::{holders, named, one as identity, page as identities};
pub(crate) use mismatches::all as mismatches;
pub(crate) use owners::{all as owners, owner, waivers};
pub(crate) use sightings::page as sightings;
