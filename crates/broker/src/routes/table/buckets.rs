//! Buckets, which have no revisions.

use super::{Form, MANAGE, READ, Row, Rule, row};

/// In the API.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",    "/api/buckets/{id}",                     "bucket.info",     READ),
    row("POST",   "/api/buckets/{id}",                     "bucket.create",   MANAGE),
    row("DELETE", "/api/buckets/{id}",                     "bucket.delete",   MANAGE),
    row("PUT",    "/api/buckets/{id}/settings",            "bucket.settings", MANAGE),
    row("GET",    "/api/buckets/{id}/resource-group",      "bucket.group",    READ),
    row("POST",   "/api/buckets/{id}/resource-group",      "bucket.regroup",  MANAGE),
    row("GET",    "/api/buckets/{id}/tree/{path*}",        "bucket.tree",     READ),
    row("POST",   "/api/buckets/{id}/paths-info",          "bucket.paths",    READ),
    row("GET",    "/api/buckets/{id}/events",              "bucket.events",   READ),
    row("POST",   "/api/buckets/{id}/batch",               "bucket.batch",    Rule::Batch),
    row("POST",   "/api/buckets/{id}/lfs-files/duplicate", "large.duplicate", Rule::Body(Form::DuplicateFiles)),
    row("GET",    "/api/buckets/{id}/xet-read-token",      "xet.read",        READ),
    // A `GET` that lets write.
    row("GET",    "/api/buckets/{id}/xet-write-token",     "xet.write",       Rule::WriteSome),
];

/// On the web.
#[rustfmt::skip]
pub(super) const WEB: &[Row] = &[
    row("GET",    "/buckets/{id}/resolve/{path*}",         "file.read",       READ),
];
