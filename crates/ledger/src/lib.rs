//! The inventory: identities, where their tokens were seen, who answers for them, and what happened.
//!
//! A [`Ledger`] is one interface to two databases: SQLite, in a file of the user's own, and PostgreSQL,
//! which several machines share. Everything is written by [`Ledger::commit`], as one transaction that
//! holds the events which say what was done. Writing the same again changes nothing.

mod changes;
mod error;
mod place;
mod query;

pub use changes::{Changes, Clearance};
pub use error::LedgerError;
pub use place::{Presence, Sighting};
pub use query::{EventFilter, Filter, Order, Page, Paged, SightingFilter};

use std::collections::BTreeMap;

use bearhug_core::{
    Fingerprint,
    event::Event,
    identity::{Exposure, Identity, IdentityId},
    owner::{Owner, Waiver},
};

/// A ledger that is open.
#[derive(Debug)]
pub struct Ledger {}

#[expect(clippy::unused_async, unused_variables, reason = "skeleton")]
impl Ledger {
    /// Opens the ledger at an address: `sqlite:PATH`, a path, or `postgres://…`. A ledger that is not
    /// there yet is made, and one of an older version is brought up to date.
    pub async fn open(address: &str) -> Result<Self, LedgerError> {
        unimplemented!()
    }

    /// Writes all of it or nothing. Identities are refused with [`LedgerError::Conflict`] if one of
    /// them was written since it was read.
    pub async fn commit(&self, changes: &Changes) -> Result<(), LedgerError> {
        unimplemented!()
    }

    /// The identities that pass a filter.
    pub async fn identities(
        &self,
        filter: &Filter,
        order: Order,
        page: &Page,
    ) -> Result<Paged<Identity>, LedgerError> {
        unimplemented!()
    }

    /// One identity.
    pub async fn identity(&self, id: IdentityId) -> Result<Option<Identity>, LedgerError> {
        unimplemented!()
    }

    /// The identities whose name starts with a prefix of `id_…`, at most two.
    pub async fn identities_named(&self, prefix: &str) -> Result<Vec<IdentityId>, LedgerError> {
        unimplemented!()
    }

    /// Whose tokens these are, the past ones included.
    pub async fn holders(
        &self,
        fingerprints: &[Fingerprint],
    ) -> Result<BTreeMap<Fingerprint, Identity>, LedgerError> {
        unimplemented!()
    }

    /// Where an identity's tokens were seen, the latest first.
    pub async fn sightings(
        &self,
        filter: &SightingFilter,
        page: &Page,
    ) -> Result<Paged<Sighting>, LedgerError> {
        unimplemented!()
    }

    /// What the sightings of these identities come to.
    pub async fn exposures(
        &self,
        of: &[IdentityId],
    ) -> Result<BTreeMap<IdentityId, Exposure>, LedgerError> {
        unimplemented!()
    }

    /// Everybody who answers for something, those who left included.
    pub async fn owners(&self) -> Result<Vec<Owner>, LedgerError> {
        unimplemented!()
    }

    /// The waivers, also those that have ended.
    pub async fn waivers(&self) -> Result<Vec<Waiver>, LedgerError> {
        unimplemented!()
    }

    /// What happened, the latest first unless the filter says otherwise.
    pub async fn events(
        &self,
        filter: &EventFilter,
        page: &Page,
    ) -> Result<Paged<Event>, LedgerError> {
        unimplemented!()
    }
}
