//! `bearhug event export`.

use std::{
    io::Write,
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_ledger::{EventFilter, Page};
use bearhug_view::events::Export;

use crate::{
    Exit,
    cli::{EventForm, ExportEvents, Global},
    error::CommandError,
    ledger::Ledger,
    output, words,
};

/// How many events are held in memory at once.
const BATCH: u32 = 1000;

pub(super) fn run(
    arguments: &ExportEvents,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let ledger = super::open(&arguments.ledger, global, stop)?;
    let mut filter = super::filter(&arguments.filtering, &ledger)?;
    filter.oldest_first = true;
    let form = match arguments.format {
        EventForm::Jsonl => Export::Jsonl,
        EventForm::Ocsf => Export::Ocsf,
        EventForm::CloudEvents => Export::CloudEvents,
    };
    output::write_while(arguments.output.as_deref(), &mut |out| {
        write(&ledger, &filter, form, out)
    })?;
    Ok(Exit::Clean)
}

/// Writes page by page, with every token in it redacted.
fn write(
    ledger: &Ledger,
    filter: &EventFilter,
    form: Export,
    out: &mut dyn Write,
) -> Result<(), CommandError> {
    let mut page = Page { limit: BATCH, after: None };
    loop {
        let paged = ledger.wait(ledger.store.events(filter, &page))?;
        let mut lines = Vec::new();
        for event in &paged.items {
            form.write(event, &mut lines).map_err(CommandError::stdout)?;
        }
        let lines = words::safe(&String::from_utf8_lossy(&lines));
        out.write_all(lines.as_bytes()).map_err(CommandError::stdout)?;
        page.after = paged.next;
        if page.after.is_none() {
            return Ok(());
        }
    }
}
