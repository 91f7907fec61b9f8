//! git and git-lfs.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::stage::{Stage, say};

/// git, away from the settings of whoever runs the tests.
fn git(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_TERMINAL_PROMPT", "0");
    for role in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{role}_NAME"), "a");
        command.env(format!("GIT_{role}_EMAIL"), "a@example.test");
    }
    command
}

fn git_says(folder: &Path, arguments: &[&str]) -> String {
    say(&mut git(folder, arguments)).trim().to_owned()
}

fn git_fails(folder: &Path, arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = git(folder, arguments).output().expect("git");
    assert!(!status.success(), "{arguments:?}");
    String::from_utf8_lossy(&stderr).into_owned()
}

/// The address of a repository for git, with a lease as its password, or as its user's name.
fn remote(stage: &Stage, credential: &str, repo: &str) -> String {
    let endpoint = stage.wire.endpoint();
    format!("http://{credential}@{}/{repo}", endpoint.trim_start_matches("http://"))
}

/// Makes a repository of alice's.
fn create(stage: &Stage, name: &str) {
    let address = format!("{}/api/repos/create", stage.wire.endpoint());
    let (body, own) =
        (format!("{{\"name\":\"{name}\"}}"), format!("Authorization: Bearer {}", stage.alice));
    let kind = "Content-Type: application/json";
    let said =
        say(Command::new("curl").args(["-sSf", "-H", &own, "-H", kind, "-d", &body, &address]));
    assert!(said.contains(&format!("{}/alice/{name}", stage.wire.endpoint())), "{said}");
}

#[test]
fn git_clones_pushes_and_fetches() {
    let stage = Stage::new();
    create(&stage, "m");
    let (work, other) = (stage.folder("work"), stage.folder("other"));
    let as_password = remote(&stage, &format!("any:{}", stage.alice), "alice/m");
    let as_user = remote(&stage, &format!("{}:", stage.alice), "alice/m.git");
    git_says(&work, &["clone", "--quiet", &as_password, "."]);
    git_says(&other, &["clone", "--quiet", &as_user, "."]);
    // More than git sends in one piece, so that it asks first and sends in chunks.
    let noise: Vec<u8> = std::iter::repeat_with(rand::random::<u8>).take(3_000_000).collect();
    fs::write(work.join("noise"), &noise).expect("a file");
    git_says(&work, &["add", "."]);
    git_says(&work, &["commit", "--quiet", "-m", "Noise"]);
    git_says(
        &work,
        &["push", "--quiet", "origin", "main", "main:refs/heads/feat/x", "HEAD:refs/tags/v1"],
    );
    git_says(&other, &["fetch", "--quiet", "--tags"]);
    let pushed = git_says(&work, &["rev-parse", "main"]);
    assert_eq!(git_says(&other, &["rev-parse", "v1"]), pushed);
    git_says(&other, &["merge", "--quiet", "origin/feat/x"]);
    assert!(fs::read(other.join("noise")).expect("a file") == noise, "the content came back");
    git_says(&work, &["push", "--quiet", "origin", ":feat/x"]);
    stage.assert_is_sound();
}

#[test]
fn git_is_told_what_its_lease_lacks() {
    let stage = Stage::new();
    create(&stage, "m");
    let (reader, id) = stage.lease("alice", &["read:alice/m"]);
    let work = stage.folder("work");
    let address = remote(&stage, &format!("any:{reader}"), "alice/m");
    git_says(&work, &["clone", "--quiet", &address, "."]);
    git_says(&work, &["commit", "--quiet", "--allow-empty", "-m", "Mine"]);
    let said = git_fails(&work, &["push", "origin", "main"]);
    assert!(said.contains("write:alice/m"), "{said}");
    assert!(!said.contains("not found"), "{said}");
    stage.book.revoke(id, "a test", bearhug_broker::Ending::Cut).expect("a lease");
    let said = git_fails(&work, &["fetch", "origin"]);
    assert!(said.contains("Authentication failed"), "{said}");
    stage.assert_is_sound();
}

#[test]
fn git_lfs_pushes_and_pulls() {
    let stage = Stage::new();
    create(&stage, "m");
    let work = stage.folder("work");
    let address = remote(&stage, &format!("any:{}", stage.alice), "alice/m");
    git_says(&work, &["clone", "--quiet", &address, "."]);
    git_says(&work, &["lfs", "install", "--local"]);
    let content: Vec<u8> = (0_u32..300_000).flat_map(u32::to_le_bytes).collect();
    fs::write(work.join("weights.bin"), &content).expect("a file");
    git_says(&work, &["add", "."]);
    git_says(&work, &["commit", "--quiet", "-m", "Weights"]);
    git_says(&work, &["push", "--quiet", "origin", "main"]);
    let again = stage.folder("again");
    let smudge = ["-c", "filter.lfs.smudge=git-lfs smudge -- %f"];
    let clone = ["-c", "filter.lfs.required=true", "clone", "--quiet", &address, "."];
    git_says(&again, &[&smudge[..], &clone[..]].concat());
    assert!(fs::read(again.join("weights.bin")).expect("a file") == content, "it came back");
    stage.assert_is_sound();
}
