//! Ledgers that are copied, written to files and read from them.

use std::{
    io::{Read, Write},
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_ledger::copy::{Copied, CopyError, Existing};

use super::{Address, Ledger, now};
use crate::error::CommandError;

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
        let copied = self.answer(self.store.copy_to(&opened))??;
        self.answer(opened.close())?;
        let address = Address { text: address.to_owned(), is_default: false };
        let target = Self::at(&address, &self.stop)?;
        target.remember_anew()?;
        Ok((target, copied))
    }

    /// Writes everything to a file.
    pub(crate) fn back_up(&self, out: &mut dyn Write) -> Result<Copied, CommandError> {
        Ok(self.answer(self.store.back_up(now(), out))??)
    }

    /// Fills the ledger from a backup.
    pub(crate) fn restore(
        &self,
        file: impl Read,
        existing: Existing,
    ) -> Result<Copied, CommandError> {
        let copied = self.answer(self.store.restore(file, existing))??;
        self.remember_anew()?;
        Ok(copied)
    }

    /// Vouches for the ledger as it is now, whatever it was before.
    fn remember_anew(&self) -> Result<(), CommandError> {
        let witness = self.witness()?;
        self.answer(witness.remember_anew(&self.store))??;
        Ok(())
    }
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
