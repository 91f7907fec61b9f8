//! `bearhug ledger`.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_ledger::copy::{Copied, Existing};
use bearhug_view::ledger::{Checkpoint, Copy, Deed, Status, Table};

use super::showing;
use crate::{
    Exit,
    cli::{
        self, Backup, Global, LedgerArguments, LedgerCommand, Migrate, Restore, Shape, WhichLedger,
    },
    config,
    error::CommandError,
    interrupt,
    ledger::{Ledger, no_ledger},
    output,
};

pub(crate) fn run(arguments: &LedgerArguments, global: &Global) -> Result<Exit, CommandError> {
    let stop = interrupt::flag()?;
    match &arguments.command {
        LedgerCommand::Status(arguments) => status(arguments, global, &stop),
        LedgerCommand::Migrate(arguments) => migrate(arguments, global, &stop),
        LedgerCommand::Backup(arguments) => back_up(arguments, global, &stop),
        LedgerCommand::Restore(arguments) => restore(arguments, global, &stop),
    }
}

/// The ledger that the user means, which must be there.
pub(super) fn existing(
    which: &WhichLedger,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Ledger, CommandError> {
    let config = config::load(global)?;
    Ledger::open_if_there(which, config.ledger.as_deref(), stop)?.ok_or_else(no_ledger)
}

fn status(
    arguments: &cli::Status,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let ledger = existing(&arguments.ledger, global, stop)?;
    let (last, hash) = ledger.wait(ledger.store.head())?;
    let witness = ledger.witness()?;
    let checkpoint = ledger.wait(ledger.store.last_checkpoint())?;
    let status = Status {
        address: ledger.store.address(),
        tables: ledger.wait(ledger.store.counts())?,
        last,
        hash,
        checkpoint: checkpoint.map(|c| Checkpoint { seq: c.seq, at: c.at, key: c.key }),
        key: witness.key()?.map(|key| key.to_string()),
        remembered: witness.anchor()?.map(|anchor| anchor.seq),
    };
    showing::show(None, global, &mut |options, out| match arguments.format {
        Shape::Human => status.render(options, out),
        Shape::Json => status.render_json(out),
    })?;
    Ok(Exit::Clean)
}

fn migrate(
    arguments: &Migrate,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let source = Ledger::existing(&arguments.from, stop)?;
    let (target, copied) = source.migrate(&arguments.to)?;
    let places = (source.store.address(), target.store.address());
    show(Deed::Migrated, places, &copied, (arguments.format, global))
}

fn back_up(
    arguments: &Backup,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let ledger = existing(&arguments.ledger, global, stop)?;
    let mut copied = None;
    output::write_while(Some(&arguments.file), &mut |out| {
        copied = Some(ledger.back_up(out)?);
        Ok(())
    })?;
    let places = (ledger.store.address(), arguments.file.display().to_string());
    match copied {
        // The report would stand in the middle of the backup.
        Some(copied) if !is_stdout(&arguments.file) => {
            show(Deed::BackedUp, places, &copied, (arguments.format, global))
        }
        _ => Ok(Exit::Clean),
    }
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("/dev/stdout") || path == Path::new("/proc/self/fd/1")
}

fn restore(
    arguments: &Restore,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let file: Box<dyn Read> = if arguments.file == Path::new("-") {
        Box::new(io::stdin())
    } else {
        let opened = File::open(&arguments.file);
        Box::new(opened.map_err(|error| CommandError::file("read", &arguments.file, error))?)
    };
    let existing = if arguments.replace { Existing::Replace } else { Existing::Keep };
    let ledger = Ledger::open(&arguments.ledger, config::load(global)?.ledger.as_deref(), stop)?;
    let copied = ledger.restore(file, existing, arguments.forget)?;
    let places = (arguments.file.display().to_string(), ledger.store.address());
    show(Deed::Restored, places, &copied, (arguments.format, global))
}

fn show(
    deed: Deed,
    (from, to): (String, String),
    copied: &Copied,
    (format, global): (Shape, &Global),
) -> Result<Exit, CommandError> {
    let table = |table: &bearhug_ledger::copy::CopiedTable| Table {
        name: table.name,
        rows: table.rows,
        digest: table.digest,
    };
    let (last, hash) = copied.head;
    let tables = copied.tables.iter().map(table).collect();
    let copy = Copy { deed, from, to, tables, last, hash };
    showing::show(None, global, &mut |options, out| match format {
        Shape::Human => copy.render(options, out),
        Shape::Json => copy.render_json(out),
    })?;
    Ok(Exit::Clean)
}
