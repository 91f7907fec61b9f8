//! What lies beside the API.

use super::{Action, Row, Rule, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    // These are about the owner of the token, or mint credentials.
    row("GET",    "/oauth/userinfo",                            "oauth",           Rule::NeverLent),
    row("POST",   "/oauth/userinfo",                            "oauth",           Rule::NeverLent),
    row("POST",   "/oauth/token",                               "oauth",           Rule::NeverLent),
    row("POST",   "/oauth/device",                              "oauth",           Rule::NeverLent),
    row("POST",   "/oauth/register",                            "oauth",           Rule::NeverLent),
    // An image for a discussion, which is not named.
    row("POST",   "/uploads",                                     "discussion.upload", Rule::All(Action::Discuss)),
    // A paper as text, which is public.
    row("GET",    "/papers/{paper}",                              "site.papers",       Rule::Public),
];
