//! Tokens that are known and accepted for now, and lines that say so themselves.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt as _};

use serde_json::Value;

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

const BASELINE: &str = "known.json";

fn write_baseline(env: &TestEnvironment) -> Outcome {
    env.run(["scan", "tree", "--write-baseline", BASELINE]).exits(0)
}

fn scan(env: &TestEnvironment) -> Outcome {
    env.run(["scan", "tree", "--baseline", BASELINE, "--format", "jsonl"])
}

#[test]
fn a_baseline_accepts_what_was_there_and_nothing_else() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(1).tokens(4);
    env.write("tree/a", tokens[..3].join("\n"));
    write_baseline(&env);
    let outcome = scan(&env).exits(0);
    assert!(outcome.findings().is_empty());
    assert_eq!(outcome.summary()["hidden"]["baseline"], 3);
    env.write("tree/b", &tokens[3]);
    let outcome = scan(&env).exits(3);
    assert_eq!(outcome.fingerprints(), [fingerprint(&tokens[3])]);
}

#[test]
fn a_baseline_lists_fingerprints_in_order_one_a_line() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(2).tokens(5);
    env.write("tree/a", tokens.join("\n"));
    write_baseline(&env);
    let text = fs::read_to_string(env.path(BASELINE)).unwrap();
    let file: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(file["schema"], "bearhug.baseline/1");
    let mut expected: Vec<_> = tokens.iter().map(|token| fingerprint(token)).collect();
    expected.sort();
    let listed = file["accepted"].as_array().unwrap();
    let listed: Vec<_> = listed.iter().map(|e| e["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(listed, expected);
    assert_eq!(text.lines().filter(|line| line.contains("fp_")).count(), 5);
    assert!(!text.contains("tree"), "a baseline holds no paths");
}

#[test]
fn a_baseline_of_nothing_is_one() {
    let env = TestEnvironment::new();
    env.write("tree/a", "clean");
    write_baseline(&env);
    scan(&env).exits(0);
    env.write("tree/b", Forge::new(1).token());
    scan(&env).exits(3);
}

#[test]
fn a_new_baseline_takes_over_what_the_old_one_accepted() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(3).tokens(2);
    env.write("tree/a", &tokens[0]);
    write_baseline(&env);
    env.write("tree/b", &tokens[1]);
    env.run(["scan", "tree", "--baseline", BASELINE, "--write-baseline", BASELINE]).exits(0);
    scan(&env).exits(0);
}

#[test]
fn placeholders_are_accepted_as_they_come() {
    let env = TestEnvironment::new();
    env.write("tree/a", format!("hf_{}", "x".repeat(34)));
    write_baseline(&env);
    scan(&env).exits(0);
    let text = fs::read_to_string(env.path(BASELINE)).unwrap();
    assert!(!text.contains("fp_"), "{text}");
}

#[test]
fn a_baseline_survives_a_move_a_squash_and_a_rebase() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(4).tokens(3);
    env.git(["init", "-q"]);
    let commit = |message: &str| {
        env.git(["add", "."]);
        env.git(["commit", "-q", "-m", message]);
    };
    env.write("tree/config.py", format!("TOKEN = \"{}\"\n", tokens[0]));
    commit("old token");
    write_baseline(&env);
    commit("baseline");
    env.git(["switch", "-q", "-c", "work"]);
    env.git(["mv", "tree/config.py", "tree/settings.py"]);
    commit("move");
    let longer = format!("# settings\n\nif True:\n    TOKEN = \"{}\"\n", tokens[0]);
    env.write("tree/settings.py", longer);
    commit("indent");
    env.git(["switch", "-q", "main"]);
    env.write("tree/other", "other work\n");
    commit("other");
    env.git(["switch", "-q", "work"]);
    env.git(["rebase", "-q", "main"]);
    scan(&env).exits(0);
    env.git(["switch", "-q", "main"]);
    env.git(["merge", "-q", "--squash", "work"]);
    commit("squashed");
    assert!(env.path("tree/settings.py").exists() && !env.path("tree/config.py").exists());
    let outcome = scan(&env).exits(0);
    assert_eq!(outcome.summary()["hidden"]["baseline"], 1);
    env.write("tree/new", &tokens[1]);
    scan(&env).exits(3);
}

#[test]
fn two_branches_baselines_merge() {
    let env = TestEnvironment::new();
    let mut tokens = Forge::new(5).tokens(20);
    // In the order in which the baseline lists them.
    tokens.sort_by_cached_key(|token| fingerprint(token));
    let (ours, theirs) = (tokens.remove(4), tokens.remove(14));
    env.git(["init", "-q"]);
    let commit = |message: &str| {
        write_baseline(&env);
        env.git(["add", "."]);
        env.git(["commit", "-q", "-m", message]);
    };
    env.write("tree/a", tokens.join("\n"));
    commit("base");
    env.git(["switch", "-q", "-c", "other"]);
    env.write("tree/theirs", &theirs);
    commit("theirs");
    env.git(["switch", "-q", "main"]);
    env.write("tree/ours", &ours);
    commit("ours");
    env.git(["merge", "-q", "--no-edit", "other"]);
    let outcome = scan(&env).exits(0);
    assert_eq!(outcome.summary()["hidden"]["baseline"], 20);
}

#[test]
fn what_is_no_baseline_is_an_error_that_says_so() {
    let env = TestEnvironment::new();
    env.write("tree/a", Forge::new(1).token());
    write_baseline(&env);
    let good = fs::read_to_string(env.path(BASELINE)).unwrap();
    for (bad, why) in [
        (String::new(), "not a baseline's JSON"),
        ("{}".to_owned(), "missing field"),
        ("[1]".to_owned(), "not a baseline's JSON"),
        (good[..good.len() - 5].to_owned(), "not a baseline's JSON"),
        (good.replace("baseline/1", "baseline/2"), "bearhug.baseline/2"),
        (good.replace("fp_", "FP_"), "not a fingerprint"),
        (good.replace("\"kind\"", "\"sort\""), "unknown field"),
        (good.replace("fp_", "fp_2"), "not a fingerprint"),
    ] {
        env.write(BASELINE, &bad);
        let outcome = scan(&env).exits(1);
        let told = outcome.stderr();
        assert!(outcome.out.is_empty(), "{outcome}");
        assert!(told.starts_with("error: ") && told.contains("\nhint: "), "{outcome}");
        assert!(told.contains(BASELINE) && told.contains(why), "{bad}: {outcome}");
    }
    fs::write(env.path(BASELINE), b"\xff\xfe{}").unwrap();
    scan(&env).exits(1);
    fs::remove_file(env.path(BASELINE)).unwrap();
    assert!(scan(&env).exits(1).stderr().contains("No such file"));
    fs::create_dir(env.path(BASELINE)).unwrap();
    scan(&env).exits(1);
    let mut command = env.bearhug();
    command.args(["scan", "tree", "--baseline"]).arg(OsStr::from_bytes(b"\xff"));
    Outcome::of(command).exits(1);
}

#[test]
fn a_line_that_allows_is_left_out_and_counted() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(6).tokens(4);
    env.write(
        "tree/a.py",
        format!(
            "a = '{}'  # bearhug:allow\nb = '{}'\n# bearhug:allow\nc = '{}'; d = '{}'\n",
            tokens[0], tokens[1], tokens[2], tokens[3]
        ),
    );
    let outcome = env.run(["scan", "tree", "--format", "jsonl"]).exits(3);
    let mut expected: Vec<_> = tokens[1..].iter().map(|token| fingerprint(token)).collect();
    expected.sort();
    assert_eq!(outcome.fingerprints(), expected);
    assert_eq!(outcome.summary()["hidden"]["allowed"], 1);
    // The same token on another line is not allowed.
    env.write("tree/b.py", format!("a = '{}'\n", tokens[0]));
    let outcome = env.run(["scan", "tree", "--format", "jsonl"]);
    assert_eq!(outcome.fingerprints().len(), 4);
    assert_eq!(outcome.summary()["hidden"]["allowed"], 1);
}
