//! Answers about repositories, held against the Hub's own description of them.

use serde_json::{Value, json};

use crate::support::{Answer, Fixture};

/// A repository of alice's with a file, a branch, a tag, a discussion and a pull request.
fn prepared() -> (Fixture, String) {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    let post = |path: &str, body: Value| {
        let answer = hub.post(path, &token, &body);
        assert!(answer.status < 300, "{path}: {answer:?}");
        answer
    };
    let created = post("/api/repos/create", json!({ "name": "m", "private": true }));
    hub.assert_fits(&created, "post", "/api/repos/create");
    let lines = [
        json!({ "key": "header", "value": { "summary": "A file" } }),
        json!({ "key": "file", "value": {
            "path": "folder/a.txt", "content": "text", "encoding": "utf-8"
        } }),
    ];
    let lines = lines.map(|line| line.to_string()).join("\n");
    let commit = |path: &str| {
        // The body is lines of JSON and not one value, so that it is sent as a string is.
        let url = format!("{}{path}", hub.endpoint());
        let bearer = ("authorization", format!("Bearer {token}"));
        let reply = crate::stage::send("POST", &url, &[bearer], lines.as_bytes());
        Answer { status: reply.status, body: reply.json(), headers: reply.headers }
    };
    let api = "/api/models/alice/m";
    let of = "/api/models/{namespace}/{repo}/commit/{rev}";
    hub.assert_fits(&commit(&format!("{api}/commit/main")), "post", of);
    hub.assert_fits(&commit(&format!("{api}/commit/main?create_pr=1")), "post", of);
    post(&format!("{api}/branch/feat%2Fx"), json!({}));
    post(&format!("{api}/tag/main"), json!({ "tag": "v1" }));
    (hub, token)
}

#[test]
fn reading_answers_fit() {
    let (hub, token) = prepared();
    let of_repo = "/api/models/{namespace}/{repo}";
    for (path, of) in [
        ("/tree/main?recursive=true", "/tree/{rev}/{path}"),
        ("/tree/main/folder?expand=true", "/tree/{rev}/{path}"),
        ("/refs?include_prs=1", "/refs"),
        ("/commits/main?expand=formatted", "/commits/{rev}"),
        ("/compare/main~..main", "/compare/{compare}"),
        ("/treesize/main/folder", "/treesize/{rev}/{path}"),
        ("/lfs-files", "/lfs-files"),
        ("/jwt", "/jwt"),
    ] {
        let path = path.replace("main~", "feat%2Fx");
        let mut answer = hub.get(&format!("/api/models/alice/m{path}"), &token);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        if of.starts_with("/tree/") {
            // Every client reads it, and the description forbids it.
            for entry in answer.body.as_array_mut().expect("a list") {
                assert!(entry.as_object_mut().and_then(|e| e.remove("path")).is_some());
            }
        }
        hub.assert_fits(&answer, "get", &format!("{of_repo}{of}"));
    }
    let paths = json!({ "paths": ["folder", "folder/a.txt"], "expand": true });
    let answer = hub.post("/api/models/alice/m/paths-info/main", &token, &paths);
    assert_eq!(answer.body.as_array().map(Vec::len), Some(2));
    hub.assert_fits(&answer, "post", &format!("{of_repo}/paths-info/{{rev}}"));
}

#[test]
fn discussions_fit() {
    let (hub, token) = prepared();
    let (api, of) =
        ("/api/models/alice/m/discussions", "/api/{repoType}/{namespace}/{repo}/discussions");
    let new = json!({ "title": "A question", "description": "How?" });
    hub.assert_fits(&hub.post(api, &token, &new), "post", of);
    hub.assert_fits(&hub.get(api, &token), "get", of);
    let comment = hub.post(&format!("{api}/2/comment"), &token, &json!({ "comment": "So." }));
    hub.assert_fits(&comment, "post", &format!("{of}/{{num}}/comment"));
    let title = hub.post(&format!("{api}/2/title"), &token, &json!({ "title": "An answer" }));
    hub.assert_fits(&title, "post", &format!("{of}/{{num}}/title"));
    let status = hub.post(&format!("{api}/2/status"), &token, &json!({ "status": "closed" }));
    hub.assert_fits(&status, "post", &format!("{of}/{{num}}/status"));
    let merged = hub.post(&format!("{api}/1/merge"), &token, &json!({}));
    assert_eq!(merged.status, 200, "{merged:?}");
    for number in ["1", "2"] {
        let answer = hub.get(&format!("{api}/{number}?diff=1"), &token);
        hub.assert_fits(&answer, "get", &format!("{of}/{{num}}"));
    }
}

#[test]
fn changing_answers_fit() {
    let (hub, token) = prepared();
    let of_repo = "/api/models/{namespace}/{repo}";
    let api = "/api/models/alice/m";
    let file = json!({ "path": "a.bin", "size": 3, "sample": "AAAA" });
    let answer = hub.post(&format!("{api}/preupload/main"), &token, &json!({ "files": [file] }));
    assert_eq!(answer.body["files"][0]["uploadMode"], "lfs");
    hub.assert_fits(&answer, "post", &format!("{of_repo}/preupload/{{rev}}"));
    let answer = hub.post(&format!("{api}/super-squash/main"), &token, &json!({}));
    hub.assert_fits(&answer, "post", &format!("{of_repo}/super-squash/{{rev}}"));
    let settings = json!({ "gated": "manual", "private": false, "discussionsDisabled": true });
    let answer = hub.ask("PUT", &format!("{api}/settings"), &token, Some(&settings));
    hub.assert_fits(&answer, "put", &format!("{of_repo}/settings"));
    let bob = hub.write_token("bob");
    assert_eq!(hub.post("/alice/m/ask-access", &bob, &json!({})).status, 303);
    let answer = hub.get(&format!("{api}/user-access-request/pending"), &token);
    assert_eq!(answer.body.as_array().map(Vec::len), Some(1));
    let again = hub.post("/api/repos/create", &token, &json!({ "name": "m" }));
    assert_eq!(again.status, 409);
    hub.assert_fits(&again, "post", "/api/repos/create");
    let space = json!({ "name": "s", "type": "space", "sdk": "static" });
    assert_eq!(hub.post("/api/repos/create", &token, &space).status, 200);
    let secret = json!({ "key": "KEY", "value": "hidden", "description": "A key" });
    assert_eq!(hub.post("/api/spaces/alice/s/secrets", &token, &secret).status, 200);
    let secrets = hub.get("/api/spaces/alice/s/secrets", &token);
    assert_eq!(secrets.body["KEY"]["description"], "A key");
    assert!(!secrets.body.to_string().contains("hidden"));
    hub.assert_fits(&secrets, "get", "/api/spaces/{namespace}/{repo}/secrets");
    let copy = json!({ "repository": "alice/copy" });
    let answer = hub.post("/api/spaces/alice/s/duplicate", &token, &copy);
    hub.assert_fits(&answer, "post", "/api/{repoType}/{namespace}/{repo}/duplicate");
    let answer = hub.get("/api/spaces/alice/copy", &token);
    assert_eq!(answer.body["sdk"], "static", "{answer:?}");
}
