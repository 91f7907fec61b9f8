//! Spaces: what they run on, and what they know.

use super::{Form, MANAGE, READ, Row, Rule, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",    "/api/spaces/{id}/runtime",        "space.runtime",   READ),
    row("GET",    "/api/spaces/{id}/events",         "space.events",    READ),
    row("GET",    "/api/spaces/{id}/metrics",        "space.metrics",   READ),
    // Programs print secrets.
    row("GET",    "/api/spaces/{id}/logs/{type}",    "space.logs",      MANAGE),
    row("GET",    "/api/spaces/{id}/secrets",        "space.secrets",   MANAGE),
    row("POST",   "/api/spaces/{id}/secrets",        "space.secrets",   MANAGE),
    row("DELETE", "/api/spaces/{id}/secrets",        "space.secrets",   MANAGE),
    row("GET",    "/api/spaces/{id}/variables",      "space.variables", READ),
    row("POST",   "/api/spaces/{id}/variables",      "space.variables", MANAGE),
    row("DELETE", "/api/spaces/{id}/variables",      "space.variables", MANAGE),
    row("POST",   "/api/spaces/{id}/hardware",       "space.hardware",  MANAGE),
    row("POST",   "/api/spaces/{id}/sleeptime",      "space.hardware",  MANAGE),
    row("POST",   "/api/spaces/{id}/storage",        "space.hardware",  MANAGE),
    row("DELETE", "/api/spaces/{id}/storage",        "space.hardware",  MANAGE),
    row("POST",   "/api/spaces/{id}/pause",          "space.pause",     MANAGE),
    row("POST",   "/api/spaces/{id}/restart",        "space.restart",   MANAGE),
    row("POST",   "/api/spaces/{id}/dev-mode",       "space.dev-mode",  MANAGE),
    row("PUT",    "/api/spaces/{id}/volumes",        "space.volumes",   Rule::Body(Form::Volumes)),
    row("DELETE", "/api/spaces/{id}/volumes",        "space.volumes",   MANAGE),
];
