//! How the Hub says no: what clients tell errors apart by.

use bearhug_localhub::{RepoKind, RepoName};
use serde_json::{Value, json};

use crate::stage::{Reply, Stage, wait};

fn said(reply: &Reply) -> (u16, String) {
    (reply.status, reply.header("x-error-code").to_owned())
}

fn is(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn what_is_not_there_and_what_may_not_be_seen_look_alike() {
    let stage = Stage::new();
    stage.create("private", true);
    stage.create("public", false);
    let ask = |token: &str, path: &str| said(&stage.ask(token, "GET", path, Value::Null));
    for repo in ["alice/private", "alice/none"] {
        let api = format!("/api/models/{repo}");
        let file = format!("/{repo}/resolve/main/x");
        assert_eq!(ask(&stage.bob, &api), is(404, "RepoNotFound"), "{api}");
        assert_eq!(ask(&stage.bob, &file), is(404, "RepoNotFound"), "{file}");
        assert_eq!(ask("", &api), is(401, "RepoNotFound"), "{api}");
    }
    assert_eq!(ask("", "/api/models/alice/public"), is(200, ""));
    assert_eq!(ask("wrong", "/api/models/alice/public"), is(401, ""), "a bad token helps");
    assert_eq!(ask("", "/alice/public/resolve/main/none"), is(404, "EntryNotFound"));
    assert_eq!(ask("", "/alice/public/resolve/none/x"), is(404, "RevisionNotFound"));
    assert_eq!(ask("", "/api/models/alice/public/tree/main/none"), is(404, "EntryNotFound"));
    for revision in ["-x", "main:.gitattributes", "main%5E%7Btree%7D", "%40%7B1%7D", "main~1"] {
        let path = format!("/api/models/alice/public/revision/{revision}");
        assert_eq!(ask("", &path), is(404, "RevisionNotFound"), "{revision}");
    }
}

#[test]
fn a_gate_opens_for_those_who_were_let_in() {
    let stage = Stage::new();
    stage.create("gated", false);
    let settings = "/api/models/alice/gated/settings";
    let change = stage.ask(&stage.alice, "PUT", settings, json!({ "gated": "manual" }));
    assert_eq!(change.json()["gated"], "manual");
    let check = |token: &str| {
        said(&stage.ask(token, "GET", "/api/models/alice/gated/auth-check", Value::Null))
    };
    assert_eq!(check(&stage.bob), is(403, "GatedRepo"));
    assert_eq!(check(""), is(401, "GatedRepo"));
    let attributes = ".gitattributes";
    let info =
        stage.ask(&stage.bob, "GET", "/api/models/alice/gated/tree/main", Value::Null).json();
    assert_eq!(info[0]["path"], attributes);
    for path in [
        format!("/alice/gated/resolve/main/{attributes}"),
        format!("/alice/gated/raw/main/{attributes}"),
        format!("/api/resolve-cache/models/alice/gated/main/{attributes}"),
        "/api/models/alice/gated/compare/main..main".to_owned(),
        "/api/models/alice/gated/jwt".to_owned(),
        "/api/models/alice/gated/xet-read-token/main".to_owned(),
        "/alice/gated/info/refs?service=git-upload-pack".to_owned(),
    ] {
        let reply = stage.ask(&stage.bob, "GET", &path, Value::Null);
        assert_eq!(said(&reply), is(403, "GatedRepo"), "{path}");
    }
    assert_eq!(check(&stage.alice), is(200, ""));
    let asked = stage.ask(&stage.bob, "POST", "/alice/gated/ask-access", json!({ "why": "work" }));
    assert_eq!(asked.status, 303);
    assert_eq!(check(&stage.bob), is(403, "GatedRepo"));
    let list = "/api/models/alice/gated/user-access-request/pending";
    assert_eq!(stage.ask(&stage.bob, "GET", list, Value::Null).status, 403);
    let pending = stage.ask(&stage.alice, "GET", list, Value::Null).json();
    assert_eq!(pending[0]["user"]["user"], "bob");
    assert_eq!(pending[0]["fields"]["why"], "work");
    let handle = "/api/models/alice/gated/user-access-request/handle";
    let accept = json!({ "user": "bob", "status": "accepted" });
    assert_eq!(stage.ask(&stage.bob, "POST", handle, accept.clone()).status, 403);
    assert_eq!(stage.ask(&stage.alice, "POST", handle, accept).status, 200);
    assert_eq!(check(&stage.bob), is(200, ""));
}

#[test]
fn a_commit_that_is_refused_leaves_nothing_behind() {
    let stage = Stage::new();
    stage.create("m", false);
    let file = |path: &str| json!({ "key": "file", "value": { "path": path, "content": "x", "encoding": "utf-8" } });
    let before = stage.ask("", "GET", "/api/models/alice/m", Value::Null).json()["sha"].clone();
    for path in ["../x", "/x", "a//b", ".git/config", "a/./b", "", "a\nb"] {
        let reply = stage.commit("alice/m", "main", &[file("good.txt"), file(path)]);
        assert_eq!(reply.status, 400, "{path:?}: {reply:?}");
    }
    let deletion = json!({ "key": "deletedFile", "value": { "path": "none" } });
    let reply = stage.commit("alice/m", "main", &[file("good.txt"), deletion]);
    assert_eq!(said(&reply), is(404, "EntryNotFound"));
    assert_eq!(said(&stage.commit("alice/m", "none", &[file("a")])), is(404, "RevisionNotFound"));
    let stale = format!(
        "{}\n{}\n",
        json!({ "key": "header", "value": { "summary": "s", "parentCommit": "0".repeat(40) } }),
        file("a")
    );
    let path = "/api/models/alice/m/commit/main";
    let ndjson = ("application/x-ndjson", stale.as_bytes());
    assert_eq!(stage.send(&stage.alice, "POST", path, ndjson).status, 412);
    assert_eq!(stage.send(&stage.bob, "POST", path, ndjson).status, 403);
    assert_eq!(stage.send("", "POST", path, ndjson).status, 401);
    let pull = format!("{path}?create_pr=1");
    let header = json!({ "key": "header", "value": { "summary": "s" } });
    let bad = format!("{header}\n{}\n{}\n", file("a"), file("../a"));
    let ndjson = ("application/x-ndjson", bad.as_bytes());
    assert_eq!(stage.send(&stage.bob, "POST", &pull, ndjson).status, 400);
    let talk = stage.ask("", "GET", "/api/models/alice/m/discussions", Value::Null);
    assert_eq!(talk.json()["count"], 0);
    let after = stage.ask("", "GET", "/api/models/alice/m", Value::Null).json()["sha"].clone();
    assert_eq!(before, after);
}

#[test]
fn a_moved_repository_is_found_by_its_former_name_by_those_who_may_know_it() {
    let stage = Stage::new();
    stage.create("old", true);
    let wish = json!({ "fromRepo": "alice/old", "toRepo": "alice/new", "type": "model" });
    assert_eq!(stage.ask(&stage.bob, "POST", "/api/repos/move", wish.clone()).status, 404);
    assert_eq!(stage.ask(&stage.alice, "POST", "/api/repos/move", wish).status, 200);
    let path = "/api/models/alice/old/tree/refs%2Fheads%2Fmain?recursive=true";
    let reply = stage.ask(&stage.alice, "GET", path, Value::Null);
    assert_eq!(reply.status, 307);
    assert_eq!(
        reply.header("location"),
        "/api/models/alice/new/tree/refs%2Fheads%2Fmain?recursive=true"
    );
    assert_eq!(stage.ask(&stage.bob, "GET", path, Value::Null).status, 404);
}

#[test]
fn a_name_of_one_word_leads_to_where_it_went() {
    let stage = Stage::new();
    let repo = RepoName::new(RepoKind::Model, "alice", "tiny").expect("a name");
    let world = stage.hub.world();
    wait(world.add_repo(&repo, "alice", false)).expect("a repository");
    wait(world.add_file(&repo, "config.json", b"{}")).expect("a file");
    world.alias_repo("tiny", &repo);
    let reply = stage.ask("", "GET", "/tiny/resolve/main/config.json", Value::Null);
    assert_eq!(
        (reply.status, reply.header("location")),
        (307, "/alice/tiny/resolve/main/config.json")
    );
    let reply = stage.ask("", "GET", "/api/models/tiny/revision/main", Value::Null);
    assert_eq!(reply.header("location"), "/api/models/alice/tiny/revision/main");
}
