//! Discussions and pull requests.

use super::{DISCUSS, MANAGE, READ, REWRITE, Row, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",    "/api/{kind}/{id}/discussions",                "discussion.list",    READ),
    row("POST",   "/api/{kind}/{id}/discussions",                "discussion.open",    DISCUSS),
    row("GET",    "/api/{kind}/{id}/discussions/{num}",          "discussion.read",    READ),
    row("GET",    "/api/{kind}/{id}/discussions/{num}/storage",  "discussion.read",    READ),
    row("POST",   "/api/{kind}/{id}/discussions/{num}/comment",  "discussion.comment", DISCUSS),
    row("POST",   "/api/{kind}/{id}/discussions/{num}/status",   "discussion.status",  DISCUSS),
    row("POST",   "/api/{kind}/{id}/discussions/{num}/title",    "discussion.title",   DISCUSS),
    row("POST",   "/api/{kind}/{id}/discussions/{num}/pin",      "discussion.pin",     MANAGE),
    // What a pull request changes is not said, so whatever there is must be allowed.
    row("POST",   "/api/{kind}/{id}/discussions/{num}/merge",    "discussion.merge",   REWRITE),
    row("DELETE", "/api/{kind}/{id}/discussions/{num}",          "discussion.delete",  MANAGE),
    row("DELETE", "/api/{kind}/{id}/discussions/{num}/ref",      "discussion.delete",  MANAGE),
];
