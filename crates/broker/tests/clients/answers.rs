//! What clients do not ask for by themselves: answers of a Hub that is careless, and what is done with what
//! an answer handed out.

use std::process::Command;

use bearhug_broker::Ending;
use bearhug_localhub::{Fault, FaultKind};
use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::stage::{Stage, say};

const BATCH: &str = "/alice/m.git/info/lfs/objects/batch";

/// An answer: its head, with names in lower case, and its body.
struct Answer {
    head: String,
    body: String,
}

impl Answer {
    fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}{}", self.head, self.body))
    }
}

/// Asks with a lease, unless it is empty, and follows no redirect.
fn ask(stage: &Stage, lease: &str, address: &str, more: &[&str]) -> Answer {
    let address = match address.strip_prefix('/') {
        Some(path) => format!("{}/{path}", stage.wire.endpoint()),
        None => address.to_owned(),
    };
    let own = format!("Authorization: Bearer {lease}");
    let mut command = Command::new("curl");
    command.args(["-sS", "-i", "--path-as-is", "-g"]).args(more).arg(address);
    if !lease.is_empty() {
        command.args(["-H", &own]);
    }
    let said = say(&mut command);
    let (head, body) = said.split_once("\r\n\r\n").expect("a head");
    Answer { head: head.to_owned(), body: body.to_owned() }
}

fn post(stage: &Stage, lease: &str, address: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let kind = if address.contains(".git/") || address.contains("/.bearhug/") {
        "Content-Type: application/vnd.git-lfs+json"
    } else {
        "Content-Type: application/json"
    };
    ask(stage, lease, address, &["-H", kind, "--data-binary", &body])
}

fn create(stage: &Stage, name: &str) -> Answer {
    post(stage, &stage.alice, "/api/repos/create", &json!({ "name": name }))
}

fn inject(stage: &Stage, path: &str, fault: FaultKind) {
    stage.world().inject(Fault { method: None, path: path.to_owned(), times: 1, fault });
}

#[test]
fn a_refusal_that_repeats_the_token_does_not_arrive_with_it() {
    let stage = Stage::new();
    create(&stage, "m");
    let token = stage.token("alice").to_owned();
    let basic = BASE64.encode(format!("user:{token}").as_bytes());
    for (path, status) in [
        ("/api/models/alice/m", 403),
        ("/api/models/alice/m/tree/main", 400),
        ("/alice/m/resolve/main/README.md", 500),
        ("/alice/m/info/refs?service=git-upload-pack", 403),
    ] {
        let message = format!("the header was: Bearer {token}, Basic {basic}");
        let bare = path.split('?').next().unwrap_or_default();
        inject(&stage, bare, FaultKind::Status { status, message: Some(message) });
        let answer = ask(&stage, &stage.alice, path, &[]);
        assert_eq!(answer.status(), status.to_string(), "{path}");
        assert!(answer.body.contains("the header was: Bearer ****"), "{path}: {}", answer.body);
    }
    stage.assert_is_sound();
}

#[test]
fn nobody_is_sent_past_the_broker() {
    let stage = Stage::new();
    create(&stage, "m");
    let (hub, broker) = (stage.hub_address().to_owned(), stage.wire.endpoint());
    for (address, expected) in [
        (format!("{hub}/alice/n?a=%2F"), format!("{broker}/alice/n?a=%2F")),
        ("https://huggingface.co/alice/n".to_owned(), format!("{broker}/alice/n")),
        ("//huggingface.co/alice/n".to_owned(), format!("{broker}/alice/n")),
        ("/alice/n".to_owned(), "/alice/n".to_owned()),
        (
            "https://cdn.example/x?Expires=1".to_owned(),
            "https://cdn.example/x?Expires=1".to_owned(),
        ),
    ] {
        let location = address.clone();
        inject(&stage, "/api/models/alice/m", FaultKind::Redirect { status: 307, location });
        let answer = ask(&stage, &stage.alice, "/api/models/alice/m", &[]);
        assert_eq!((answer.status(), answer.header("location")), ("307", expected.as_str()));
        inject(&stage, "/api/models", FaultKind::Link { url: address.clone() });
        let answer = ask(&stage, &stage.alice, "/api/models?author=alice", &[]);
        assert_eq!(answer.header("link"), format!("<{expected}>; rel=\"next\""), "{address}");
    }
    let moved = json!({ "fromRepo": "alice/m", "toRepo": "alice/moved", "type": "model" });
    let answer = post(&stage, &stage.alice, "/api/repos/move", &moved);
    assert_eq!(answer.status(), "200", "{}", answer.body);
    let again = create(&stage, "moved");
    assert_eq!(again.status(), "409");
    assert_eq!(again.json()["url"], format!("{broker}/alice/moved"));
    stage.assert_is_sound();
}

fn batch(stage: &Stage, lease: &str, size: usize, transfers: &[&str]) -> Value {
    let object = json!({ "oid": "ab".repeat(32), "size": size });
    let body = json!({ "operation": "upload", "transfers": transfers, "objects": [object] });
    let answer = post(stage, lease, BATCH, &body);
    assert_eq!(answer.status(), "200", "{}", answer.body);
    answer.json()["objects"][0]["actions"].clone()
}

#[test]
fn an_upload_in_parts_is_completed_by_nobody_else_and_not_later() {
    let stage = Stage::new();
    create(&stage, "m");
    let (lease, id) = stage.lease("alice", &["write:alice/m"]);
    let actions = batch(&stage, &lease, 2_000_000, &["basic", "multipart"]);
    assert_eq!(actions["verify"]["header"]["Authorization"], format!("Bearer {lease}"));
    let part = actions["upload"]["header"]["00001"].as_str().expect("the address of a part");
    assert!(part.starts_with(stage.cdn_address()), "{part}");
    let href = actions["upload"]["href"].as_str().expect("an address").to_owned();
    assert!(href.starts_with(&format!("{}/.bearhug/", stage.wire.endpoint())), "{href}");
    let parts = json!({ "oid": "ab".repeat(32), "parts": [] });
    // The Hub is asked, and misses the parts.
    assert_eq!(post(&stage, "", &href, &parts).status(), "400");
    let (start, end) = href.split_at(href.len() - 40);
    let forged = format!("{start}{}", end.replace(|c: char| c.is_ascii_lowercase(), "A"));
    assert_ne!(post(&stage, "", &forged, &parts).status(), "400", "a forged address");
    let left = stage.book.revoke(id, "a test", Ending::Cut).expect("a lease");
    assert!(left.iter().any(|left| left.what.contains("signed address")), "{left:?}");
    assert_eq!(post(&stage, "", &href, &parts).status(), "401", "its lease has ended");
    let verify = actions["verify"]["href"].as_str().expect("an address");
    assert_eq!(post(&stage, &lease, verify, &parts).status(), "401");
    stage.assert_is_sound();
}

#[test]
fn xet_tokens_say_the_same_twice_and_outlive_their_lease_on_record() {
    let stage = Stage::with_xet();
    create(&stage, "m");
    let (lease, id) = stage.lease("alice", &["write:alice/m"]);
    let answer = ask(&stage, &lease, "/api/models/alice/m/xet-write-token/main", &[]);
    let body = answer.json();
    assert_eq!(answer.header("x-xet-access-token"), body["accessToken"]);
    assert_eq!(answer.header("x-xet-cas-url"), body["casUrl"]);
    assert_eq!(answer.header("x-xet-token-expiration"), body["exp"].to_string());
    let (reader, _) = stage.lease("alice", &["read:alice/m"]);
    let refused = ask(&stage, &reader, "/api/models/alice/m/xet-write-token/main", &[]);
    assert_eq!(refused.status(), "403", "a GET that lets write");
    let actions = batch(&stage, &lease, 2_000_000, &["xet"]);
    let href = actions["upload"]["href"].as_str().expect("an address");
    assert!(href.starts_with(&stage.wire.endpoint()), "{href}");
    let left = stage.book.revoke(id, "a test", Ending::Cut).expect("a lease");
    let until = left.iter().find(|left| left.what == "a Xet token").expect("a Xet token").until;
    assert_eq!(until.as_second(), body["exp"].as_i64().expect("a time"));
    stage.assert_is_sound();
}

#[test]
fn heads_keep_their_length_and_contents_their_bytes() {
    let stage = Stage::new();
    create(&stage, "m");
    // A file may hold an address of the Hub, and even the token: it stays what it is.
    let content = format!("{}/alice/m {}", stage.hub_address(), "x".repeat(1_000));
    let file = json!({ "path": "a.json", "content": content });
    let lines = format!(
        "{}\n{}",
        json!({ "key": "header", "value": { "summary": "s" } }),
        json!({ "key": "file", "value": file })
    );
    let kind = "Content-Type: application/x-ndjson";
    let commit = ask(
        &stage,
        &stage.alice,
        "/api/models/alice/m/commit/main",
        &["-H", kind, "--data-binary", &lines],
    );
    let address = commit.json()["commitUrl"].as_str().expect("an address").to_owned();
    assert!(
        address.starts_with(&format!("{}/alice/m/commit/", stage.wire.endpoint())),
        "{address}"
    );
    let raw = ask(&stage, &stage.alice, "/alice/m/raw/main/a.json", &[]);
    assert_eq!(raw.body, content);
    let at_hub = format!("{}/alice/m/raw/main/a.json", stage.hub_address());
    let direct = ask(&stage, stage.token("alice"), &at_hub, &["-I"]);
    let head = ask(&stage, &stage.alice, "/alice/m/raw/main/a.json", &["-I"]);
    for name in ["content-length", "etag", "x-repo-commit", "x-linked-size", "content-disposition"]
    {
        assert_eq!(head.header(name), direct.header(name), "{name}");
    }
    assert_eq!(head.header("content-length"), content.len().to_string());
}
