//! Identities of the ledger: `bearhug token list`, `show` and `history`.

use std::io;

use bearhug_core::{event::Event, identity::Identity, place::Sighting};
use jiff::Timestamp;

use crate::Options;

pub(crate) mod csv;
pub(crate) mod human;
mod json;
mod portrait;

pub use json::IdentityModel;

/// Some identities, in the order in which they were asked for.
pub struct Listing {
    /// The identities.
    pub identities: Vec<Identity>,
    /// What leads to the next page, if there is one.
    pub next: Option<String>,
    /// Whether the user asked for some only.
    pub is_filtered: bool,
    /// The time.
    pub now: Timestamp,
}

/// All that is known of one identity.
pub struct Portrait {
    /// The identity.
    pub identity: Identity,
    /// Where its tokens were seen, those that are there first.
    pub places: Vec<Sighting>,
    /// Whether there are more places.
    pub has_more_places: bool,
    /// What happened to it, the latest first.
    pub past: Vec<Event>,
    /// The time.
    pub now: Timestamp,
}

/// What happened to an identity, the latest first.
pub struct Past {
    /// What happened.
    pub events: Vec<Event>,
    /// What leads to the next page, if there is one.
    pub next: Option<String>,
}

/// A way of writing identities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Words for a person at a terminal.
    Human,
    /// One JSON object.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// One row each, for spreadsheets.
    Csv,
}

impl Listing {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(
        &self,
        format: Format,
        options: &Options,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match format {
            Format::Human => human::list(self, options, out),
            Format::Json => json::list(self, out),
            Format::Jsonl => json::list_lines(self, out),
            Format::Csv => csv::list(&self.identities, out),
        }
    }
}

impl Portrait {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(
        &self,
        format: Format,
        options: &Options,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match format {
            Format::Human => portrait::render(self, options, out),
            Format::Json | Format::Jsonl => json::portrait(self, out),
            Format::Csv => csv::list([&self.identity], out),
        }
    }
}

impl Past {
    /// Writes it.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn render(
        &self,
        format: Format,
        options: &Options,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        match format {
            Format::Human => portrait::past(self, options, out),
            Format::Json => json::past(self, out),
            Format::Jsonl => json::past_lines(self, out),
            Format::Csv => csv::past(&self.events, out),
        }
    }
}

#[cfg(test)]
mod tests;
