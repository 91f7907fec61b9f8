//! Repositories that come, move and go. The body says which.

use super::{Form, Row, Rule, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("POST",   "/api/repos/create", "repo.create", Rule::Body(Form::Repository)),
    row("DELETE", "/api/repos/delete", "repo.delete", Rule::Body(Form::Repository)),
    row("POST",   "/api/repos/move",   "repo.move",   Rule::Body(Form::Move)),
];
