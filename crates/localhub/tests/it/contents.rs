//! Where contents are and how they come and go: resolve, ranges, large files, signed URLs.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use serde_json::json;

use crate::{
    stage::{Reply, Stage, send},
    support::Fixture,
};

/// SHA-256 by the system's own program.
fn sha256(content: &[u8]) -> String {
    let mut child = Command::new("sha256sum")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("sha256sum");
    child.stdin.take().expect("its input").write_all(content).expect("read");
    let output = child.wait_with_output().expect("an end");
    String::from_utf8_lossy(&output.stdout).split(' ').next().unwrap_or_default().to_owned()
}

/// Sends content to large storage as git-lfs does, and gives the batch's answer.
fn upload(stage: &Stage, content: &[u8], transfers: &[&str]) -> Reply {
    let batch = json!({
        "operation": "upload", "transfers": transfers, "hash_algo": "sha256",
        "objects": [{ "oid": sha256(content), "size": content.len() }],
    });
    stage.ask(&stage.alice, "POST", "/alice/m.git/info/lfs/objects/batch", batch)
}

fn large_line(path: &str, content: &[u8]) -> serde_json::Value {
    json!({ "key": "lfsFile", "value": {
        "path": path, "algo": "sha256", "oid": sha256(content), "size": content.len()
    } })
}

#[test]
fn a_file_of_git_is_found_by_a_redirect_of_the_same_origin() {
    let stage = Stage::new();
    stage.create("m", true);
    let line = json!({ "key": "file", "value": {
        "path": "a b.txt", "content": "aGVsbG8K", "encoding": "base64"
    } });
    let commit = stage.commit("alice/m", "main", &[line]).json()["commitOid"].clone();
    let path = "/alice/m/resolve/main/a%20b.txt";
    let head = stage.ask(&stage.alice, "HEAD", path, json!(null));
    assert_eq!(head.status, 307, "{head:?}");
    assert_eq!(head.header("x-repo-commit"), commit);
    assert_eq!(head.header("x-linked-size"), "6");
    let place = head.header("location").to_owned();
    assert!(place.starts_with("/api/resolve-cache/models/alice/m/"), "{place}");
    let whole = stage.ask(&stage.alice, "GET", &place, json!(null));
    assert_eq!((whole.status, whole.body.as_slice()), (200, b"hello\n".as_slice()));
    assert_eq!(whole.header("etag"), head.header("etag"));
    let url = format!("{}{place}", stage.hub.endpoint());
    let bearer = ("authorization", format!("Bearer {}", stage.alice));
    let part = send("GET", &url, &[bearer.clone(), ("range", "bytes=1-3".to_owned())], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, b"ell".as_slice()));
    assert_eq!(part.header("content-range"), "bytes 1-3/6");
    let known = ("if-none-match", whole.header("etag").to_owned());
    assert_eq!(send("GET", &url, &[bearer, known], b"").status, 304);
    assert_eq!(stage.ask(&stage.bob, "GET", &place, json!(null)).status, 404);
}

#[test]
fn a_large_file_travels_by_signed_urls_that_take_no_credential() {
    let stage = Stage::new();
    stage.create("m", true);
    let content: Vec<u8> = (0_u32..100_000).flat_map(u32::to_be_bytes).collect();
    let missing = stage.commit("alice/m", "main", &[large_line("w.bin", &content)]);
    assert_eq!(missing.status, 400, "{missing:?}");
    let answer = upload(&stage, &content, &["basic"]).json();
    let actions = &answer["objects"][0]["actions"];
    let url = actions["upload"]["href"].as_str().expect("a URL");
    assert!(url.starts_with(stage.hub.cdn()), "{url}");
    let bearer = ("authorization", format!("Bearer {}", stage.alice));
    assert_eq!(send("PUT", url, std::slice::from_ref(&bearer), b"x").status, 400);
    assert_eq!(send("PUT", url, &[], &content[1..]).status, 400, "other content was taken");
    assert_eq!(send("PUT", &url.replace("PutObject", "GetObject"), &[], b"x").status, 403);
    assert_eq!(send("GET", url, &[], b"").status, 403, "an upload's URL downloads");
    assert_eq!(send("PUT", url, &[], &content).status, 200);
    let verify = actions["verify"]["href"].as_str().expect("a URL");
    let body = json!({ "oid": sha256(&content), "size": content.len() }).to_string();
    assert_eq!(send("POST", verify, std::slice::from_ref(&bearer), body.as_bytes()).status, 200);
    assert_eq!(stage.commit("alice/m", "main", &[large_line("w.bin", &content)]).status, 200);
    let head = stage.ask(&stage.alice, "HEAD", "/alice/m/resolve/main/w.bin", json!(null));
    assert_eq!(head.status, 302, "{head:?}");
    assert_eq!(head.header("x-linked-size"), content.len().to_string());
    assert_eq!(head.header("x-linked-etag"), format!("\"{}\"", sha256(&content)));
    let place = head.header("location").to_owned();
    assert_eq!(send("GET", &place, &[], b"").body, content);
    let part = send("GET", &place, &[("range", "bytes=-4".to_owned())], b"");
    assert_eq!((part.status, part.body.as_slice()), (206, &content[content.len() - 4..]));
    assert_eq!(send("GET", &place, std::slice::from_ref(&bearer), b"").status, 400);
    let later = place.replace("expires=1", "expires=2");
    assert_eq!(send("GET", &later, &[], b"").status, 403, "an expiry can be put off");
    let raw = stage.ask(&stage.alice, "GET", "/alice/m/raw/main/w.bin", json!(null));
    assert!(raw.body.starts_with(b"version https://git-lfs.github.com/spec/v1\n"));
    assert!(upload(&stage, &content, &["basic"]).json()["objects"][0]["actions"].is_null());
}

#[test]
fn parts_are_joined_by_whoever_has_the_url_of_the_end() {
    let stage = Stage::new();
    stage.create("m", true);
    let content: Vec<u8> = (0_u32..300_000).flat_map(u32::to_be_bytes).collect();
    let answer = upload(&stage, &content, &["basic", "multipart"]).json();
    assert_eq!(answer["transfer"], "multipart");
    let upload = &answer["objects"][0]["actions"]["upload"];
    let length: usize =
        upload["header"]["chunk_size"].as_str().and_then(|s| s.parse().ok()).unwrap();
    let mut parts = Vec::new();
    for (index, chunk) in content.chunks(length).enumerate() {
        let url = upload["header"][format!("{:05}", index + 1)].as_str().expect("a URL");
        let reply = send("PUT", url, &[], chunk);
        assert_eq!(reply.status, 200, "{reply:?}");
        parts.push(json!({ "partNumber": index + 1, "etag": reply.header("etag") }));
    }
    let end = upload["href"].as_str().expect("a URL");
    let body = |parts: &[serde_json::Value]| {
        json!({ "oid": sha256(&content), "parts": parts }).to_string().into_bytes()
    };
    assert_eq!(send("POST", end, &[], &body(&parts[1..])).status, 400, "a part is missing");
    assert_eq!(send("POST", &format!("{end}0"), &[], &body(&parts)).status, 403);
    assert_eq!(send("POST", end, &[], &body(&parts)).status, 200);
    assert_eq!(stage.commit("alice/m", "main", &[large_line("w.bin", &content)]).status, 200);
}

#[test]
fn contents_of_one_repository_are_not_anothers() {
    let stage = Stage::new();
    stage.create("m", true);
    let content = b"a secret that somebody else cannot have by its id".repeat(10);
    let answer = upload(&stage, &content, &["basic"]).json();
    let url = answer["objects"][0]["actions"]["upload"]["href"].as_str().expect("a URL").to_owned();
    assert_eq!(send("PUT", &url, &[], &content).status, 200);
    let created = stage.ask(&stage.bob, "POST", "/api/repos/create", json!({ "name": "m" }));
    assert_eq!(created.status, 200);
    let object = json!([{ "oid": sha256(&content), "size": content.len() }]);
    let batch = |operation| json!({ "operation": operation, "objects": object });
    let path = "/bob/m.git/info/lfs/objects/batch";
    let down = stage.ask(&stage.bob, "POST", path, batch("download")).json();
    assert_eq!(down["objects"][0]["error"]["code"], 404, "{down}");
    let up = stage.ask(&stage.bob, "POST", path, batch("upload")).json();
    assert!(up["objects"][0]["actions"]["upload"].is_object(), "{up}");
    let of_alice = "/alice/m.git/info/lfs/objects/batch";
    assert_eq!(stage.ask(&stage.bob, "POST", of_alice, batch("download")).status, 404);
}

#[test]
fn a_signed_url_ends_with_its_hour() {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    assert_eq!(hub.post("/api/repos/create", &token, &json!({ "name": "m" })).status, 200);
    let content = b"large";
    let batch = json!({ "operation": "upload", "objects": [
        { "oid": sha256(content), "size": content.len() }
    ] });
    let answer = hub.post("/alice/m.git/info/lfs/objects/batch", &token, &batch);
    let url = answer.body["objects"][0]["actions"]["upload"]["href"].as_str().expect("a URL");
    hub.pass(3599);
    assert_eq!(send("PUT", url, &[], content).status, 200);
    hub.pass(2);
    assert_eq!(send("PUT", url, &[], content).status, 403);
}
