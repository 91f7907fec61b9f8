//! Going through all of a ledger, a page at a time.

use bearhug_core::identity::Identity;
use bearhug_ledger::{Filter, Order, Page};

use super::Ledger;
use crate::error::CommandError;

/// How many identities are read in one go.
const PAGE: u32 = 1000;

impl Ledger {
    /// Goes through every identity that passes a filter.
    pub(crate) fn each_identity(
        &self,
        filter: &Filter,
        order: Order,
        mut take: impl FnMut(Identity),
    ) -> Result<(), CommandError> {
        let mut page = Page { limit: PAGE, after: None };
        loop {
            let found = self.wait(self.store.identities(filter, order, &page))?;
            found.items.into_iter().for_each(&mut take);
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(()),
            }
        }
    }
}
