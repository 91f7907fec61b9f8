//! The vault for programs: `bearhug.vault/1` and `bearhug.vault-entry/1`.

use std::io;

use serde::Serialize;

use super::{Entry, Listing};
use crate::json::harmless;

/// `bearhug.vault/1`. `T` is what stands for the entries: all of them, or their number where they have
/// lines of their own.
#[derive(Serialize)]
struct VaultModel<'a, T> {
    schema: &'static str,
    path: &'a str,
    key: &'static str,
    entries: T,
}

impl<'a, T> VaultModel<'a, T> {
    fn of(listing: &'a Listing, entries: T) -> Self {
        Self { schema: "bearhug.vault/1", path: &listing.path, key: listing.key, entries }
    }
}

/// `bearhug.vault-entry/1`.
#[derive(Serialize)]
struct EntryModel<'a> {
    schema: &'static str,
    name: &'a str,
    kind: &'static str,
    fingerprint: String,
    redacted: &'a str,
    added_at: String,
    version: u32,
    reference: Option<&'a str>,
    condition: Option<&'static str>,
    detail: Option<&'a str>,
    replaced_by: Option<String>,
}

impl<'a> EntryModel<'a> {
    fn of(entry: &'a Entry) -> Self {
        let checked = entry.checked.as_ref();
        let replaced_by = checked.and_then(|checked| checked.replaced_by);
        Self {
            schema: "bearhug.vault-entry/1",
            name: &entry.name,
            kind: entry.kind.name(),
            fingerprint: entry.fingerprint.to_string(),
            redacted: &entry.redacted,
            added_at: entry.added_at.to_string(),
            version: entry.version,
            reference: entry.reference.as_deref(),
            condition: checked.map(|checked| checked.condition.name()),
            detail: checked.map(|checked| checked.condition.detail()),
            replaced_by: replaced_by.map(|fingerprint| fingerprint.to_string()),
        }
    }
}

pub(super) fn render(listing: &Listing, out: &mut dyn io::Write) -> io::Result<()> {
    let entries: Vec<_> = listing.entries.iter().map(EntryModel::of).collect();
    let model = VaultModel::of(listing, entries);
    writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
}

pub(super) fn render_lines(listing: &Listing, out: &mut dyn io::Write) -> io::Result<()> {
    for entry in &listing.entries {
        writeln!(out, "{}", harmless(&serde_json::to_string(&EntryModel::of(entry))?))?;
    }
    let model = VaultModel::of(listing, listing.entries.len());
    writeln!(out, "{}", harmless(&serde_json::to_string(&model)?))
}
