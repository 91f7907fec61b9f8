//! Answers as they were recorded between real clients and Hubs, and others that only a hostile Hub gives.

use bearhug_core::{
    Kind,
    scope::{Access, Action, RepoKind, Resource},
};
use http::{HeaderMap, Response, StatusCode, response::Parts};
use proptest::prelude::*;
use serde_json::json;

use super::*;

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

/// The headers of an answer after [`head`], and what is done about its body.
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

#[test]
fn addresses_of_what_was_made_are_at_the_broker() {
    for (operation, answer, member, expected) in [
        (
            "repo.create",
            json!({ "url": "https://huggingface.co/acme/m", "name": "acme/m" }),
            "url",
            "/acme/m",
        ),
        (
            "repo.create",
            json!({ "error": "You already created this", "url": "https://huggingface.co/datasets/a/d" }),
            "url",
            "/datasets/a/d",
        ),
        (
            "repo.commit",
            json!({ "commitUrl": "https://huggingface.co/acme/m/commit/0a", "commitOid": "0a" }),
            "commitUrl",
            "/acme/m/commit/0a",
        ),
        (
            "repo.commit",
            json!({ "pullRequestUrl": "https://huggingface.co/acme/m/discussions/1" }),
            "pullRequestUrl",
            "/acme/m/discussions/1",
        ),
        (
            "discussion.open",
            json!({ "url": "https://huggingface.co/acme/m/discussions/1", "num": 1 }),
            "url",
            "/acme/m/discussions/1",
        ),
        (
            "file.read",
            json!({ "hash": "a", "refreshUrl": "https://huggingface.co/api/models/acme/m/xet-read-token/0a" }),
            "refreshUrl",
            "/api/models/acme/m/xet-read-token/0a",
        ),
    ] {
        let after = after_body(&context(Form::Api, operation), &answer);
        let mut wanted = answer.clone();
        wanted[member] = format!("{BROKER}{expected}").into();
        assert_eq!(after, wanted, "{operation}");
    }
}

#[test]
fn what_people_write_stays_as_it_is() {
    let answer = json!({
        "title": "https://huggingface.co/acme/m",
        "cardData": { "url": "https://huggingface.co/acme/m", "text": "see https://huggingface.co" },
        "url": ["https://huggingface.co/a"],
    });
    assert_eq!(after_body(&context(Form::Api, "repo.commit"), &answer), answer);
}

#[test]
fn a_xet_token_says_the_same_in_headers_and_body() {
    let context = context(Form::Api, "xet.write");
    let headers = [
        ("content-type", "application/json"),
        ("x-xet-cas-url", "https://cas-server.xethub.hf.co"),
        ("x-xet-access-token", "xet_a.b.c"),
        ("x-xet-token-expiration", "1795522500"),
    ];
    let (after, treatment) = after_head(&context, 200, &headers);
    for (name, value) in headers {
        assert_eq!(after[name], value);
    }
    assert_eq!(treatment, Treatment::Scrub);
    let body = r#"{"casUrl":"https://cas-server.xethub.hf.co","accessToken":"xet_a.b.c","exp":1795522500}"#;
    let mut scrubbing = context.scrubbing();
    let mut passed = scrubbing.feed(body.as_bytes());
    passed.extend(scrubbing.finish());
    assert_eq!(passed, body.as_bytes());
}

/// What a Hub answers that gives the caller's credential back, as `crates/localhub` does.
fn upload(header: &Value, href: &str) -> Value {
    json!({
        "transfer": "basic",
        "objects": [{
            "oid": "9f", "size": 3, "authenticated": true,
            "actions": {
                "upload": { "href": href, "header": header, "expires_in": 3600 },
                "verify": {
                    "href": "https://huggingface.co/acme/m.git/info/lfs/objects/verify",
                    "header": { "Authorization": format!("Bearer {}", token()), "X-Other": "1" },
                },
            },
        }],
    })
}

#[test]
fn a_batch_sends_clients_to_the_broker_with_their_own_credential() {
    let store = "https://bucket.s3.example/9f?X-Amz-Date=20261124T120000Z&X-Amz-Expires=900";
    let context = context(Form::Lfs, "large.batch");
    let after = after_body(&context, &upload(&json!({}), store));
    let actions = &after["objects"][0]["actions"];
    assert_eq!(actions["upload"], json!({ "href": store, "expires_in": 3600 }));
    assert_eq!(
        actions["verify"],
        json!({
            "href": format!("{BROKER}/acme/m.git/info/lfs/objects/verify"),
            "header": { "Authorization": OWN, "X-Other": "1" },
        })
    );
}

#[test]
fn verifying_gets_a_credential_even_if_the_hub_gave_none() {
    let mut answer = upload(&json!({}), "https://bucket.s3.example/9f");
    answer["objects"][0]["actions"]["verify"] =
        json!({ "href": "https://huggingface.co/acme/m.git/info/lfs/objects/verify" });
    let after = after_body(&context(Form::Lfs, "large.batch"), &answer);
    let verify = &after["objects"][0]["actions"]["verify"];
    assert_eq!(verify["header"], json!({ "Authorization": OWN }));
}

#[test]
fn an_upload_in_parts_is_completed_with_a_pass() {
    let header = json!({
        "chunk_size": "5",
        "00001": "https://bucket.s3.example/9f?partNumber=1&Expires=1795525200",
        "00002": "https://bucket.s3.example/9f?partNumber=2&Expires=1795525200",
        "Authorization": format!("Bearer {}", token()),
    });
    let href = "https://huggingface.co/api/complete_multipart?uploadId=a%2Fb&signature=x[]";
    let context = context(Form::Lfs, "large.batch");
    let after = after_body(&context, &upload(&header, href));
    let action = &after["objects"][0]["actions"]["upload"];
    let path = action["href"].as_str().unwrap().strip_prefix(BROKER).unwrap();
    let pass = context.passes.open(path, context.at).expect("a pass");
    assert_eq!(pass.target, "/api/complete_multipart?uploadId=a%2Fb&signature=x[]");
    assert_eq!(pass.lease, context.lease);
    let mut wanted = header;
    wanted.as_object_mut().unwrap().remove("Authorization");
    assert_eq!(action["header"], wanted, "addresses of parts and their size stay");
}

#[test]
fn the_tokens_of_an_upload_by_xet_are_renewed_at_the_broker() {
    let header = json!({
        "x-xet-cas-url": "https://cas-server.xethub.hf.co",
        "x-xet-access-token": "xet_a.b.c",
        "x-xet-token-expiration": "1795522500",
        "x-xet-session-id": "s",
    });
    let href = "https://huggingface.co/api/models/acme/m/xet-write-token/main";
    let after = after_body(&context(Form::Lfs, "large.batch"), &upload(&header, href));
    let action = &after["objects"][0]["actions"]["upload"];
    assert_eq!(action["href"], format!("{BROKER}/api/models/acme/m/xet-write-token/main"));
    assert_eq!(action["header"]["x-xet-access-token"], "xet_a.b.c");
}

#[test]
fn a_batch_that_is_no_json_is_not_let_through() {
    let context = context(Form::Lfs, "large.batch");
    assert!(body(&context, b"<html>".to_vec()).is_err());
    let plain = body(&self::context(Form::Api, "repo.move"), b"OK".to_vec());
    assert_eq!(plain.unwrap(), b"OK");
}

/// Whatever a Hub puts the token into, in whatever form.
fn forms() -> impl Strategy<Value = String> {
    let basic = data_encoding::BASE64.encode(format!("user:{}", token()).as_bytes());
    prop_oneof![
        Just(token()),
        Just(format!("Bearer {}", token())),
        Just(format!("Basic {basic}")),
        Just(format!("https://user:{}@huggingface.co/x", token())),
        Just(format!("https://cdn.example/?t={}", token().replace('_', "%5F"))),
        "[ -~]{0,12}",
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        forms().prop_map(Value::from),
        Just(Value::from("https://huggingface.co/acme/m")),
    ];
    let names = prop_oneof![
        Just("objects".to_owned()),
        Just("actions".to_owned()),
        Just("upload".to_owned()),
        Just("verify".to_owned()),
        Just("href".to_owned()),
        Just("header".to_owned()),
        Just("Authorization".to_owned()),
        Just("00001".to_owned()),
        Just("url".to_owned()),
        forms(),
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_brings_the_token_back(value in values(), is_batch: bool) {
        let operation = if is_batch { "large.batch" } else { "repo.commit" };
        let after = after_body(&context(Form::Lfs, operation), &value);
        let text = after.to_string();
        let basic = data_encoding::BASE64.encode(format!("user:{}", token()).as_bytes());
        for form in [token(), basic, token().replace('_', "%5F")] {
            prop_assert!(!text.contains(&form));
        }
    }

    #[test]
    fn escapes_hide_no_token(escaped in prop::collection::btree_set(0usize..37, 0..37)) {
        let text: String = token()
            .chars()
            .enumerate()
            .map(|(at, c)| if escaped.contains(&at) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() })
            .collect();
        let answer = format!("{{\"url\": \"{text}\", \"{text}\": 1}}");
        let after = body(&context(Form::Api, "repo.create"), answer.into_bytes());
        let stars = "*".repeat(37);
        let after: Value = serde_json::from_slice(&after.unwrap()).unwrap();
        prop_assert_eq!(after, json!({ "url": stars, stars: 1 }));
    }

    #[test]
    fn json_without_addresses_or_tokens_means_the_same_afterwards(
        value in prop::collection::btree_map("[a-z\"\\\\é]{1,6}", "[ -~é\\n]{0,20}", 0..6),
    ) {
        let value = json!(value);
        prop_assert_eq!(&after_body(&context(Form::Api, "repo.commit"), &value), &value);
        prop_assert_eq!(&after_body(&context(Form::Lfs, "large.batch"), &value), &value);
    }

    #[test]
    fn no_head_brings_the_token_back(
        form in forms(),
        name in prop_oneof![Just("location"), Just("link"), Just("x-xet-refresh-route"), Just("x-error-message"), Just("x-anything")],
        before in "[ -~]{0,10}",
        after in "[ -~]{0,10}",
    ) {
        let value = format!("{before}{form}{after}");
        let (headers, _) = after_head(&context(Form::Api, "repo.list"), 200, &[(name, &value)]);
        for value in headers.values() {
            let text = String::from_utf8_lossy(value.as_bytes());
            prop_assert!(!text.contains(&token()));
            prop_assert!(!text.contains(&token().replace('_', "%5F")));
        }
    }
}

#[test]
fn an_answer_of_no_status_in_particular_is_no_harm() {
    for status in [100_u16, 204, 304, 599] {
        let status = StatusCode::from_u16(status).unwrap().as_u16();
        let (_, treatment) = after_head(&context(Form::Content, "file.read"), status, &[]);
        assert!(matches!(treatment, Treatment::Pass | Treatment::Scrub));
    }
}
