//! Any request head at the table of routes, and any body at what looks at bodies.

#![no_main]

use bearhug_broker::routes::{Head, Route, classify};
use bearhug_core::lending::Operation;
use libfuzzer_sys::{arbitrary::Arbitrary, fuzz_target};

#[derive(Debug, Arbitrary)]
struct Request<'a> {
    method: u8,
    start: u8,
    path: &'a str,
    query: Option<&'a str>,
    body: &'a [u8],
    cut: u16,
}

const METHODS: [http::Method; 5] = [
    http::Method::GET,
    http::Method::POST,
    http::Method::PUT,
    http::Method::PATCH,
    http::Method::DELETE,
];

/// How paths start, and the type of the body that belongs there.
const STARTS: [(&str, &str); 8] = [
    ("", "application/json"),
    ("/api/models/acme/m/commit/main", "application/x-ndjson"),
    ("/api/buckets/acme/raw/batch", "application/x-ndjson"),
    ("/acme/m/git-receive-pack", "application/x-git-receive-pack-request"),
    ("/acme/m.git/info/lfs/objects/batch", "application/vnd.git-lfs+json"),
    ("/api/repos/create", "application/json"),
    ("/api/jobs/acme", "application/json"),
    ("/api/models/", "application/json"),
];

fuzz_target!(|request: Request<'_>| {
    let method = &METHODS[usize::from(request.method) % METHODS.len()];
    let (start, content_type) = STARTS[usize::from(request.start) % STARTS.len()];
    let path = format!("{start}{}", request.path);
    let head = Head {
        method,
        path: &path,
        query: request.query,
        content_type: Some(content_type),
        is_encoded: false,
    };
    match classify(&head) {
        Route::Known(operation) => no_other_repository(&path, &operation),
        Route::Whole(whole) => drop(whole.operation(request.body)),
        Route::Passing(operation, _) => {
            no_other_repository(&path, &operation);
            let cut = usize::from(request.cut).min(request.body.len());
            let (one, two) = request.body.split_at(cut);
            assert_eq!(needs(&head, &[request.body]), needs(&head, &[one, two]));
        }
        Route::Own(_) | Route::Refused(_) => {}
    }
});

/// What a body needs that comes in these pieces.
fn needs(head: &Head<'_>, pieces: &[&[u8]]) -> Option<Vec<bearhug_core::scope::Access>> {
    let Route::Passing(_, mut inspector) = classify(head) else { return None };
    let mut needs = Vec::new();
    for piece in pieces {
        inspector.feed(piece, &mut needs).ok()?;
    }
    inspector.finish(&mut needs).ok()?;
    Some(needs)
}

/// A path that leads elsewhere once it is decoded is never known.
fn no_other_repository(path: &str, operation: &Operation) {
    let plain = path.to_lowercase().replace("%2e", ".").replace("%2f", "/").replace("%5c", "\\");
    let leads_away = plain.split('/').any(|part| part == "." || part == "..");
    assert!(!leads_away && !plain.contains('\\'), "{path}: {operation:?}");
}
