//! Weighing identities: how risky each is, what it breaks, and what to do.

use std::collections::BTreeSet;

use bearhug_core::{
    assess::Scales,
    identity::{Exposure, Identity, IdentityId},
    lifecycle::Author,
};
use bearhug_ledger::Changes;
use jiff::Timestamp;

use super::Desk;
use crate::error::CommandError;

/// How many identities are weighed in one go.
const BATCH: usize = 500;

impl Desk {
    /// Weighs identities again whose places have changed.
    pub(crate) fn weigh(&self, ids: &BTreeSet<IdentityId>) -> Result<(), CommandError> {
        let ids: Vec<_> = ids.iter().copied().collect();
        for ids in ids.chunks(BATCH) {
            self.ledger.change(|ledger| {
                let scales = self.scales()?;
                let mut exposures = ledger.wait(ledger.store.exposures(ids))?;
                let mut changes = Changes::default();
                for id in ids {
                    let exposure = exposures.remove(id).unwrap_or_default();
                    let Some(identity) = ledger.wait(ledger.store.identity(*id))? else { continue };
                    changes.add_weighed(identity, exposure, &scales, (&self.author, self.now));
                }
                Ok((changes, ()))
            })?;
        }
        Ok(())
    }
}

/// Adds to what is written.
trait AddWeighed {
    fn add_weighed(
        &mut self,
        identity: Identity,
        exposure: Exposure,
        scales: &Scales,
        by: (&Author, Timestamp),
    );
}

impl AddWeighed for Changes {
    fn add_weighed(
        &mut self,
        mut identity: Identity,
        exposure: Exposure,
        scales: &Scales,
        (author, now): (&Author, Timestamp),
    ) {
        let before = identity.clone();
        identity.exposure = exposure;
        let happening = scales.weigh(&mut identity, author, now);
        // That it was weighed later is no change by itself.
        let mut same_time = identity.clone();
        same_time.assessment.at = before.assessment.at;
        if same_time != before {
            self.identities.push(identity);
            self.events.extend(happening);
        }
    }
}
