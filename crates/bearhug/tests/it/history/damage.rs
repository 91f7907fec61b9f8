//! What is not there, cannot be read or is there too often, in a history and in parts of it.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

/// A repository with three commits, the second of which adds a token that the third does not touch.
fn repository() -> (TestEnvironment, String) {
    let env = TestEnvironment::new();
    let token = Forge::new(19).token();
    env.git(["init", "-q", "-b", "main"]);
    for (name, content) in [("a", "1"), ("d/f", &token), ("b", "2")] {
        env.write(name, content);
        env.git(["add", "."]);
        env.git(["commit", "-q", "-m", name]);
    }
    env.git(["tag", "base", "HEAD~2"]);
    (env, token)
}

/// The file of a loose object.
fn object(env: &TestEnvironment, revision: &str) -> PathBuf {
    let id = env.git(["rev-parse", revision]);
    env.path(".git/objects").join(&id[..2]).join(id[2..].trim())
}

fn scan(env: &TestEnvironment, arguments: &[&str]) -> Outcome {
    env.run([&["scan", "--format", "jsonl"], arguments].concat())
}

fn reasons(outcome: &Outcome) -> Vec<String> {
    outcome.gaps().into_iter().map(|(_, reason)| reason).collect()
}

const PARTS: [&[&str]; 3] =
    [&["--branch", "main"], &["--since", "1990-01-01"], &["--range", "base..HEAD"]];

#[test]
fn what_a_part_lacks_is_a_gap() {
    for lost in ["HEAD~", "HEAD~^{tree}", "HEAD~:d", "HEAD~:d/f"] {
        let (env, _) = repository();
        fs::remove_file(object(&env, lost)).unwrap();
        for part in PARTS {
            let outcome = scan(&env, part);
            assert_eq!(reasons(&outcome), ["absent_objects"], "{lost} {part:?}");
            assert_eq!(outcome.summary()["coverage"]["missing"], 1, "{lost} {part:?}");
        }
    }
}

#[test]
fn what_of_a_part_cannot_be_read_is_a_gap() {
    for broken in ["HEAD~", "HEAD~^{tree}", "HEAD~:d/f"] {
        let (env, _) = repository();
        let file = object(&env, broken);
        fs::remove_file(&file).unwrap();
        fs::write(&file, "nonsense").unwrap();
        for part in PARTS {
            let reasons = reasons(&scan(&env, part));
            assert!(reasons.contains(&"unreadable".to_owned()), "{broken} {part:?}: {reasons:?}");
        }
    }
    // A pack whose index is cut off, and a commit beside it.
    let (env, _) = repository();
    env.git(["gc", "-q"]);
    env.git(["tag", "-d", "base"]);
    env.git(["update-ref", "-d", "HEAD"]);
    env.git(["read-tree", "--empty"]);
    env.git(["commit", "-q", "--allow-empty", "-m", "beside"]);
    let packs = fs::read_dir(env.path(".git/objects/pack")).unwrap();
    let mut files = packs.map(|file| file.unwrap().path());
    let index = files.find(|path| path.extension().is_some_and(|e| e == "idx")).unwrap();
    let bytes = fs::read(&index).unwrap();
    fs::remove_file(&index).unwrap();
    fs::write(&index, &bytes[..500]).unwrap();
    for part in &PARTS[..2] {
        assert_eq!(reasons(&scan(&env, part)), ["unreadable"], "{part:?}");
    }
}

#[test]
fn what_a_clone_left_out_is_a_gap_of_each_part() {
    let (env, _) = repository();
    env.git(["config", "uploadpack.allowFilter", "true"]);
    let address = format!("file://{}", env.work().display());
    let other = TestEnvironment::new();
    other.git(["clone", "-q", "--bare", "--filter=tree:0", &address, "x.git"]);
    let mut command = other.command("git");
    command.current_dir(other.path("x.git")).env("GIT_NO_LAZY_FETCH", "1");
    command.args(["rev-list", "--objects", "--all", "--missing=print"]);
    let missing = Outcome::of(command).stdout().lines().filter(|l| l.starts_with('?')).count();
    for part in &PARTS[..2] {
        let outcome = scan(&other, &[part, &["x.git", "--strict"][..]].concat()).exits(6);
        assert_eq!(reasons(&outcome), ["absent_objects"], "{part:?}");
        assert_eq!(outcome.summary()["coverage"]["missing"], missing, "{part:?}");
    }
    other.git(["clone", "-q", "--bare", "--depth=1", &address, "y.git"]);
    let outcome = scan(&other, &["--branch", "main", "y.git"]).exits(3);
    assert_eq!(reasons(&outcome), ["shallow_history"]);
}

#[test]
fn nothing_is_said_to_come_or_go_where_a_tree_is_not_there() {
    for lost in ["HEAD~^{tree}", "HEAD~:d", "HEAD~"] {
        let (env, token) = repository();
        env.write("a", "other");
        env.git(["commit", "-q", "-am", "a"]);
        env.write("d/g", "other");
        env.git(["add", "."]);
        env.git(["commit", "-q", "-m", "d/g"]);
        env.write("d/g", "another");
        env.git(["commit", "-q", "-am", "d/g"]);
        let brought = env.git(["rev-parse", "HEAD~4"]);
        fs::remove_file(object(&env, lost)).unwrap();
        let findings = scan(&env, &["."]).findings();
        assert_eq!(findings[0]["fingerprint"], fingerprint(&token));
        let seen = findings[0]["sightings"].as_array().unwrap();
        assert_eq!(seen.len(), 1, "{lost}: {seen:#?}");
        assert_eq!(seen[0]["commit"], brought.trim(), "{lost}");
        assert_eq!(seen[0]["removed"], Value::Null, "{lost}");
    }
}

#[test]
fn a_token_in_more_places_than_can_be_counted_ends() {
    let env = TestEnvironment::new();
    let token = Forge::new(20).token();
    env.git(["init", "-q", "-b", "main"]);
    env.git(["commit", "-q", "--allow-empty", "-m", "first"]);
    let fed = |arguments: &[&str], input: &str| {
        let mut command = env.command("git");
        command.args(arguments);
        Outcome::fed(command, input.as_bytes()).exits(0).stdout().trim().to_owned()
    };
    let blob = fed(&["hash-object", "-w", "--stdin"], &token);
    let clean = fed(&["hash-object", "-w", "--stdin"], "clean");
    for (name, leaf) in [("many", &blob), ("none", &clean)] {
        let entries = |kind: &str, id: &str| {
            let lines: Vec<_> = (0..10).map(|n| format!("{kind} {id}\tx{n}\n")).collect();
            lines.concat()
        };
        let mut tree = fed(&["mktree"], &entries("100644 blob", leaf));
        for _ in 0..9 {
            tree = fed(&["mktree"], &entries("040000 tree", &tree));
        }
        let commit = env.git(["commit-tree", &tree, "-p", "HEAD", "-m", name]);
        env.git(["update-ref", &format!("refs/heads/{name}"), commit.trim()]);
    }
    for arguments in ["--range main..many", "--range main..none", "."] {
        let limit = format!("ulimit -v 4194304; exec \"$0\" scan --format jsonl {arguments}");
        let mut command = env.command("sh");
        command.args(["-c", &limit]).arg(env!("CARGO_BIN_EXE_bearhug"));
        let outcome = Outcome::of(command);
        if arguments.ends_with("none") {
            assert_eq!((outcome.findings().len(), outcome.gaps().len()), (0, 0));
            continue;
        }
        assert_eq!(outcome.fingerprints(), [fingerprint(&token)]);
        assert_eq!(reasons(&outcome), ["sightings_cut"]);
        let findings = outcome.findings();
        let seen = findings[0]["sightings"].as_array().unwrap();
        assert!(seen.len() <= 10_000 && seen.iter().all(|seen| seen["reach"] == "ref"));
    }
}
