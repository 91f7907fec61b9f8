//! `bearhug vault list`.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_vault::{Entry, Place};
use bearhug_view::vault::{self as view, Checked, Listing};

use crate::{
    Exit,
    cli::{Global, ListEntries, Showing},
    commands::showing,
    error::CommandError,
    vault::Vault,
};

pub(super) fn run(
    arguments: &ListEntries,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let vault = Vault::meant(&arguments.vault, global, stop)?;
    let read = vault.read()?;
    let listing = Listing {
        path: vault.path().display().to_string(),
        key: read.source().name(),
        entries: read.entries().map(|entry| shown(entry, None)).collect(),
    };
    show(&listing, &arguments.showing, global)?;
    Ok(Exit::Clean)
}

/// An entry as it is listed.
pub(super) fn shown(entry: &Entry, checked: Option<Checked>) -> view::Entry {
    view::Entry {
        name: entry.name.clone(),
        kind: entry.kind,
        fingerprint: entry.fingerprint,
        redacted: entry.redacted(),
        added_at: entry.added_at,
        version: entry.version,
        reference: match &entry.place {
            Place::Sealed => None,
            Place::At(reference) => Some(reference.to_string()),
        },
        checked,
    }
}

pub(super) fn show(
    listing: &Listing,
    showing: &Showing,
    global: &Global,
) -> Result<(), CommandError> {
    let wording = showing.format.into();
    showing::show(showing.output.as_deref(), global, &mut |options, out| {
        listing.render(wording, options, out)
    })
}
