//! Ledgers that are copied, written to files and read from them.

use std::{
    collections::BTreeSet,
    io::{Read, Write},
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_ledger::{
    chain::PublicKey,
    copy::{Copied, CopyError, Existing},
};

use super::{Address, Ledger, now, witness::witness_of};
use crate::{error::CommandError, words};

impl Ledger {
    /// Opens the ledger at an address, which must be there.
    pub(crate) fn existing(address: &str, stop: &Arc<AtomicBool>) -> Result<Self, CommandError> {
        let address = Address { text: address.to_owned(), is_default: false };
        if address.is_there() {
            Self::at(&address, stop)
        } else {
            Err(CommandError::new(format!("there is no ledger at `{}`", address.text))
                .hint("check the spelling; paths are relative to this folder"))
        }
    }

    /// Copies everything into the ledger at another address, which is then vouched for as well.
    pub(crate) fn migrate(&self, address: &str) -> Result<(Self, Copied), CommandError> {
        // Connections belong to the runtime that made them, so one waits for both ledgers.
        let opened = self.answer(bearhug_ledger::Ledger::open(address))??;
        let anchors = [self.witness()?.anchor()?, witness_of(&opened)?.anchor()?];
        let copied = self.answer(self.store.copy_to(&opened, anchors))?.map_err(of_source)?;
        self.answer(opened.close())?;
        let address = Address { text: address.to_owned(), is_default: false };
        let target = Self::at(&address, &self.stop)?;
        target.remember(&copied)?;
        Ok((target, copied))
    }

    /// Writes everything to a file.
    pub(crate) fn back_up(&self, out: &mut dyn Write) -> Result<Copied, CommandError> {
        Ok(self.answer(self.store.back_up(now(), out))??)
    }

    /// Fills the ledger from a backup, which must go on from what this computer remembers, unless that is
    /// to be forgotten.
    pub(crate) fn restore(
        &self,
        file: impl Read,
        existing: Existing,
        forgets: bool,
    ) -> Result<Copied, CommandError> {
        let witness = self.witness()?;
        let anchor = witness.anchor()?;
        let is_known = anchor.is_some();
        let remembered = anchor.filter(|_| !forgets);
        let copied = self.answer(self.store.restore(file, existing, remembered))??;
        if forgets {
            self.answer(witness.remember_anew(&self.store))??;
        } else {
            self.remember(&copied)?;
        }
        if !is_known {
            words::say(
                "this computer did not know this ledger: compare its end with what you noted elsewhere, \
                 for nothing here tells whether the backup is the latest",
            );
        }
        self.tell_signers(witness.key()?)?;
        Ok(copied)
    }

    /// Says whose signatures vouch for what was restored, where they are not this computer's alone.
    fn tell_signers(&self, own: Option<PublicKey>) -> Result<(), CommandError> {
        let own = own.map(|key| key.to_string());
        let checkpoints = self.wait(self.store.checkpoints())?;
        if checkpoints.is_empty() {
            words::say("no checkpoint is in it, so that no key vouches for any of it");
        }
        let others = checkpoints.into_iter().map(|checkpoint| checkpoint.key);
        let others: BTreeSet<_> = others.filter(|key| Some(key) != own.as_ref()).collect();
        if !others.is_empty() {
            let keys: Vec<_> = others.iter().map(|key| format!("--key {key}")).collect();
            let keys = keys.join(" ");
            words::say(&format!(
                "keys that are not this computer's vouch for it; if they are yours, check that with\n  \
                 bearhug event verify {keys}"
            ));
        }
        Ok(())
    }

    /// Vouches for what was copied into the ledger.
    fn remember(&self, copied: &Copied) -> Result<(), CommandError> {
        let witness = self.witness()?;
        self.answer(witness.remember(&self.store, copied.head))??;
        Ok(())
    }
}

/// Why a ledger was not migrated. What is not as it was remembered then is the ledger that was read.
fn of_source(error: CopyError) -> CommandError {
    if matches!(error, CopyError::Forgets(_)) {
        return CommandError::new("the ledger of `--from` cannot be copied").because(error).hint(
            "nothing was copied: `bearhug event verify` with it tells more; if it was put back on purpose, \
             restore its backup in its place with `ledger restore --replace --forget` first",
        );
    }
    error.into()
}

impl From<CopyError> for CommandError {
    fn from(error: CopyError) -> Self {
        let hint = match error {
            CopyError::Ledger(error) => return error.into(),
            CopyError::NotEmpty(_) => {
                "nothing was changed: name an empty ledger, or let a restore delete what is there with \
                 `--replace`"
            }
            CopyError::Broken(_) => {
                "nothing was changed: `bearhug event verify` tells all that is wrong; to keep the \
                 evidence, copy the database with its own tools"
            }
            CopyError::Forgets(_) => {
                "nothing was changed: look for a later backup, or let this computer forget with `ledger \
                 restore --forget`"
            }
            CopyError::Occupied { .. } => {
                "nothing was changed: name a place where this computer knows no ledger, or back this one up \
                 and put it there with `ledger restore --forget`"
            }
            CopyError::Differs(_) => "nothing was changed; look whether the database is well",
            CopyError::Content { .. } | CopyError::File(_) => {
                "nothing was changed: name a whole file that `bearhug ledger backup` wrote"
            }
            CopyError::Version { .. } => {
                "nothing was changed: restore it with the bearhug that made it, whose ledger this one \
                 brings up to date"
            }
            _ => "nothing was changed",
        };
        Self::new("the ledger cannot be copied").because(error).hint(hint)
    }
}
