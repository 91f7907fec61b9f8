//! Requests that do another thing than they look like.

use bearhug_broker::routes::{Own, Refusal, Route, WHOLE};

use crate::support::{Request, lease, push};

fn needs(line: &str) -> Vec<String> {
    let request = Request::new(line, Some("application/json"), b"{}");
    let operations = request.operations(64).unwrap_or_else(|error| panic!("{line}: {error}"));
    let all = operations.iter().flat_map(|o| o.needs.iter().chain(&o.partly));
    all.map(ToString::to_string).collect()
}

#[test]
fn methods_do_not_tell_what_is_written() {
    assert_eq!(
        needs("GET /api/models/acme/m/xet-write-token/main"),
        ["write:acme/m@main,no-delete"]
    );
    assert_eq!(
        needs("HEAD /api/buckets/acme/raw/xet-write-token"),
        ["write:buckets/acme/raw,no-delete"]
    );
    assert_eq!(needs("POST /api/models/acme/m/paths-info/main"), ["read:acme/m"]);
    assert_eq!(needs("GET /acme/m/info/refs?service=git-receive-pack"), ["write:acme/m,no-delete"]);
}

#[test]
fn a_repository_token_is_never_lent() {
    for line in [
        "GET /api/models/acme/m/jwt",
        "HEAD /api/spaces/acme/m/jwt?write=1",
        "GET /api/models/gpt2/jwt",
    ] {
        let route = Request::new(line, None, b"").route(false);
        assert!(matches!(route, Route::Refused(Refusal::NeverLent)), "{line}: {route:?}");
    }
}

#[test]
fn the_broker_answers_who_one_is() {
    let own = |line| Request::new(line, None, b"").route(false);
    assert!(matches!(own("GET /api/whoami-v2"), Route::Own(Own::Whoami)));
    assert!(matches!(own("HEAD /api/telemetry/hf/cli"), Route::Own(Own::Nothing)));
}

#[test]
fn compressed_bodies_are_not_looked_through() {
    for (line, content_type) in [
        ("POST /api/models/acme/m/commit/main", "application/x-ndjson"),
        ("POST /api/buckets/acme/raw/batch", "application/x-ndjson"),
        ("POST /acme/m/git-receive-pack", "application/x-git-receive-pack-request"),
        ("POST /api/repos/create", "application/json"),
        ("POST /api/models/acme/m/branch/x", "application/json"),
        ("POST /acme/m.git/info/lfs/objects/batch", "application/vnd.git-lfs+json"),
    ] {
        let request = Request::new(line, Some(content_type), b"");
        assert!(matches!(request.route(true), Route::Refused(Refusal::Ambiguous(_))), "{line}");
        assert!(!matches!(request.route(false), Route::Refused(_)), "{line}");
    }
    // git compresses what it asks for.
    let fetch = Request::new("POST /acme/m/git-upload-pack", None, b"");
    assert!(matches!(fetch.route(true), Route::Known(_)));
}

#[test]
fn what_is_read_whole_has_an_end() {
    let request = Request::new("POST /api/repos/create", Some("application/json"), b"");
    let Route::Whole(whole) = request.route(false) else { panic!("its body says what it does") };
    let large = vec![b' '; WHOLE + 1];
    assert_eq!(whole.operation(&large), Err(Refusal::TooLarge(WHOLE)));
}

#[test]
fn a_deletion_after_megabytes_is_seen() {
    let content = "A".repeat(20 << 20);
    let body = format!(
        "{{\"key\":\"header\",\"value\":{{\"summary\":\"x\"}}}}\n\
         {{\"key\":\"file\",\"value\":{{\"content\":\"{content}\",\"path\":\"a\"}}}}\n\
         {{\"key\":\"deletedFile\",\"value\":{{\"path\":\"b\"}}}}\n"
    );
    let content_type = Some("application/x-ndjson");
    let request =
        Request::new("POST /api/models/acme/m/commit/main", content_type, body.as_bytes());
    assert_eq!(request.decide(&lease("write:acme/m")), Ok(()));
    let denied = request.decide(&lease("write:acme/m,no-delete")).expect_err("it deletes");
    assert!(denied.contains("Scope"), "{denied}");
}

#[test]
fn needs_come_no_later_than_what_needs_them() {
    let body = "{\"key\":\"deletedFile\",\"value\":{\"path\":\"a\"}}";
    let content_type = Some("application/x-ndjson");
    let request = Request::new("POST /api/models/acme/m/commit/main", content_type, b"");
    let Route::Passing(_, mut lines) = request.route(false) else { panic!("it passes") };
    let mut needs = Vec::new();
    let (head, last) = body.as_bytes().split_at(body.len() - 1);
    lines.feed(head, &mut needs).expect("a line");
    assert!(needs.is_empty());
    lines.feed(last, &mut needs).expect("its end");
    assert_eq!(needs.len(), 1, "before the newline");

    let body = push(&[("drop", "refs/heads/main")]);
    let content_type = Some("application/x-git-receive-pack-request");
    let request = Request::new("POST /acme/m/git-receive-pack", content_type, b"");
    let Route::Passing(_, mut push) = request.route(false) else { panic!("it passes") };
    let mut needs = Vec::new();
    push.feed(&body[..body.len() - 8], &mut needs).expect("a command");
    assert_eq!(needs.len(), 1, "before the list ends");
}
