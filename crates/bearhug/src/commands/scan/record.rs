//! Keeping what a scan found in the ledger.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use bearhug_core::place::Sighting;
use bearhug_guard::{
    hunt::Report,
    inventory::{self, Known, Stock, Surroundings as _},
};
use bearhug_ledger::{Changes, Clearance, Page, SightingFilter};
use bearhug_sources::files::Files;
use jiff::Timestamp;

use super::surroundings::Here;
use crate::{
    cli::{Reading, Scan},
    config::Environments,
    error::CommandError,
    ledger::{Desk, Ledger},
    target::{Image, Target},
    words,
};

/// How many places are read in one go.
const BATCH: u32 = 1000;

/// A scan that is to be recorded.
pub(super) struct Record<'a> {
    pub(super) scan: &'a Scan,
    pub(super) files: Option<Arc<Files>>,
    /// Opened before the scan began, which is when what it saw was seen.
    pub(super) desk: Desk,
    /// Which environment a source belongs to, where nobody says it with a flag.
    pub(super) environments: Environments,
}

impl Record<'_> {
    /// Keeps what a report says, and says so.
    pub(super) fn keep(&self, report: &Report, is_quiet: bool) -> Result<(), CommandError> {
        if report.interrupted {
            words::say("nothing was recorded: the scan was interrupted");
            return Ok(());
        }
        let Desk { ledger, author, now, .. } = &self.desk;
        let here = self.here()?;
        let owners = ledger.wait(ledger.store.owners())?;
        let look = inventory::look(report, &here, &owners, *now);
        let partial = why_partial(self.scan);
        let whole = if partial.is_none() { self.whole(&here) } else { BTreeSet::new() };
        let sources: BTreeSet<_> = look.sources().union(&whole).cloned().collect();
        let stock = ledger.change(|ledger| {
            let holders = ledger.wait(ledger.store.holders(&look.fingerprints()))?;
            let known = Known { holders, places: places(ledger, &sources)? };
            let stock = inventory::take(&look, known, &whole, author);
            Ok((changes(&stock, *now), stock))
        });
        let stock = stock.map_err(|error| {
            error.if_interrupted(
                "interrupted while the scan was recorded: the ledger has all of it or nothing, and the \
                 same scan again makes sure",
            )
        })?;
        self.desk.weigh(&stock.touched).map_err(|error| {
            error.if_interrupted(
                "the scan is recorded, and was interrupted while risks were weighed: lists may still \
                 show those of before, which the same scan again mends",
            )
        })?;
        if !is_quiet {
            words::say(&summary(&stock, partial));
        }
        Ok(())
    }

    fn here(&self) -> Result<Here, CommandError> {
        let environment = self.scan.recording.environment.as_deref();
        let environment = environment
            .map(|name| words::without_token(name, "`--environment`").map(str::to_owned))
            .transpose()?;
        let environments = self.environments.clone();
        let reads_histories = !self.scan.reading.history.no_history;
        Ok(Here::new(&self.paths(), reads_histories, environment, environments))
    }

    /// The files and folders that are scanned.
    fn paths(&self) -> Vec<PathBuf> {
        let paths = self.scan.paths.iter().filter_map(|typed| match Target::parse(typed) {
            Target::Path(path)
            | Target::Image(Image::Archive(path, _) | Image::Layout(path, _)) => Some(path),
            _ => None,
        });
        let paths: Vec<_> = paths.collect();
        let is_default = self.scan.paths.is_empty() && !self.scan.machine;
        if is_default { vec![PathBuf::from(".")] } else { paths }
    }

    /// What was gone through from end to end.
    fn whole(&self, here: &Here) -> BTreeSet<String> {
        let mut whole = BTreeSet::new();
        for typed in &self.scan.paths {
            if let Target::Repository(address) = Target::parse(typed) {
                let address = crate::commands::targets::address(&address);
                whole.insert(here.repository(&address));
            }
        }
        if self.scan.machine {
            whole.insert(format!("machine:{}", here.account()));
            whole.extend(self.scan.keyring.then(|| format!("keyring:{}", here.account())));
            // What its places hold was told by their names, and not as files.
            return whole;
        }
        for root in &here.roots {
            match here.copy_around(root) {
                None => whole.extend([here.source(root)]),
                Some(copy) if copy.root == *root => {
                    whole.extend([copy.source.clone(), copy.repository.clone()]);
                }
                Some(_) => {}
            }
        }
        let met = self.files.as_ref().map(|files| files.read_of_histories()).unwrap_or_default();
        for folder in met.into_keys().map(PathBuf::from) {
            let root = folder.parent().filter(|_| folder.ends_with(".git"));
            let root = root.unwrap_or(&folder);
            if here.roots.iter().any(|scanned| root.starts_with(scanned)) {
                whole.extend([here.source(root), here.repository(&root.to_string_lossy())]);
            }
        }
        whole
    }
}

/// Every place of these sources.
fn places(ledger: &Ledger, sources: &BTreeSet<String>) -> Result<Vec<Sighting>, CommandError> {
    let mut places = Vec::new();
    for source in sources {
        let filter = SightingFilter { source: Some(source.clone()), ..SightingFilter::default() };
        let mut page = Page { limit: BATCH, after: None };
        loop {
            let paged = ledger.wait(ledger.store.sightings(&filter, &page))?;
            places.extend(paged.items);
            page.after = paged.next;
            if page.after.is_none() {
                break;
            }
        }
    }
    Ok(places)
}

fn changes(stock: &Stock, at: Timestamp) -> Changes {
    let clear = |source: &String| Clearance { source: source.clone(), at };
    Changes {
        identities: stock.identities.clone(),
        sightings: stock.places.clone(),
        clearances: stock.cleared.iter().map(clear).collect(),
        events: stock.events.clone(),
        ..Changes::default()
    }
}

/// Why a scan with these options may overlook what an earlier one saw.
fn why_partial(scan: &Scan) -> Option<&'static str> {
    let Reading { respect_gitignore, exclude, no_archives, history, .. } = &scan.reading;
    let reasons = [
        (history.no_history, "`--no-history` leaves histories out"),
        (history.since.is_some(), "`--since` reads a part"),
        (history.branch.is_some(), "`--branch` reads a part"),
        (history.range.is_some(), "`--range` reads a part"),
        (history.state.is_some(), "`--state` reads what is new"),
        (!exclude.is_empty(), "`--exclude` leaves paths out"),
        (*respect_gitignore, "`--respect-gitignore` leaves files out"),
        (*no_archives, "`--no-archives` opens none"),
        (scan.hunting.fast, "`--fast` decodes nothing"),
    ];
    reasons.into_iter().find(|(is_so, _)| *is_so).map(|(_, why)| why)
}

/// What was recorded and what to type next, in a line.
fn summary(stock: &Stock, partial: Option<&str>) -> String {
    let tokens: BTreeSet<_> = stock.places.iter().map(|place| place.identity).collect();
    let count = |n: usize, noun: &str| format!("{n} {noun}{}", if n == 1 { "" } else { "s" });
    let mut parts = vec![
        format!("{} ({} new)", count(tokens.len(), "token"), stock.discovered),
        format!("{} ({} new)", count(stock.places.len(), "place"), stock.new_places),
    ];
    if stock.gone > 0 {
        parts.push(format!("{} gone", stock.gone));
    }
    if stock.left > 0 {
        parts.push(format!("{} gone from the files, but alive in a git history", stock.left));
    }
    if stock.left_out > 0 {
        parts.push(format!("{} left out as unsure or harmless", stock.left_out));
    }
    if stock.unseen > 0 {
        let why = partial.or(stock.unsure.values().next().map(String::as_str));
        let why = why.unwrap_or("not all of their source was scanned");
        parts.push(format!("{} not seen again, but not marked as gone: {why}", stock.unseen));
    }
    format!("recorded: {}. Next: bearhug token list", parts.join(", "))
}
