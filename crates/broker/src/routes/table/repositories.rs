//! Repositories as wholes: what they hold, what is set, and where they come from and go.

use super::{Form, MANAGE, READ, Row, Rule, row};

/// In the API.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",  "/api/{kind}/{id}",                                "repo.info",       READ),
    row("GET",  "/api/{kind}/{id}/revision/{rev*}",                "repo.info",       READ),
    row("GET",  "/api/{kind}/{id}/tree/{path*}",                   "repo.tree",       READ),
    row("GET",  "/api/{kind}/{id}/treesize/{path*}",               "repo.size",       READ),
    row("POST", "/api/{kind}/{id}/paths-info/{rev*}",              "repo.paths",      READ),
    row("GET",  "/api/{kind}/{id}/refs",                           "repo.refs",       READ),
    row("GET",  "/api/{kind}/{id}/commits/{rev*}",                 "repo.commits",    READ),
    row("GET",  "/api/{kind}/{id}/compare/{compare*}",             "repo.compare",    READ),
    row("GET",  "/api/{kind}/{id}/notebook/{path*}",               "repo.notebook",   READ),
    row("GET",  "/api/{kind}/{id}/scan",                           "repo.scan",       READ),
    row("GET",  "/api/{kind}/{id}/auth-check",                     "repo.check",      READ),
    row("GET",  "/api/{kind}/{id}/likers",                         "repo.likers",     READ),
    row("GET",  "/api/{kind}/{id}/resource-group",                 "repo.group",      READ),
    row("GET",  "/api/models/{id}/safetensors-metadata/{path*}",   "repo.tensors",    READ),
    row("GET",  "/api/datasets/{id}/leaderboard",                  "repo.leaderboard", READ),

    row("PUT",  "/api/{kind}/{id}/settings",                       "repo.settings",   MANAGE),
    row("POST", "/api/{kind}/{id}/resource-group",                 "repo.regroup",    MANAGE),
    row("POST", "/api/{kind}/{id}/duplicate",                      "repo.duplicate",  Rule::Body(Form::Duplicate)),
    row("POST",   "/api/{kind}/{id}/sql-console/embed",            "repo.embed",      MANAGE),
    row("PATCH",  "/api/{kind}/{id}/sql-console/embed/{embed}",    "repo.embed",      MANAGE),
    row("DELETE", "/api/{kind}/{id}/sql-console/embed/{embed}",    "repo.embed",      MANAGE),

    // Who has asked for access is personal, and who gets it is a setting.
    row("POST", "/api/{kind}/{id}/user-access-request/handle",     "access.handle",   MANAGE),
    row("POST", "/api/{kind}/{id}/user-access-request/batch",      "access.handle",   MANAGE),
    row("POST", "/api/{kind}/{id}/user-access-request/grant",      "access.grant",    MANAGE),
    row("GET",  "/api/{kind}/{id}/user-access-request/{status}",   "access.list",     MANAGE),
    // The owner of the token withdraws a request of its own.
    row("POST", "/api/{kind}/{id}/user-access-request/cancel",     "access.cancel",   Rule::NeverLent),
    // A like is the owner's own word.
    row("POST",   "/api/{kind}/{id}/like",                         "repo.like",       Rule::NeverLent),
    row("DELETE", "/api/{kind}/{id}/like",                         "repo.like",       Rule::NeverLent),
    // It answers with a credential, although it is a `GET`.
    row("GET",  "/api/{kind}/{id}/jwt",                            "repo.jwt",        Rule::NeverLent),
];

/// On the web.
#[rustfmt::skip]
pub(super) const WEB: &[Row] = &[
    row("GET",  "/[{kind}/]{id}/resolve/{path*}",      "file.read",     READ),
    row("GET",  "/[{kind}/]{id}/raw/{path*}",          "file.read",     READ),
    row("GET",  "/[{kind}/]{id}/user-access-report",   "access.list",   MANAGE),
    // The owner of the token would accept the terms of a licence.
    row("POST", "/[{kind}/]{id}/ask-access",           "access.ask",    Rule::NeverLent),
];

/// Where the web sends those who read a file of git.
#[rustfmt::skip]
pub(super) const CACHE: &[Row] = &[
    row("GET",  "/api/resolve-cache/{kind}/{id}/{rev}/{path*}", "file.read", READ),
];
