//! Large files: their list, and the tokens with which Xet moves them.

use super::{Form, READ, REWRITE, Row, Rule, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",    "/api/{kind}/{id}/lfs-files",              "large.list",      READ),
    // They are gone from every revision that has them.
    row("POST",   "/api/{kind}/{id}/lfs-files/batch",        "large.delete",    REWRITE),
    row("DELETE", "/api/{kind}/{id}/lfs-files/{sha}",        "large.delete",    REWRITE),
    row("POST",   "/api/{kind}/{id}/lfs-files/duplicate",    "large.duplicate", Rule::Body(Form::DuplicateFiles)),
    row("GET",    "/api/{kind}/{id}/xet-read-token/{rev*}",  "xet.read",        READ),
    // A `GET` that lets write.
    row("GET",    "/api/{kind}/{id}/xet-write-token/{rev}",  "xet.write",       Rule::WriteAt),
];
