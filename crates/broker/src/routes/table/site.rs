//! What the site tells everybody: nothing in it depends on who asks.

use super::{Own, Row, Rule, row};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET",  "/api/daily_papers",          "site.papers",   Rule::Public),
    row("GET",  "/api/papers",                "site.papers",   Rule::Public),
    row("GET",  "/api/papers/search",         "site.papers",   Rule::Public),
    row("GET",  "/api/papers/{paper}",        "site.papers",   Rule::Public),
    row("GET",  "/api/docs",                  "site.docs",     Rule::Public),
    row("GET",  "/api/docs/search",           "site.docs",     Rule::Public),
    row("GET",  "/api/docs/search/full-text", "site.docs",     Rule::Public),
    row("GET",  "/api/trending",              "site.trending", Rule::Public),
    row("GET",  "/api/models-tags-by-type",   "site.tags",     Rule::Public),
    row("GET",  "/api/datasets-tags-by-type", "site.tags",     Rule::Public),
    row("GET",  "/api/tasks",                 "site.tasks",    Rule::Public),
    row("GET",  "/api/metrics",               "site.metrics",  Rule::Public),
    row("GET",  "/api/keys/jwt",              "site.keys",     Rule::Public),
    // It says whether a text is right, and keeps nothing.
    row("POST", "/api/validate-yaml",         "site.yaml",     Rule::Public),
    // Clients ask these without a token, and do well without an answer.
    row("GET",  "/api/agent-harnesses",       "site.agents",   Rule::Own(Own::Nothing)),
    row("GET",  "/api/telemetry/{part*}",     "site.telemetry", Rule::Own(Own::Nothing)),
];
