//! A ledger, who works on it, and by what is weighed.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::{
    event::Happening,
    identity::{Identity, IdentityId},
    lifecycle::{Author, Move},
    owner::Owner,
    policy::Policy,
    risk::Weights,
};
use bearhug_ledger::Changes;
use jiff::Timestamp;

use super::{Ledger, Scales, now};
use crate::{
    author,
    cli::{Global, WhichLedger},
    config::{self, Config},
    error::CommandError,
};

/// A ledger with everything that it takes to change it.
pub(crate) struct Desk {
    pub(crate) ledger: Ledger,
    pub(crate) policy: Policy,
    weights: Weights,
    pub(crate) author: Author,
    /// When the work began, which is when all that it does happens.
    pub(crate) now: Timestamp,
}

impl Desk {
    /// Opens the ledger that the user means, and makes it if it is not there.
    pub(crate) fn open(
        which: &WhichLedger,
        global: &Global,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, CommandError> {
        Self::configured(which, &config::load(global)?, stop)
    }

    /// As [`open`](Self::open), where the configuration is at hand.
    pub(crate) fn configured(
        which: &WhichLedger,
        config: &Config,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, CommandError> {
        Ok(Self::at(Ledger::open(which, config.ledger.as_deref(), stop)?, config))
    }

    /// As [`open`](Self::open), but makes none.
    pub(crate) fn open_if_there(
        which: &WhichLedger,
        global: &Global,
        stop: &Arc<AtomicBool>,
    ) -> Result<Option<Self>, CommandError> {
        let config = config::load(global)?;
        let ledger = Ledger::open_if_there(which, config.ledger.as_deref(), stop)?;
        Ok(ledger.map(|ledger| Self::at(ledger, &config)))
    }

    /// As [`open`](Self::open), where there must be one: a mistyped address is no empty ledger.
    pub(crate) fn existing(
        which: &WhichLedger,
        global: &Global,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, CommandError> {
        Self::open_if_there(which, global, stop)?.ok_or_else(super::no_ledger)
    }

    fn at(ledger: Ledger, config: &Config) -> Self {
        let (policy, weights) = (config.policy.clone(), config.weights.clone());
        let author = Author { name: author::name() };
        Self { ledger, policy, weights, author, now: now() }
    }

    /// What to weigh by now: a command may take long, and waivers and owners come and go meanwhile.
    pub(crate) fn scales(&self) -> Result<Scales, CommandError> {
        let waivers = self.ledger.wait(self.ledger.store.waivers())?;
        let owners = self.ledger.wait(self.ledger.store.owners())?.into_iter();
        let leavers = owners.filter(|owner| owner.left_at.is_some()).map(|owner| owner.name);
        let (policy, weights) = (self.policy.clone(), self.weights.clone());
        Ok(Scales { policy, weights, waivers, leavers: leavers.collect() })
    }

    /// Makes a move, if the state allows it.
    pub(crate) fn step(
        &self,
        identity: &mut Identity,
        step: Move,
    ) -> Result<Happening, CommandError> {
        let what = format!("{} ({}) stays as it is", identity.id.short(), identity.name);
        identity.apply(step, &self.author, self.now).map_err(|why| {
            CommandError::new(what)
                .because(why)
                .hint("`bearhug token show ID` tells what to do next")
        })
    }

    /// Changes identities, all of them or none, and weighs them anew. `edit` says what happened to
    /// each; one to which nothing happens stays as it is.
    pub(crate) fn edit(
        &self,
        ids: &[IdentityId],
        mut edit: impl FnMut(&mut Identity) -> Result<Vec<Happening>, CommandError>,
    ) -> Result<Vec<Edited>, CommandError> {
        let nobody = || Ok((Vec::new(), ()));
        Ok(self.edit_with(ids, nobody, |identity, ()| edit(identity))?.0)
    }

    /// As [`edit`](Self::edit), with owners who enter the ledger or change. `people` says who they are,
    /// from what the ledger holds each time, and what the edits need to know of them.
    pub(crate) fn edit_with<P>(
        &self,
        ids: &[IdentityId],
        mut people: impl FnMut() -> Result<(Vec<(Owner, Happening)>, P), CommandError>,
        mut edit: impl FnMut(&mut Identity, &P) -> Result<Vec<Happening>, CommandError>,
    ) -> Result<(Vec<Edited>, P), CommandError> {
        self.ledger.change(|ledger| {
            let (owners, known) = people()?;
            let mut changes = Changes {
                owners: owners.iter().map(|(owner, _)| owner.clone()).collect(),
                events: owners.iter().map(|(_, happening)| happening.clone()).collect(),
                ..Changes::default()
            };
            let scales = self.scales()?;
            let mut all = Vec::new();
            for id in ids {
                let Some(mut identity) = ledger.wait(ledger.store.identity(*id))? else { continue };
                let happenings = edit(&mut identity, &known)?;
                let is_changed = !happenings.is_empty();
                if is_changed {
                    changes.events.extend(happenings);
                    let judged = scales.weigh(&mut identity, &self.author, self.now);
                    changes.events.extend(judged);
                    changes.identities.push(identity.clone());
                }
                all.push(Edited { identity, is_changed });
            }
            Ok((changes, (all, known)))
        })
    }
}

/// An identity after a change.
pub(crate) struct Edited {
    pub(crate) identity: Identity,
    /// Whether anything happened to it.
    pub(crate) is_changed: bool,
}
