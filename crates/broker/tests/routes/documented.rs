//! Every operation of the Hub's OpenAPI document is in the table.

use std::{collections::BTreeSet, path::Path};

use bearhug_broker::routes::{Refusal, Route};
use serde_json::Value;

use crate::support::Request;

/// What is refused whatever the lease, by how its path starts, apart from the exceptions.
const NEVER: &[&str] = &[
    "/api/agentic/",
    "/api/blog/",
    "/api/credentials/",
    "/api/notifications",
    "/api/organizations/",
    "/api/posts/",
    "/api/registry/",
    "/api/settings/",
    "/api/spaces/zero-gpu/",
    "/oauth/",
];
const NEVER_ENDS: &[&str] =
    &["/jwt", "/ask-access", "/user-access-request/cancel", "/billing/usage/live"];
const LENT: &[&str] = &[
    "/api/organizations/{name}/avatar",
    "/api/organizations/{name}/socials",
    "/api/organizations/{name}/settings/repositories",
    "/api/settings/repositories",
    "/api/settings/webhooks",
];

/// The operations, with something in place of what their paths leave open.
fn operations() -> Vec<(String, String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/hub-openapi.json");
    let document: Value =
        serde_json::from_slice(&std::fs::read(file).expect("the document")).expect("JSON");
    let mut all = Vec::new();
    for (template, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys().filter(|m| *m != "parameters") {
            let kinds: &[&str] = if template.contains("{repoType}") {
                &["models", "datasets", "spaces", "kernels"]
            } else {
                &[""]
            };
            for kind in kinds {
                let path = template.replace("{repoType}", kind).replace("{path}", "a/b");
                let open = |part: &str| part.replace(['{', '}'], "x");
                let path = path.split('/').map(open).collect::<Vec<_>>().join("/");
                all.push((method.to_uppercase(), template.clone(), path));
            }
        }
    }
    all
}

fn is_refused(method: &str, path: &str) -> Option<Refusal> {
    let content_type = match path.rsplit('/').next() {
        _ if path.contains("/commit/") || path.ends_with("/batch") && path.contains("buckets") => {
            "application/x-ndjson"
        }
        _ => "application/json",
    };
    match Request::new(&format!("{method} {path}"), Some(content_type), b"").route(false) {
        Route::Refused(refusal) => Some(refusal),
        _ => None,
    }
}

#[test]
fn every_documented_operation_is_classified() {
    let operations = operations();
    let documented: BTreeSet<_> = operations.iter().map(|(m, t, _)| (m, t)).collect();
    assert_eq!(documented.len(), 314, "the Hub has other operations: see what they need");
    for (method, template, path) in &operations {
        let refused = is_refused(method, path);
        assert!(
            matches!(refused, None | Some(Refusal::NeverLent)),
            "{method} {template}: {path} is {refused:?}"
        );
    }
}

#[test]
fn what_mints_credentials_or_changes_people_is_never_lent() {
    for (method, template, path) in operations() {
        let is_paper = template.starts_with("/api/papers") && method == "POST";
        let is_never = is_paper
            || NEVER.iter().any(|start| template.starts_with(start))
            || NEVER_ENDS.iter().any(|end| template.ends_with(end));
        let is_never = is_never && !LENT.iter().any(|start| template.starts_with(start));
        let refused = is_refused(&method, &path) == Some(Refusal::NeverLent);
        assert_eq!(refused, is_never, "{method} {template}");
    }
}

#[test]
fn what_is_in_no_row_is_unknown() {
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/acme"),
        ("GET", "/acme/m"),
        ("GET", "/api"),
        ("GET", "/api/models/acme/m/new-thing"),
        ("DELETE", "/api/models/acme/m"),
        ("OPTIONS", "/api/models/acme/m"),
        ("TRACE", "/api/models/acme/m"),
        ("PROPFIND", "/api/models/acme/m"),
        ("get", "/api/models/acme/m"),
        ("GET", "/api/models/acme/m/commit/main"),
        ("GET", "/api/oauth/token"),
        ("GET", "/.bearhug/leases"),
        ("GET", "/api/buckets/acme/raw/refs"),
        ("GET", "/api/users/tree/main"),
    ] {
        let refused = is_refused(method, path);
        assert!(
            matches!(refused, Some(Refusal::Unknown | Refusal::Ambiguous(_))),
            "{method} {path}: {refused:?}"
        );
    }
}
