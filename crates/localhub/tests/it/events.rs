//! What changes to a repository leave behind: events for webhooks, and entries of the audit log.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{stage::send, support::Fixture, webhooks::receiver};

#[test]
fn changes_are_told_and_recorded() {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    let (url, received) = receiver();
    let webhook = json!({
        "watched": [{ "type": "org", "name": "acme" }], "url": url, "domains": ["repo", "discussion"],
    });
    assert!(hub.post("/api/settings/webhooks", &token, &webhook).status < 300);
    let done = |method: &str, path: &str, body: Value| {
        let answer = hub.ask(method, path, &token, Some(&body));
        assert!(answer.status < 300, "{path}: {answer:?}");
    };
    done("POST", "/api/repos/create", json!({ "name": "llm", "organization": "acme" }));
    let api = "/api/models/acme/llm";
    done("PUT", &format!("{api}/settings"), json!({ "private": true }));
    let bearer = ("authorization", format!("Bearer {token}"));
    let commit = format!("{}{api}/commit/main", hub.endpoint());
    let header = json!({ "key": "header", "value": { "summary": "Nothing" } }).to_string();
    assert_eq!(send("POST", &commit, &[bearer], header.as_bytes()).status, 200);
    let talk = json!({ "title": "A question", "description": "How?" });
    done("POST", &format!("{api}/discussions"), talk);
    done("POST", &format!("{api}/discussions/1/comment"), json!({ "comment": "So." }));
    done("POST", "/api/repos/move", json!({ "fromRepo": "acme/llm", "toRepo": "acme/new" }));
    done("DELETE", "/api/repos/delete", json!({ "name": "new", "organization": "acme" }));
    let mut events = Vec::new();
    while let Ok(request) = received.recv_timeout(Duration::from_secs(2)) {
        let payload = request.split("\r\n\r\n").nth(1).expect("a body");
        let payload: Value = serde_json::from_str(payload).expect("JSON");
        let word = |name: &str| payload["event"][name].as_str().unwrap_or_default().to_owned();
        events.push(format!("{} {}", word("action"), word("scope")));
        if events.len() == 7 {
            break;
        }
    }
    assert_eq!(
        events,
        [
            "create repo",
            "update repo.config",
            "update repo.content",
            "create discussion",
            "create discussion.comment",
            "move repo",
            "delete repo",
        ]
    );
    let state = hub.world().state();
    let kinds: Vec<&str> =
        state.audit_log["acme"].iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["repo.create", "repo.update_settings", "repo.move", "repo.delete"]);
    assert!(state.audit_log["acme"].iter().all(|event| event.author.as_deref() == Some("alice")));
}
