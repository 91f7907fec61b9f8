//! Events for programs: the schemas `bearhug.event/1` and `bearhug.events/1`.

use std::{collections::BTreeMap, io};

use bearhug_core::event::Event;
use serde::Serialize;

use super::Listing;
use crate::{json::harmless, text::hex};

pub(super) fn render(listing: &Listing, out: &mut dyn io::Write) -> io::Result<()> {
    let model = ListingModel {
        schema: "bearhug.events/1",
        events: listing.events.iter().map(EventModel::of).collect(),
        next: listing.next.as_deref(),
    };
    writeln!(out, "{}", harmless(&serde_json::to_string_pretty(&model)?))
}

#[derive(Serialize)]
struct ListingModel<'a> {
    schema: &'static str,
    events: Vec<EventModel<'a>>,
    next: Option<&'a str>,
}

/// `bearhug.event/1`. With the hash of the event before, everything is in it that its own hash covers.
#[derive(Serialize)]
pub(super) struct EventModel<'a> {
    schema: &'static str,
    seq: u64,
    /// RFC 3339, to the microsecond.
    at: String,
    kind: &'a str,
    actor: &'a str,
    identity: Option<String>,
    details: &'a BTreeMap<String, String>,
    /// In hexadecimal.
    hash: String,
}

impl<'a> EventModel<'a> {
    pub(super) fn of(event: &'a Event) -> Self {
        let happening = &event.happening;
        Self {
            schema: "bearhug.event/1",
            seq: event.seq,
            at: happening.at.to_string(),
            kind: happening.kind.name(),
            actor: &happening.actor,
            identity: happening.identity.map(|id| id.to_string()),
            details: &happening.details,
            hash: hex(&event.hash),
        }
    }
}
