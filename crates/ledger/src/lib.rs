//! The inventory: identities, where their tokens were seen, who answers for them, and what happened.
//!
//! A [`Ledger`] is one interface to two databases: SQLite, in a file of the user's own, and PostgreSQL,
//! which several machines share. Everything is written by [`Ledger::commit`], as one transaction that
//! holds the events which say what was done. Writing the same again changes nothing.
//!
//! There is one writer at a time, on both databases: the chain of events has one end, which a writer
//! holds until it is done. Readers wait for nobody. Texts are stored without NUL and times to the
//! microsecond, except those inside of an identity, which is one document.

mod address;
pub mod chain;
mod changes;
pub mod copy;
mod database;
mod error;
mod migration;
mod place;
mod query;
mod read;
mod settlement;
mod stored;
mod write;

pub use changes::{Changes, Clearance};
pub use error::{Cause, LedgerError};
pub use place::{Presence, Sighting};
pub use query::{EventFilter, Filter, Order, Page, Paged, SightingFilter};

use std::{collections::BTreeMap, fmt};

use bearhug_core::{
    Fingerprint,
    event::Event,
    identity::{Exposure, Identity, IdentityId},
    owner::{Owner, Waiver},
};

use crate::{
    address::Address,
    chain::{Checkpoint, StoredEvent},
    database::Database,
    settlement::Settlement,
};

/// A ledger that is open.
pub struct Ledger {
    database: Database,
    settlement: Settlement,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ledger").field(&self.database.address).finish()
    }
}

impl Ledger {
    /// Opens the ledger at an address: `sqlite:PATH`, a path, or `postgres://…`. A ledger that is not
    /// there yet is made, and one of an older version is brought up to date.
    pub async fn open(address: &str) -> Result<Self, LedgerError> {
        let database = Database::connect(Address::parse(address)?).await?;
        migration::run(&database).await?;
        Ok(Self { database, settlement: Settlement::default() })
    }

    /// Where it is, without a password.
    pub fn address(&self) -> String {
        self.database.address.to_string()
    }

    /// What tells it from all other ledgers, without a password. A relative path is made absolute.
    pub fn name(&self) -> String {
        self.database.address.name()
    }

    /// Waits until what it holds open is closed. A ledger that is dropped closes by and by.
    pub async fn close(self) {
        self.database.close().await;
    }

    /// Writes all of it or nothing. Identities and owners are refused with [`LedgerError::Conflict`]
    /// if one of them was written since it was read.
    ///
    /// After an error that [is passing](LedgerError::is_passing) the same changes can be committed
    /// again, through the same `Ledger`: if they were written after all, that is found out, and
    /// nothing is done twice.
    pub async fn commit(&self, changes: &Changes) -> Result<(), LedgerError> {
        self.settlement.commit(&self.database, changes).await
    }

    /// The identities that pass a filter.
    pub async fn identities(
        &self,
        filter: &Filter,
        order: Order,
        page: &Page,
    ) -> Result<Paged<Identity>, LedgerError> {
        read::identities(&self.database, filter, order, page).await
    }

    /// One identity.
    pub async fn identity(&self, id: IdentityId) -> Result<Option<Identity>, LedgerError> {
        read::identity(&self.database, id).await
    }

    /// The identities whose name starts with a prefix of `id_…`, at most two.
    pub async fn identities_named(&self, prefix: &str) -> Result<Vec<IdentityId>, LedgerError> {
        read::named(&self.database, prefix).await
    }

    /// Whose tokens these are, the past ones included.
    pub async fn holders(
        &self,
        fingerprints: &[Fingerprint],
    ) -> Result<BTreeMap<Fingerprint, Identity>, LedgerError> {
        read::holders(&self.database, fingerprints).await
    }

    /// Where an identity's tokens were seen, the latest first.
    pub async fn sightings(
        &self,
        filter: &SightingFilter,
        page: &Page,
    ) -> Result<Paged<Sighting>, LedgerError> {
        read::sightings(&self.database, filter, page).await
    }

    /// What the sightings of these identities come to, also of those that have none.
    pub async fn exposures(
        &self,
        of: &[IdentityId],
    ) -> Result<BTreeMap<IdentityId, Exposure>, LedgerError> {
        read::exposures(&self.database, of).await
    }

    /// Everybody who answers for something, those who left included.
    pub async fn owners(&self) -> Result<Vec<Owner>, LedgerError> {
        read::owners(&self.database).await
    }

    /// The waivers, also those that have ended.
    pub async fn waivers(&self) -> Result<Vec<Waiver>, LedgerError> {
        read::waivers(&self.database).await
    }

    /// What happened, by the times of events, the latest first unless the filter says otherwise.
    pub async fn events(
        &self,
        filter: &EventFilter,
        page: &Page,
    ) -> Result<Paged<Event>, LedgerError> {
        read::events(&self.database, filter, page).await
    }

    /// The events after a place in the chain, in the order of the chain, as they are stored. The
    /// first is after [`i64::MIN`], where only somebody who changed the database puts any.
    pub async fn chain(&self, after: i64, limit: u32) -> Result<Vec<StoredEvent>, LedgerError> {
        read::chain(&self.database, after, limit).await
    }

    /// The place and the hash of the last event, as the database has noted them. An empty chain has
    /// place 0 and [`chain::GENESIS`].
    pub async fn head(&self) -> Result<(u64, [u8; 32]), LedgerError> {
        let head = read::head(&self.database).await?;
        Ok((head.seq, head.hash))
    }

    /// Every checkpoint, in the order of the chain.
    pub async fn checkpoints(&self) -> Result<Vec<Checkpoint>, LedgerError> {
        self.checkpoints_from(0).await
    }

    /// The checkpoints from a place in the chain on, in its order.
    pub async fn checkpoints_from(&self, seq: u64) -> Result<Vec<Checkpoint>, LedgerError> {
        read::checkpoints(&self.database, seq).await
    }

    /// The checkpoint that came furthest, if there is any.
    pub async fn last_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerError> {
        self.last_checkpoint_until(u64::MAX).await
    }

    /// The last checkpoint up to a place in the chain, if there is any.
    pub async fn last_checkpoint_until(&self, seq: u64) -> Result<Option<Checkpoint>, LedgerError> {
        read::last_checkpoint(&self.database, seq).await
    }

    /// Adds a checkpoint. One that is there for the same place, or after the same one, stays.
    pub async fn add_checkpoint(&self, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        let mut writing = self.database.writing().await?;
        write::add_checkpoint(&mut writing, checkpoint).await?;
        Ok(writing.commit().await?)
    }
}
