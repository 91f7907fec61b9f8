//! Collections. A slug ends in the collection's id.

use super::{Action, Form, Row, Rule, row};

const READ: Rule = Rule::Owner(Action::Read);
const CHANGE: Rule = Rule::Owner(Action::Collections);

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",    "/api/collections",                                   "collection.list",   Rule::Owned),
    row("POST",   "/api/collections",                                   "collection.create", Rule::Body(Form::Collection)),
    row("GET",    "/api/collections/{namespace}/{slug}",                "collection.read",   READ),
    row("PATCH",  "/api/collections/{namespace}/{slug}",                "collection.change", CHANGE),
    row("DELETE", "/api/collections/{namespace}/{slug}",                "collection.delete", CHANGE),
    row("POST",   "/api/collections/{namespace}/{slug}/items",          "collection.change", CHANGE),
    row("POST",   "/api/collections/{namespace}/{slug}/items/batch",    "collection.change", CHANGE),
    row("PATCH",  "/api/collections/{namespace}/{slug}/items/{item}",   "collection.change", CHANGE),
    row("DELETE", "/api/collections/{namespace}/{slug}/items/{item}",   "collection.change", CHANGE),
    row("GET",    "/api/collections/{namespace}/{slug}/resource-group", "collection.read",   READ),
    row("POST",   "/api/collections/{namespace}/{slug}/resource-group", "collection.change", CHANGE),
];
