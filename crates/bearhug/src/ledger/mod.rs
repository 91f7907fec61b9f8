//! The ledger that a command reads and writes: where it is, and how its answers are waited for.

use std::{
    cell::Cell,
    fs::DirBuilder,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use bearhug_ledger::{Changes, LedgerError};
use jiff::Timestamp;

use crate::{
    cli::WhichLedger,
    error::CommandError,
    hub::variable,
    interrupt::{self, Interrupted},
};

mod copying;
mod desk;
mod pages;
pub(crate) mod requests;
mod weighing;
mod witness;

pub(crate) use bearhug_core::assess::Scales;
pub(crate) use desk::{Desk, Edited};

/// How often a change is tried again when somebody else wrote meanwhile.
const ATTEMPTS: u32 = 16;

/// How long to wait before the first attempt after a database could not be reached. Each further one
/// waits longer by as much.
const PAUSE: Duration = Duration::from_millis(50);

/// After how long in attempts that failed nothing is tried again because of the database. It waits for a
/// lock so long by itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// The time, to the microsecond, as ledgers keep it.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

/// A ledger that is open.
pub(crate) struct Ledger {
    pub(crate) store: bearhug_ledger::Ledger,
    runtime: tokio::runtime::Runtime,
    stop: Arc<AtomicBool>,
    /// How many events were written for which nobody vouches yet.
    unsealed: Cell<usize>,
}

impl Ledger {
    /// Opens the ledger that the user means, and makes it if it is not there. `configured` is the
    /// address that the configuration names. Answers are waited for until a flag is raised.
    pub(crate) fn open(
        which: &WhichLedger,
        configured: Option<&str>,
        stop: &Arc<AtomicBool>,
    ) -> Result<Self, CommandError> {
        Self::at(&Address::meant(which, configured)?, stop)
    }

    /// As [`open`](Self::open), but makes none.
    pub(crate) fn open_if_there(
        which: &WhichLedger,
        configured: Option<&str>,
        stop: &Arc<AtomicBool>,
    ) -> Result<Option<Self>, CommandError> {
        let address = Address::meant(which, configured)?;
        address.is_there().then(|| Self::at(&address, stop)).transpose()
    }

    fn at(address: &Address, stop: &Arc<AtomicBool>) -> Result<Self, CommandError> {
        address.make_folder()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|error| CommandError::new("the ledger cannot be asked").because(error))?;
        let opened = bearhug_ledger::Ledger::open(&address.text);
        let store = runtime.block_on(interrupt::unless_raised(stop, opened))??;
        Ok(Self { store, runtime, stop: Arc::clone(stop), unsealed: Cell::new(0) })
    }

    /// Waits for an answer of the [`store`](Self::store), unless the user interrupts.
    pub(crate) fn wait<T>(
        &self,
        answer: impl Future<Output = Result<T, LedgerError>>,
    ) -> Result<T, CommandError> {
        Ok(self.answer(answer)??)
    }

    fn answer<T>(&self, answer: impl Future<Output = T>) -> Result<T, Interrupted> {
        self.runtime.block_on(interrupt::unless_raised(&self.stop, answer))
    }

    /// Reads, changes and writes. `prepare` reads what it changes, and is called again if somebody
    /// else wrote that meanwhile.
    pub(crate) fn change<T>(
        &self,
        mut prepare: impl FnMut(&Self) -> Result<(Changes, T), CommandError>,
    ) -> Result<T, CommandError> {
        let (mut attempt, mut in_vain) = (1, Duration::ZERO);
        let (mut changes, mut outcome) = prepare(self)?;
        loop {
            let began = Instant::now();
            match self.answer(self.store.commit(&changes))? {
                Ok(()) => {
                    self.written(changes.events.len());
                    return Ok(outcome);
                }
                Err(LedgerError::Conflict(_) | LedgerError::Taken { .. }) if attempt < ATTEMPTS => {
                    (changes, outcome) = prepare(self)?;
                }
                // The same changes again are never done twice.
                Err(error) if error.is_passing() && attempt < ATTEMPTS => {
                    in_vain += began.elapsed();
                    if in_vain >= PATIENCE {
                        return Err(error.into());
                    }
                    self.answer(tokio::time::sleep(PAUSE * attempt))?;
                }
                Err(error) => return Err(error.into()),
            }
            attempt += 1;
        }
    }
}

/// Where a ledger is.
struct Address {
    text: String,
    /// Whether nobody named it.
    is_default: bool,
}

impl Address {
    fn meant(which: &WhichLedger, configured: Option<&str>) -> Result<Self, CommandError> {
        let named = which.address.clone().or_else(|| variable(&["BEARHUG_LEDGER"]));
        if let Some(text) = named.or_else(|| configured.map(str::to_owned)) {
            return Ok(Self { text, is_default: false });
        }
        let path = state_folder()?.join("bearhug/ledger.db");
        Ok(Self { text: path.to_string_lossy().into_owned(), is_default: true })
    }

    /// The file, for a ledger that is one.
    fn file(&self) -> Option<&Path> {
        let is_url = self.text.contains("://") || self.text.starts_with("postgres");
        let is_elsewhere = is_url && !self.text.starts_with("sqlite:");
        let path = self.text.strip_prefix("sqlite:").unwrap_or(&self.text);
        (!is_elsewhere).then(|| Path::new(path.strip_prefix("//").unwrap_or(path)))
    }

    /// Whether there is one. One on a server is taken to be there.
    fn is_there(&self) -> bool {
        self.file().is_none_or(Path::exists)
    }

    /// Makes the folder of the ledger that nobody named, for its user alone.
    fn make_folder(&self) -> Result<(), CommandError> {
        let Some(folder) = self.file().filter(|_| self.is_default).and_then(Path::parent) else {
            return Ok(());
        };
        let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|error| CommandError::file("make", folder, error))
    }
}

/// That there is nothing to read.
pub(crate) fn no_ledger() -> CommandError {
    CommandError::new("there is no ledger yet")
        .hint("`bearhug scan . --record` starts one; `--ledger` names another")
}

/// Where programs keep what they remember
/// (<https://specifications.freedesktop.org/basedir-spec/latest/>). A relative path there is no valid one.
pub(crate) fn state_folder() -> Result<PathBuf, CommandError> {
    let named = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let at_home = || std::env::home_dir().filter(|home| home.is_absolute());
    named.or_else(|| at_home().map(|home| home.join(".local/state"))).ok_or_else(|| {
        CommandError::new("it is unknown where your ledger is")
            .hint("set HOME to the path of your home, or name a ledger with `--ledger`")
    })
}

impl From<LedgerError> for CommandError {
    fn from(error: LedgerError) -> Self {
        if matches!(error, LedgerError::Cursor) {
            return Self::new("`--after` takes the cursor of a page, and this is none of this list")
                .hint(
                    "a cursor is what a page ends with, if there are more: copy it from there, with \
                     the same filters and order; without `--after` the list starts at its beginning",
                )
                .usage();
        }
        let hint = match &error {
            LedgerError::Address(_) => "write it as a path, or as postgres://user@host/database",
            LedgerError::File { .. } => {
                "check who owns it and its mode, or name another with `--ledger`"
            }
            LedgerError::Conflict(_) => "nothing was changed: others write all the time; try again",
            LedgerError::Busy(_) => {
                "nothing was changed: another program kept it all the while; `fuser -v` with the \
                 ledger's file names it, and on a server `pg_stat_activity` does"
            }
            LedgerError::Taken { .. } => {
                "a token belongs to one identity: `bearhug token show` of that one says more"
            }
            LedgerError::Newer { .. } => "use a newer bearhug for this ledger",
            LedgerError::Foreign(_) => "name another file or database with `--ledger`",
            LedgerError::Damaged(_) => "restore a backup, or start another ledger with `--ledger`",
            LedgerError::Unavailable(_) => {
                "check the address and whether the server runs; try again"
            }
            LedgerError::Full(_) => "free some space; nothing was changed",
            LedgerError::Denied(_) => "check the user, the password (PGPASSWORD) and their rights",
            _ => "name another with `--ledger`, or look whether this one can be written",
        };
        let is_typed = matches!(error, LedgerError::Address(_));
        let said = Self::new("the ledger cannot be used").because(error).hint(hint);
        if is_typed { said.usage() } else { said }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> Option<String> {
        let address = Address { text: text.to_owned(), is_default: false };
        address.file().map(|path| path.display().to_string())
    }

    #[test]
    fn a_ledger_is_a_file_or_elsewhere() {
        assert_eq!(file("a/b.db").as_deref(), Some("a/b.db"));
        assert_eq!(file("sqlite:a/b.db").as_deref(), Some("a/b.db"));
        assert_eq!(file("sqlite:///x/b.db").as_deref(), Some("/x/b.db"));
        assert_eq!(file("postgres://ada@host/ledger"), None);
    }
}
