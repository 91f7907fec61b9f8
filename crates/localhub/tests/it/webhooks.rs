//! Webhooks: their life, and what is sent to whom.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use bearhug_localhub::{RepoEvent, RepoKind, RepoName};
use serde_json::{Value, json};

use crate::support::Fixture;

const PATH: &str = "/api/settings/webhooks";

fn event(repo: &RepoName) -> RepoEvent<'_> {
    RepoEvent {
        repo,
        repo_id: "0123456789abcdef01234567",
        is_private: true,
        action: "update",
        scope: "repo.content",
        more: vec![("updatedRefs", json!([{ "ref": "refs/heads/main" }]))],
    }
}

#[test]
fn a_life_of_a_webhook() {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    let body = json!({
        "watched": [{ "type": "org", "name": "acme" }],
        "url": "https://example.test/hook",
        "domains": ["repo"],
        "secret": "shared",
    });
    let created = hub.post(PATH, &token, &body);
    hub.assert_fits(&created, "post", PATH);
    assert_eq!(created.body["webhook"]["hasSecret"], true);
    assert!(!created.body.to_string().contains("shared"));
    let id = created.body["webhook"]["id"].as_str().expect("an id").to_owned();
    let one = format!("{PATH}/{id}");
    let template = "/api/settings/webhooks/{webhookId}";
    hub.assert_fits(&hub.get(&one, &token), "get", template);
    hub.assert_fits(&hub.get(PATH, &token), "get", PATH);
    assert_eq!(hub.get(&one, &hub.write_token("bob")).status, 404);
    let disabled = hub.post(&format!("{one}/disable"), &token, &json!({}));
    assert_eq!(disabled.body["webhook"]["disabled"], true);
    hub.assert_fits(&hub.post(&one, &token, &body), "post", template);
    assert_eq!(hub.ask("DELETE", &one, &token, None).status, 200);
    assert_eq!(hub.get(&one, &token).status, 404);
    assert_eq!(hub.get(PATH, &hub.world().issue_to_app("x").value).status, 403);
}

/// A receiver of webhooks: its URL, and the requests that it gets.
pub(crate) fn receiver() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let (sender, received) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut text = String::new();
            let mut buffer = [0; 4096];
            while !text.contains("\r\n\r\n") || !text.trim_end().ends_with('}') {
                let count = stream.read(&mut buffer).expect("bytes");
                text.push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").expect("an answer");
            if sender.send(text).is_err() {
                return;
            }
        }
    });
    (url, received)
}

#[test]
fn events_reach_a_receiver_on_loopback_with_the_secret() {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    let (url, received) = receiver();
    let body = json!({
        "watched": [{ "type": "model", "name": "acme/llm" }],
        "url": url, "domains": ["repo"], "secret": "shared",
    });
    let created = hub.post(PATH, &token, &body);
    let watched = RepoName::new(RepoKind::Model, "acme", "llm").expect("a name");
    let other = RepoName::new(RepoKind::Dataset, "acme", "llm").expect("a name");
    hub.world().notify(&event(&other));
    hub.world().notify(&event(&watched));
    let request = received.recv_timeout(Duration::from_secs(10)).expect("a delivery");
    assert!(request.to_ascii_lowercase().contains("x-webhook-secret: shared"), "{request}");
    let payload = request.split("\r\n\r\n").nth(1).expect("a body");
    let payload: Value = serde_json::from_str(payload).expect("JSON");
    assert_eq!(payload["event"], json!({ "action": "update", "scope": "repo.content" }));
    assert_eq!(payload["repo"]["name"], "acme/llm");
    assert_eq!(payload["repo"]["type"], "model");
    assert_eq!(payload["webhook"]["version"], 3);
    assert_eq!(payload["webhook"]["id"], created.body["webhook"]["id"]);
    assert!(received.recv_timeout(Duration::from_millis(200)).is_err(), "one event was watched");
}
