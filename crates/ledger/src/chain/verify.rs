//! Looks through the chain of a ledger.

use bearhug_core::chain::Verification;

use super::{Anchor, GENESIS, Head, PublicKey, Verifier};
use crate::{Ledger, LedgerError, read};

/// How many events are held in memory at once.
const PAGE: u32 = 10_000;

/// What stands for an end that cannot be read: no event is there.
const NOWHERE: Head = (0, GENESIS);

impl Ledger {
    /// Looks through the whole chain and tells all that is wrong with it, and whether identities are listed
    /// by what their documents say. Of its checkpoints those by
    /// `trusted` keys count, and `anchor` is what this computer remembered before.
    ///
    /// Others may write meanwhile. What they add is looked through as far as it is met.
    pub async fn verify(
        &self,
        anchor: Option<Anchor>,
        trusted: &[PublicKey],
    ) -> Result<Verification, LedgerError> {
        let head = self.noted_head().await?;
        let checkpoints = self.checkpoints().await?;
        let verifier = Verifier::from_the_start()
            .with_head(head)
            .with_checkpoints(&checkpoints, trusted)
            .with_anchor(anchor);
        let verification = self.look_through(verifier, i64::MIN).await?;
        Ok(Verification { mismatches: read::mismatches(&self.database).await?, ..verification })
    }

    /// Reads on from a place to the end.
    pub(super) async fn look_through(
        &self,
        mut verifier: Verifier,
        mut after: i64,
    ) -> Result<Verification, LedgerError> {
        loop {
            let page = self.chain(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for row in &page {
                verifier.read(row);
            }
        }
        Ok(verifier.finish(self.noted_head().await?))
    }

    /// The end that the ledger noted for itself, whatever somebody made of the note.
    async fn noted_head(&self) -> Result<Head, LedgerError> {
        match self.head().await {
            Err(LedgerError::Damaged(_)) => Ok(NOWHERE),
            head => head,
        }
    }
}
