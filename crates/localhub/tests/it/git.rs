//! git itself: clones, pushes and git-lfs, and what the API committed as git sees it.

use std::{fs, process::Command};

use serde_json::json;

use crate::stage::{Stage, git, git_says};

/// The address of a repository for git, with a token as its password.
fn remote(stage: &Stage, token: &str, repo: &str) -> String {
    let host = stage.hub.endpoint().trim_start_matches("http://").to_owned();
    let credential = if token.is_empty() { String::new() } else { format!("any:{token}@") };
    format!("http://{credential}{host}/{repo}")
}

fn file(path: &str, content: &str) -> serde_json::Value {
    json!({ "key": "file", "value": { "path": path, "content": content, "encoding": "utf-8" } })
}

#[test]
fn what_the_api_commits_is_sound_and_what_it_says() {
    let stage = Stage::new();
    stage.create("m", true);
    let odd = "ü ñ/\"quoted\" \\ #1?.txt";
    let reply = stage.commit("alice/m", "main", &[file("a.txt", "one\n"), file(odd, "two\n")]);
    assert_eq!(reply.status, 200, "{reply:?}");
    let first = reply.json()["commitOid"].as_str().expect("an id").to_owned();
    let changes = [
        file("b/c.txt", "three\n"),
        json!({ "key": "deletedFile", "value": { "path": "a.txt" } }),
        json!({ "key": "copyFile", "value": { "path": "copy.txt", "srcPath": odd } }),
    ];
    let reply = stage.commit("alice/m", "main", &changes);
    assert_eq!(reply.status, 200, "{reply:?}");
    let bare = stage.bare("models/alice/m");
    git_says(&bare, &["fsck", "--strict", "--no-dangling"]);
    let work = stage.folder("clone");
    git_says(&work, &["clone", "--quiet", &remote(&stage, &stage.alice, "alice/m"), "."]);
    assert_eq!(git_says(&work, &["rev-parse", "HEAD~1"]), first);
    assert_eq!(git_says(&work, &["rev-parse", "HEAD"]), reply.json()["commitOid"]);
    assert_eq!(fs::read_to_string(work.join(odd)).expect("a file"), "two\n");
    assert_eq!(fs::read_to_string(work.join("copy.txt")).expect("a file"), "two\n");
    assert_eq!(fs::read_to_string(work.join("b/c.txt")).expect("a file"), "three\n");
    assert!(!work.join("a.txt").exists());
    assert_eq!(git_says(&work, &["log", "-1", "--format=%an %s"]), "alice A change");
}

#[test]
fn a_push_arrives_however_large_it_is() {
    let stage = Stage::new();
    stage.create("m", true);
    let work = stage.folder("clone");
    git_says(&work, &["clone", "--quiet", &remote(&stage, &stage.alice, "alice/m.git"), "."]);
    // More than git's buffer, so that it is sent in chunks after a probe; and noise, which stays so long.
    let noise: Vec<u8> = (0_u32..800_000)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).rotate_left(n % 31).to_le_bytes())
        .collect();
    fs::File::create(work.join("noise"))
        .and_then(|mut file| std::io::Write::write_all(&mut file, &noise))
        .expect("a file");
    git_says(&work, &["add", "."]);
    git_says(&work, &["commit", "--quiet", "-m", "Noise"]);
    git_says(&work, &["push", "--quiet", "origin", "main"]);
    let head = git_says(&work, &["rev-parse", "HEAD"]);
    let bare = stage.bare("models/alice/m");
    git_says(&bare, &["fsck", "--strict"]);
    assert_eq!(git_says(&bare, &["rev-parse", "main"]), head);
    let again = stage.folder("again");
    let other = remote(&stage, &stage.alice, "alice/m");
    git_says(&again, &["-c", "protocol.version=2", "clone", "--quiet", "--depth=1", &other, "."]);
    assert_eq!(fs::read(again.join("noise")).expect("a file"), noise);
}

#[test]
fn git_gets_no_further_than_its_credential() {
    let stage = Stage::new();
    stage.create("private", true);
    stage.create("public", false);
    let try_clone = |name: &str, token: &str, repo: &str| {
        let work = stage.folder(name);
        let output = git(&work, &["clone", "--quiet", &remote(&stage, token, repo), "."]);
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (is_done, said) = try_clone("a", "", "alice/public");
    assert!(is_done, "{said}");
    assert!(!try_clone("b", "", "alice/private").0);
    let (is_done, said) = try_clone("c", &stage.bob, "alice/private");
    assert!(!is_done && said.contains("Repository not found"), "{said}");
    let (is_done, said) = try_clone("d", "wrong", "alice/private");
    assert!(!is_done && said.contains("Authentication failed"), "{said}");
    let work = stage.folder("a");
    git_says(&work, &["remote", "set-url", "origin", &remote(&stage, &stage.bob, "alice/public")]);
    git_says(&work, &["commit", "--quiet", "--allow-empty", "-m", "Mine"]);
    let output = git(&work, &["push", "origin", "main"]);
    assert!(!output.status.success(), "bob pushed to a repository of alice's");
    let head = git_says(&stage.bare("models/alice/public"), &["log", "--format=%s", "main"]);
    assert_eq!(head, "initial commit");
}

#[test]
fn git_lfs_pushes_and_pulls() {
    let stage = Stage::new();
    stage.create("m", true);
    let work = stage.folder("clone");
    git_says(&work, &["clone", "--quiet", &remote(&stage, &stage.alice, "alice/m.git"), "."]);
    git_says(&work, &["lfs", "install", "--local"]);
    let content: Vec<u8> = (0_u32..300_000).flat_map(u32::to_le_bytes).collect();
    let path = work.join("weights.bin");
    fs::File::create(&path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &content))
        .expect("a file");
    git_says(&work, &["add", "."]);
    git_says(&work, &["commit", "--quiet", "-m", "Weights"]);
    git_says(&work, &["push", "--quiet", "origin", "main"]);
    let sum = Command::new("sha256sum").arg(&path).output().expect("sha256sum");
    let id = String::from_utf8_lossy(&sum.stdout).split(' ').next().unwrap_or_default().to_owned();
    let kept = stage.bare("models/alice/m").join("lfs/objects").join(&id[..2]).join(&id[2..4]);
    assert_eq!(fs::read(kept.join(&id)).expect("the content"), content);
    let again = stage.folder("again");
    let other = remote(&stage, &stage.alice, "alice/m.git");
    let smudge = ["-c", "filter.lfs.smudge=git-lfs smudge -- %f"];
    let clone = ["-c", "filter.lfs.required=true", "clone", "--quiet", &other, "."];
    git_says(&again, &[&smudge[..], &clone[..]].concat());
    assert_eq!(fs::read(again.join("weights.bin")).expect("the content"), content);
}
