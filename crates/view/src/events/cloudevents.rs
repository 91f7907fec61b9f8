//! Events as `CloudEvents` 1.0 has them, in structured mode
//! (<https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md>).

use bearhug_core::event::Event;
use serde::Serialize;

use super::json::EventModel;
use crate::text::hex;

/// One event with the attributes that any consumer understands.
#[derive(Serialize)]
pub(super) struct Envelope<'a> {
    specversion: &'static str,
    /// Unique among the events of one source, as the specification asks. A hash is so among all.
    id: String,
    source: &'static str,
    /// Bearhug has no domain whose name, reversed, could stand before it.
    r#type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    time: String,
    /// Of the sequence extension
    /// (<https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/sequence.md>): in
    /// alphabetical order, so with zeros before it.
    sequence: String,
    datacontenttype: &'static str,
    data: EventModel<'a>,
}

impl<'a> Envelope<'a> {
    pub(super) fn of(event: &'a Event) -> Self {
        let happening = &event.happening;
        Self {
            specversion: "1.0",
            id: hex(&event.hash),
            source: "urn:bearhug:ledger",
            r#type: format!("bearhug.{}", happening.kind.name()),
            subject: happening.identity.map(|id| id.to_string()),
            time: happening.at.to_string(),
            sequence: format!("{:020}", event.seq),
            datacontenttype: "application/json",
            data: EventModel::of(event),
        }
    }
}
