//! What is in a tree and is no ordinary file.

use std::{
    fs::{self, File},
    os::unix::{fs::symlink, net::UnixListener},
    path::Path,
    process::Command,
    thread,
};

use crate::support::{Forge, Outcome, TestEnvironment};

fn mkfifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn pipes_and_sockets_that_are_met_are_gaps_and_never_opened() {
    let env = TestEnvironment::new();
    mkfifo(&env.path("pipe"));
    let _socket = UnixListener::bind(env.path("socket")).unwrap();
    env.write("file", Forge::new(1).token());
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(3);
    let special = |name: &str| (name.to_owned(), "special_file".to_owned());
    assert_eq!(outcome.gaps(), [special("pipe"), special("socket")]);
    assert_eq!(outcome.summary()["coverage"]["missing"], 2);
    assert_eq!(outcome.paths(), ["file"]);
}

#[test]
fn a_pipe_that_is_named_is_read() {
    let env = TestEnvironment::new();
    let (token, pipe) = (Forge::new(1).token(), env.path("pipe"));
    mkfifo(&pipe);
    let text = format!("\n{token}\n");
    let writer = thread::spawn(move || fs::write(pipe, text).unwrap());
    let outcome = env.run(["scan", "pipe", "--format", "jsonl"]).exits(3);
    writer.join().unwrap();
    assert_eq!(outcome.paths(), ["pipe"]);
    assert_eq!(outcome.findings()[0]["sightings"][0]["line"], 2);
}

#[test]
fn a_process_substitution_is_read() {
    let env = TestEnvironment::new();
    let token = Forge::new(1).token();
    let mut command = env.command("bash");
    command
        .args(["-c", "exec \"$0\" scan <(printf %s \"$TOKEN\") --format jsonl"])
        .arg(TestEnvironment::program())
        .env("TOKEN", &token);
    let outcome = Outcome::of(command).exits(3);
    assert!(outcome.paths()[0].starts_with("/dev/fd/"), "{outcome}");
}

#[test]
fn a_link_is_not_followed_and_its_target_is_text() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(1).tokens(3);
    fs::create_dir(env.root().join("elsewhere")).unwrap();
    fs::write(env.root().join("elsewhere/secret"), &tokens[0]).unwrap();
    env.folder("tree");
    symlink("../../elsewhere", env.path("tree/folder")).unwrap();
    symlink("../../elsewhere/secret", env.path("tree/file")).unwrap();
    symlink(format!("/nowhere/{}", tokens[1]), env.path("tree/dangling")).unwrap();
    symlink(".", env.path("tree/loop")).unwrap();
    let outcome = env.run(["scan", "tree", "--format", "jsonl"]).exits(3);
    assert_eq!(outcome.paths(), ["tree/dangling"]);
    assert_eq!(outcome.gaps(), []);
}

#[test]
fn a_link_that_is_named_is_followed() {
    let env = TestEnvironment::new();
    env.write("real/file", Forge::new(1).token());
    symlink("real", env.path("folder")).unwrap();
    symlink("real/file", env.path("file")).unwrap();
    for (root, seen) in [("folder", "folder/file"), ("file", "file"), ("folder/", "folder/file")] {
        let outcome = env.run(["scan", root, "--format", "jsonl"]).exits(3);
        assert_eq!(outcome.paths(), [seen]);
    }
    symlink("gone", env.path("dangling")).unwrap();
    env.run(["scan", "dangling"]).exits(1);
}

#[test]
fn an_empty_file_and_one_of_nuls_are_read_and_clean() {
    let env = TestEnvironment::new();
    env.write("empty", "");
    env.write("nuls", vec![0; 3_000_000]);
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(0);
    assert_eq!(outcome.summary()["coverage"]["scanned"], 2);
    assert_eq!(outcome.summary()["bytes"], 3_000_000);
    assert_eq!(outcome.gaps(), []);
}

#[test]
fn a_file_without_a_size_is_read() {
    let env = TestEnvironment::new();
    let mut command = env.bearhug();
    command
        .args(["scan", "/proc/self/environ", "--format", "jsonl"])
        .env("HF_TOKEN", Forge::new(1).token());
    let outcome = Outcome::of(command).exits(3);
    assert_eq!(outcome.paths(), ["/proc/self/environ"]);
}

#[test]
fn what_may_not_be_read_is_a_gap() {
    use std::os::unix::fs::PermissionsExt as _;
    let env = TestEnvironment::new();
    env.write("tree/open", Forge::new(1).token());
    let file = env.write("tree/shut", "x");
    env.write("tree/folder/inner", "x");
    for path in [file, env.path("tree/folder")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o000)).unwrap();
    }
    let command = env.unprivileged("exec \"$0\" scan tree --format jsonl");
    let outcome = Outcome::of(command).exits(3);
    let unreadable = |name: &str| (name.to_owned(), "unreadable".to_owned());
    assert_eq!(outcome.gaps(), [unreadable("tree/folder"), unreadable("tree/shut")]);
    assert_eq!(outcome.summary()["coverage"]["missing"], 2);
    assert!(outcome.stdout().contains("Permission denied"), "{outcome}");
    fs::set_permissions(env.path("tree/folder"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_file_of_holes_is_read_to_its_end() {
    let env = TestEnvironment::new();
    File::create(env.path("holes")).unwrap().set_len(30 << 20).unwrap();
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(0);
    assert_eq!(outcome.summary()["bytes"], 30 << 20);
}
