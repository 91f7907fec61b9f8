//! What people and programs see of events.
//!
//! An export has a line for each event, so that a ledger of any length is written as it is read.

mod cloudevents;
mod human;
mod json;
mod ocsf;

use std::io;

use bearhug_core::event::Event;
use serde::Serialize;

use crate::{Options, json::harmless};

/// A way of writing events for other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Export {
    /// One `bearhug.event/1` object a line.
    Jsonl,
    /// OCSF, one event a line.
    Ocsf,
    /// `CloudEvents` in structured mode, one a line.
    CloudEvents,
}

impl Export {
    /// Writes an event, and ends the line.
    pub fn write(self, event: &Event, out: &mut dyn io::Write) -> io::Result<()> {
        match self {
            Self::Jsonl => line(&json::EventModel::of(event), out),
            Self::Ocsf => line(&ocsf::Record::of(event), out),
            Self::CloudEvents => line(&cloudevents::Envelope::of(event), out),
        }
    }
}

fn line(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "{}", harmless(&serde_json::to_string(value)?))
}

/// Some of the events of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The events, in the order in which they are shown.
    pub events: Vec<Event>,
    /// What leads to the events after these, if there are any.
    pub next: Option<String>,
}

impl Listing {
    /// Writes them for a person.
    pub fn render(&self, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
        human::render(self, options, out)
    }

    /// Writes them as one JSON object: `bearhug.events/1`.
    pub fn render_json(&self, out: &mut dyn io::Write) -> io::Result<()> {
        json::render(self, out)
    }
}

/// Samples and what is said of them.
#[cfg(test)]
mod tests;
