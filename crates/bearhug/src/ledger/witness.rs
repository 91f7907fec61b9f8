//! Vouching for what commands write.

use bearhug_ledger::chain::{AnchorError, KeyError, Sealing, Witness, WitnessError};

use super::{Ledger, now, state_folder};
use crate::{error::CommandError, words};

/// After how many events a command that goes on writing vouches for them meanwhile.
const OFTEN: usize = 10_000;

/// What this computer keeps outside of a ledger to hold it to its word.
pub(super) fn witness_of(store: &bearhug_ledger::Ledger) -> Result<Witness, CommandError> {
    Ok(Witness::of(store, &state_folder()?.join("bearhug")))
}

impl Ledger {
    /// What this computer keeps outside of the ledger to hold it to its word.
    pub(crate) fn witness(&self) -> Result<Witness, CommandError> {
        witness_of(&self.store)
    }

    /// Vouches for all that the ledger holds.
    pub(crate) fn seal(&self) -> Result<Sealing, CommandError> {
        self.unsealed.set(0);
        let witness = self.witness()?;
        Ok(self.answer(witness.seal(&self.store, now()))??)
    }

    /// Notes that events were written.
    pub(super) fn written(&self, events: usize) {
        self.unsealed.set(self.unsealed.get() + events);
        if self.unsealed.get() >= OFTEN {
            self.seal_by_itself();
        }
    }

    /// Vouches for what this command wrote. Nothing of what it did depends on that, so that a failure
    /// is told and no more.
    fn seal_by_itself(&self) {
        let sealed = match self.vouches() {
            Ok(false) => return self.unsealed.set(0),
            Ok(true) => self.seal(),
            Err(error) => Err(error),
        };
        match sealed {
            Ok(Sealing::Broken(faults)) => {
                let fault = faults.first().map(ToString::to_string).unwrap_or_default();
                words::say(&format!(
                    "warning: the chain of events in the ledger is broken: {fault}\n\
                     hint: `bearhug event verify` tells everything that is wrong with it"
                ));
            }
            Ok(Sealing::Sealed { .. } | Sealing::Empty) => {}
            Err(error) => words::say(&format!(
                "warning: what was written is not vouched for yet, and will be by the next command \
                 that writes\n{error}"
            )),
        }
    }

    /// Whether this computer vouches by itself: for its own files, and for ledgers on servers that it
    /// was once told to vouch for. Else every job of a CI would sign with a key that nobody knows.
    fn vouches(&self) -> Result<bool, CommandError> {
        let is_file = self.store.name().starts_with("sqlite:");
        Ok(is_file || self.witness()?.anchor()?.is_some())
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        if self.unsealed.get() > 0 {
            self.seal_by_itself();
        }
    }
}

impl From<WitnessError> for CommandError {
    fn from(error: WitnessError) -> Self {
        match error {
            WitnessError::Ledger(error) => error.into(),
            WitnessError::Key(error) => error.into(),
            WitnessError::Anchor(error) => error.into(),
            other => Self::new("nobody can vouch for the ledger").because(other),
        }
    }
}

impl From<KeyError> for CommandError {
    fn from(error: KeyError) -> Self {
        let hint = match &error {
            KeyError::Exposed => {
                "`chmod 600` it if nobody else can have read it; otherwise move it away, and another is made"
            }
            _ => {
                "it is `ledger.key` in `$XDG_STATE_HOME/bearhug`; move it away, and another is made"
            }
        };
        Self::new("the key that vouches for ledgers cannot be used").because(error).hint(hint)
    }
}

impl From<AnchorError> for CommandError {
    fn from(error: AnchorError) -> Self {
        Self::new("what this computer remembers of ledgers cannot be used").because(error).hint(
            "it is `ledger.anchors` in `$XDG_STATE_HOME/bearhug`: verify with a backup of that file, or move \
             it away and start to remember anew",
        )
    }
}
