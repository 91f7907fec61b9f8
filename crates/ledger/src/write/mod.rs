//! Writing: one transaction for all that belongs together.

mod events;
mod identities;
mod owners;
mod rows;
mod sightings;

use crate::{Changes, LedgerError, database::Writing};

pub(crate) use events::{Head, add_checkpoint, move_head, take_head};
pub(crate) use identities::{rank, row as identity_row};
pub(crate) use rows::Rows;
pub(crate) use sightings::source_id;

/// Writes all changes in a transaction that is under way.
///
/// The chain's head is taken first, whether or not there are events. So there is one writer at a time,
/// on both databases, and what a writer reads stays true until it is done.
pub(crate) async fn all(writing: &mut Writing, changes: &Changes) -> Result<(), LedgerError> {
    let head = take_head(writing).await?;
    owners::write(writing, &changes.owners).await?;
    identities::write(writing, &changes.identities).await?;
    owners::write_waivers(writing, &changes.waivers).await?;
    sightings::write(writing, &changes.sightings).await?;
    sightings::clear(writing, &changes.clearances).await?;
    events::append(writing, head, &changes.events).await
}
