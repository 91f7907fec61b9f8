//! What changes a branch or a tag: commits, and what leads up to them.

use super::{Form, Row, Rule, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("POST",   "/api/{kind}/{id}/preupload/{rev}",    "repo.preupload", Rule::WriteAt),
    row("POST",   "/api/{kind}/{id}/commit/{rev}",       "repo.commit",    Rule::Commit),
    row("POST",   "/api/{kind}/{id}/branch/{rev}",       "branch.create",  Rule::Body(Form::Branch)),
    row("DELETE", "/api/{kind}/{id}/branch/{rev}",       "branch.delete",  Rule::DeleteAt),
    row("POST",   "/api/{kind}/{id}/tag/{rev}",          "tag.create",     Rule::Body(Form::Tag)),
    row("DELETE", "/api/{kind}/{id}/tag/{rev}",          "tag.delete",     Rule::DeleteAt),
    row("POST",   "/api/{kind}/{id}/super-squash/{rev}", "branch.squash",  Rule::DeleteAt),
];
