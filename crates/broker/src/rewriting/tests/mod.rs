//! Answers as they were recorded between real clients and Hubs, and others that only a hostile Hub gives.

use bearhug_core::{
    Kind,
    scope::{Access, Action, RepoKind, Resource},
};
use http::{HeaderMap, Response, StatusCode, response::Parts};
use proptest::prelude::*;
use serde_json::json;

use super::*;

mod bodies;
mod properties;

const HUB: &str = "https://huggingface.co";
const BROKER: &str = "http://127.0.0.1:8080";
const OWN: &str = "Basic dXNlcjpoZl9sZWFzZQ==";

fn token() -> String {
    format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0)
}

fn context(form: Form, operation: &'static str) -> Context {
    let repo = Resource::repository(RepoKind::Model, "acme/m").unwrap();
    Context {
        upstream: HUB.into(),
        broker: BROKER.into(),
        authorization: HeaderValue::from_static(OWN),
        token: Arc::new(Token::new(Kind::UserToken, token())),
        form,
        operation: Arc::new(Operation {
            name: operation,
            needs: vec![Access::new(Action::Write, repo)],
            partly: Vec::new(),
            model: None,
        }),
        lease: LeaseId::of("a lease"),
        at: "2026-11-24T12:00:00Z".parse().unwrap(),
        passes: Arc::default(),
    }
}

fn parts(status: u16, headers: &[(&str, &str)]) -> Parts {
    let mut answer = Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    answer.body(()).unwrap().into_parts().0
}

/// The headers of an answer after [`head()`], and what is done about its body.
fn after_head(context: &Context, status: u16, headers: &[(&str, &str)]) -> (HeaderMap, Treatment) {
    let mut parts = parts(status, headers);
    let treatment = head(context, &mut parts);
    (parts.headers, treatment)
}

fn after_body(context: &Context, value: &Value) -> Value {
    let body = body(context, value.to_string().into_bytes()).unwrap();
    serde_json::from_slice(&body).unwrap()
}

#[test]
fn a_large_files_head_keeps_what_clients_need() {
    let kept = [
        ("x-repo-commit", "0a1b"),
        ("x-linked-etag", "\"9f\""),
        ("x-linked-size", "1200000"),
        ("etag", "\"9f\""),
        ("x-xet-hash", "abcd"),
        ("content-length", "1043"),
        ("accept-ranges", "bytes"),
        ("content-disposition", "inline; filename*=UTF-8''weights.bin"),
        ("x-error-code", "EntryNotFound"),
        ("x-error-message", "Entry not found"),
        ("x-request-id", "Root=1-2"),
        ("x-total-count", "3"),
        ("ratelimit", "\"api\";r=499;t=200"),
        ("ratelimit-policy", "\"fixed window\";\"api\";q=500;w=300"),
        ("retry-after", "7"),
        ("access-control-expose-headers", "X-Repo-Commit,X-Linked-Size"),
        (
            "location",
            "https://cas-bridge.xethub.hf.co/a/b?X-Amz-Date=20261124T120000Z&X-Amz-Expires=3600&X-Amz-Signature=%2F",
        ),
    ];
    let changed = [
        ("x-xet-refresh-route", "https://huggingface.co/api/models/acme/m/xet-read-token/0a1b"),
        (
            "link",
            "<https://huggingface.co/api/models/acme/m/xet-read-token/0a1b>; rel=\"xet-auth\", \
             <https://cas-server.xethub.hf.co/v1/reconstructions/abcd>; rel=\"xet-reconstruction-info\"",
        ),
    ];
    let headers = [&kept[..], &changed[..]].concat();
    let (after, treatment) = after_head(&context(Form::Content, "file.read"), 302, &headers);
    assert_eq!(treatment, Treatment::Pass);
    for (name, value) in kept {
        assert_eq!(after[name], value, "{name}");
    }
    assert_eq!(
        after["x-xet-refresh-route"],
        "http://127.0.0.1:8080/api/models/acme/m/xet-read-token/0a1b"
    );
    assert_eq!(
        after["link"],
        "<http://127.0.0.1:8080/api/models/acme/m/xet-read-token/0a1b>; rel=\"xet-auth\", \
         <https://cas-server.xethub.hf.co/v1/reconstructions/abcd>; rel=\"xet-reconstruction-info\""
    );
    assert_eq!(after.len(), headers.len());
}

#[test]
fn a_redirect_leads_to_the_broker_or_away_without_the_hub() {
    for (location, expected) in [
        ("/api/resolve-cache/models/acme/m/0a/f?%2Facme%2Fm=&etag=%22a%22", None),
        ("https://huggingface.co/acme/new/resolve/main/f", Some("/acme/new/resolve/main/f")),
        ("https://hf.co/acme/new", Some("/acme/new")),
        ("https://cdn-lfs.hf.co/f?Expires=1", None),
    ] {
        let (after, _) =
            after_head(&context(Form::Content, "file.read"), 307, &[("location", location)]);
        let expected = expected.map_or(location.to_owned(), |rest| format!("{BROKER}{rest}"));
        assert_eq!(after["location"], expected);
    }
}

#[test]
fn every_link_of_every_header_is_turned() {
    let links = [
        (
            "link",
            "<https://huggingface.co/api/models?cursor=a%3D&x[]=1>; rel=\"next\", </x>; rel=last",
        ),
        ("link", "<https://huggingface.co/b>;title=\"<https://huggingface.co/c>\";rel=prev"),
        ("link", "<https://other.example/d>; rel=\"next\", <https://huggingface.co/e"),
    ];
    let (after, _) = after_head(&context(Form::Api, "repo.list"), 200, &links);
    let after: Vec<_> = after.get_all("link").iter().collect();
    assert_eq!(
        after,
        [
            "<http://127.0.0.1:8080/api/models?cursor=a%3D&x[]=1>; rel=\"next\", </x>; rel=last",
            "<http://127.0.0.1:8080/b>;title=\"<http://127.0.0.1:8080/c>\";rel=prev",
            "<https://other.example/d>; rel=\"next\", ",
        ]
    );
}

#[test]
fn headers_do_not_repeat_the_token() {
    let echo = format!("Bearer {}", token());
    let headers = [
        ("x-error-message", &*format!("{echo} may not")),
        ("location", &format!("https://huggingface.co/login?token={}", token())),
    ];
    let (after, _) = after_head(&context(Form::Api, "repo.info"), 403, &headers);
    let stars = "*".repeat(37);
    assert_eq!(after["x-error-message"], format!("Bearer {stars} may not"));
    assert_eq!(after["location"], format!("{BROKER}/login?token={stars}"));
    assert_eq!(after.len(), 2);
}

#[test]
fn bodies_are_treated_by_what_they_are() {
    let json = ("content-type", "application/json; charset=utf-8");
    let plain = ("content-type", "text/plain");
    let gzip = ("content-encoding", "gzip");
    let info = ("content-type", "application/vnd.xet-fileinfo+json");
    for (form, operation, status, headers, expected) in [
        (Form::Content, "file.read", 200, &[json][..], Treatment::Pass),
        (Form::Content, "file.read", 206, &[gzip], Treatment::Pass),
        (Form::Content, "file.read", 200, &[info], Treatment::Rewrite),
        (Form::Content, "file.read", 404, &[plain], Treatment::Scrub),
        (Form::Content, "file.read", 500, &[plain, gzip], Treatment::Drop),
        (Form::Git, "git.fetch", 200, &[], Treatment::Pass),
        (Form::Git, "git.push", 403, &[plain], Treatment::Scrub),
        (Form::Lfs, "large.batch", 200, &[plain], Treatment::Rewrite),
        (Form::Lfs, "large.batch", 200, &[json, gzip], Treatment::Drop),
        // A batch is one without `.git` in its path as well.
        (Form::Api, "large.batch", 200, &[json], Treatment::Rewrite),
        (Form::Lfs, "large.verify", 200, &[json], Treatment::Scrub),
        (Form::Api, "repo.create", 409, &[json], Treatment::Rewrite),
        (Form::Api, "repo.create", 502, &[plain], Treatment::Scrub),
        (Form::Api, "repo.tree", 200, &[json], Treatment::Scrub),
        (
            Form::Api,
            "repo.commit",
            200,
            &[json, ("content-encoding", "identity")],
            Treatment::Rewrite,
        ),
    ] {
        let (_, treatment) = after_head(&context(form, operation), status, headers);
        assert_eq!(treatment, expected, "{operation} {status} {headers:?}");
    }
}
