//! Tokens in the names of files and folders.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt as _};

use crate::support::{Forge, TestEnvironment, fingerprint};

#[test]
fn a_token_in_a_name_is_found_and_the_name_is_redacted() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(1).tokens(4);
    env.write(format!("{}.txt", tokens[0]), "");
    env.write(format!("{}/deep/er", tokens[1]), &tokens[2]);
    let redacted = |token: &str| format!("hf_…{}", &token[33..]);
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(3);
    let folder = redacted(&tokens[1]);
    let mut expected =
        vec![format!("{}.txt", redacted(&tokens[0])), folder.clone(), format!("{folder}/deep/er")];
    expected.sort();
    assert_eq!(outcome.paths(), expected);
    let mut names: Vec<_> = tokens[..3].iter().map(|token| fingerprint(token)).collect();
    names.sort();
    assert_eq!(outcome.fingerprints(), names);
    for finding in outcome.findings() {
        let seen = &finding["sightings"][0];
        let in_name = finding["fingerprint"] != fingerprint(&tokens[2]);
        assert_eq!(seen["line"].is_null(), in_name, "{finding}");
        let steps = seen["origin"].as_array().unwrap();
        assert_eq!(steps.iter().any(|step| step == "name"), in_name, "{finding}");
    }
}

#[test]
fn a_root_whose_name_is_a_token_is_redacted_too() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(2).tokens(2);
    env.write(format!("{}/a", tokens[0]), &tokens[1]);
    for root in [tokens[0].clone(), format!("./{}", tokens[0]), format!("{}/a", tokens[0])] {
        let outcome = env.run(["scan", &root, "--format", "jsonl"]).exits(3);
        assert_eq!(outcome.findings().len(), 2, "{outcome}");
        assert!(!outcome.stdout().contains(&tokens[0]), "{outcome}");
    }
}

#[test]
fn a_name_that_is_no_text_is_read_all_the_same() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(3).tokens(2);
    let name = OsStr::from_bytes(b"caf\xe9-\xff.env");
    fs::write(env.work().join(name), &tokens[0]).unwrap();
    let folder = env.work().join(OsStr::from_bytes(b"\xfe"));
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("inner"), &tokens[1]).unwrap();
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(3);
    assert_eq!(outcome.paths(), ["caf\u{fffd}-\u{fffd}.env", "\u{fffd}/inner"]);
    let mut command = env.bearhug();
    command.arg("scan").arg(name).args(["--format", "jsonl"]);
    assert_eq!(crate::support::Outcome::of(command).exits(3).findings().len(), 1);
}

#[test]
fn a_name_cannot_reach_the_terminal() {
    let env = TestEnvironment::new();
    let token = Forge::new(4).token();
    env.write("\x1b[2J\x1b]0;owned\x07\r\nclean", &token);
    let outcome = env.run(["scan", "."]).exits(3);
    assert!(!outcome.out.contains(&0x1b) && !outcome.out.contains(&0x07), "{outcome}");
    assert!(outcome.stdout().contains(r"\x1b[2J\x1b]0;owned\x07\r\nclean:1:1"), "{outcome}");
    let json = env.run(["scan", ".", "--format", "jsonl"]);
    assert_eq!(json.paths(), ["\x1b[2J\x1b]0;owned\x07\r\nclean"]);
}
