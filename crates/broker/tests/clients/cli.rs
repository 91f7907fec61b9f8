//! The `hf` command of `huggingface_hub` 2: from a login with a lease to a deleted repository.

use std::{fs, process::Command};

use serde_json::Value;

use crate::{
    python,
    stage::{Stage, say},
};

/// Runs `hf` in the folder of a user who is logged in, and gives what it printed.
fn hf(stage: &Stage, arguments: &[&str]) -> String {
    let mut command = Command::new(python::program("2.4.0", "hf"));
    stage.settle(&mut command);
    say(command.args(arguments).current_dir(stage.folder("work")))
}

fn hf_json(stage: &Stage, arguments: &[&str]) -> Value {
    let said = hf(stage, &[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("JSON: {said}"))
}

#[test]
fn hf_works() {
    let stage = Stage::with_xet();
    let work = stage.folder("work");
    hf(&stage, &["auth", "login", "--token", &stage.alice]);
    assert_eq!(hf_json(&stage, &["auth", "whoami"])["user"], "alice");
    hf(&stage, &["repos", "create", "alice/m", "--private"]);
    let content: Vec<u8> = (0_u32..500_000).flat_map(u32::to_le_bytes).collect();
    fs::write(work.join("weights.safetensors"), &content).expect("a file");
    fs::create_dir(work.join("folder")).expect("a folder");
    for number in 0..30 {
        let path = work.join("folder").join(format!("{number}.txt"));
        fs::write(path, b"text\n").expect("a file");
    }
    hf(&stage, &["upload", "alice/m", "weights.safetensors"]);
    hf(&stage, &["upload", "alice/m", "folder", "folder", "--commit-message", "A folder"]);
    hf(&stage, &["repos", "branch", "create", "alice/m", "feat/x"]);
    hf(&stage, &["repos", "tag", "create", "alice/m", "v1", "-m", "The first"]);
    hf(&stage, &["repos", "tag", "delete", "alice/m", "v1", "-y"]);
    hf(&stage, &["download", "alice/m", "--revision", "feat/x", "--local-dir", "down"]);
    assert_eq!(fs::read(work.join("down/weights.safetensors")).expect("a file"), content);
    assert_eq!(fs::read(work.join("down/folder/29.txt")).expect("a file"), b"text\n");
    hf(&stage, &["discussions", "create", "alice/m", "--title", "A question", "--body", "How?"]);
    hf(&stage, &["discussions", "comment", "alice/m", "1", "--body", "So."]);
    hf(&stage, &["discussions", "close", "alice/m", "1", "-y"]);
    let listed = hf_json(&stage, &["discussions", "list", "alice/m", "--status", "closed"]);
    assert_eq!(listed[0]["title"], "A question", "{listed}");
    hf(&stage, &["repos", "delete-files", "alice/m", "folder/*.txt"]);
    hf(&stage, &["repos", "settings", "alice/m", "--public"]);
    hf(&stage, &["repos", "duplicate", "alice/m", "alice/copy"]);
    hf(&stage, &["repos", "move", "alice/copy", "alice/moved"]);
    let models = hf_json(&stage, &["models", "ls", "--author", "alice"]);
    let names: Vec<&str> =
        models.as_array().expect("a list").iter().filter_map(|m| m["id"].as_str()).collect();
    assert!(names.contains(&"alice/m") && names.contains(&"alice/moved"), "{names:?}");
    hf(&stage, &["repos", "delete", "alice/moved", "-y"]);
    hf(&stage, &["auth", "logout"]);
    stage.assert_is_sound();
}
