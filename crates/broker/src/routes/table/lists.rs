//! Lists of repositories, and what stands where a repository's name could.

use super::{Action, Row, Rule, row};
use bearhug_core::scope::RepoKind::{Dataset, Kernel, Model, Space};

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("GET", "/api/models",                "repo.list",      Rule::List(Model)),
    row("GET", "/api/datasets",              "repo.list",      Rule::List(Dataset)),
    row("GET", "/api/spaces",                "repo.list",      Rule::List(Space)),
    row("GET", "/api/kernels",               "repo.list",      Rule::List(Kernel)),
    row("GET", "/api/buckets/{namespace}",   "bucket.list",    Rule::Buckets),
    // What is found is described in words, private Spaces of the token's owner included.
    row("GET", "/api/spaces/semantic-search", "space.search",  Rule::List(Space)),
    row("GET", "/api/spaces/hardware",       "space.hardware", Rule::Public),
    row("GET", "/api/spaces/templates",      "space.templates", Rule::Public),
    // It is the owner's own, and says how much is used of it.
    row("GET", "/api/spaces/zero-gpu/quota", "space.quota",    Rule::NeverLent),
    // These find what is private, too.
    row("GET",  "/api/quicksearch",          "search",         Rule::All(Action::Read)),
    row("POST", "/api/quicksearch",          "search",         Rule::All(Action::Read)),
    row("GET", "/api/settings/repositories", "repo.list",      Rule::All(Action::Read)),
    row("GET", "/api/organizations/{name}/settings/repositories", "repo.list", Rule::Owner(Action::Read)),
];
