//! Which files of a tree are read.

use crate::support::{Forge, Outcome, TestEnvironment, grep_count};

const TOKEN: &str = "hf_[A-Za-z]{34}";

#[test]
fn every_file_that_grep_reads_is_read() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(1);
    for name in [".env", ".hidden/deep/er", "a b/c\td", "data.bin", "x/.gitignore", "é/模型"] {
        env.write(name, format!("\0{} {}", forge.token(), forge.token()));
    }
    env.write(".gitignore", "*\n");
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(3);
    assert_eq!(outcome.findings().len(), grep_count(&env.work(), TOKEN));
    assert_eq!(outcome.findings().len(), 12);
    assert_eq!(outcome.gaps(), []);
}

#[test]
fn what_git_ignores_is_left_out_on_request() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(1);
    env.git(["init", "-q"]);
    env.write(".gitignore", ".env\n/build/\n");
    env.write("sub/.gitignore", "*.local\n!keep.local\n");
    env.write(".git/info/exclude", "private\n");
    for name in
        [".env", "build/out", "sub/build/out", "sub/a.local", "sub/keep.local", "private", "kept"]
    {
        env.write(name, forge.token());
    }
    let untracked = env.git(["ls-files", "--others", "--exclude-standard"]);
    let mut expected: Vec<_> = untracked.lines().filter(|n| !n.ends_with(".gitignore")).collect();
    expected.sort_unstable();
    let outcome = env.run(["scan", ".", "--respect-gitignore", "--format", "jsonl"]);
    assert_eq!(outcome.exits(3).paths(), expected);
    assert_eq!(expected, ["kept", "sub/build/out", "sub/keep.local"]);
    assert_eq!(env.run(["scan", ".", "--format", "jsonl"]).paths().len(), 7);
}

#[test]
fn an_exclude_is_relative_to_the_root() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(1);
    for name in ["tree/data/a", "tree/sub/data/b", "tree/c.bin", "tree/d"] {
        env.write(name, forge.token());
    }
    let scanned = |arguments: &[&str]| {
        let outcome = env.run([&["scan", "tree", "--format", "jsonl"], arguments].concat());
        outcome.paths().into_iter().map(|path| path.replace("tree/", "")).collect::<Vec<_>>()
    };
    assert_eq!(scanned(&[]), ["c.bin", "d", "data/a", "sub/data/b"]);
    assert_eq!(scanned(&["--exclude", "/data"]), ["c.bin", "d", "sub/data/b"]);
    assert_eq!(scanned(&["--exclude", "data"]), ["c.bin", "d"]);
    assert_eq!(scanned(&["--exclude", "*.bin", "--exclude", "sub/**"]), ["d", "data/a"]);
    assert_eq!(scanned(&["--exclude", "/tree/data"]).len(), 4);
    // What is named is read, whatever is excluded.
    let named = env.run(["scan", "tree/c.bin", "--exclude", "*.bin", "--format", "jsonl"]);
    assert_eq!(named.paths(), ["tree/c.bin"]);
}

#[test]
fn a_file_over_the_limit_is_a_gap_of_its_size() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(1);
    for (name, size) in [("under", 1023), ("at", 1024), ("over", 1025), ("huge", 3 << 20)] {
        let token = forge.token();
        env.write(name, format!("{token}{}", " ".repeat(size - token.len())));
    }
    let outcome = env.run(["scan", ".", "--max-size", "1K", "--format", "jsonl"]).exits(3);
    assert_eq!(outcome.paths(), ["at", "under"]);
    let oversized = |name: &str| (name.to_owned(), "oversized".to_owned());
    assert_eq!(outcome.gaps(), [oversized("huge"), oversized("over")]);
    assert_eq!(outcome.summary()["coverage"]["oversized"], 2);
    assert_eq!(outcome.summary()["coverage"]["scanned"], 2);
    let details = outcome.summary()["gaps"].to_string();
    assert!(details.contains("3.1 MB, limit 1 kB"), "{details}");
}

#[test]
fn the_history_of_a_repository_that_is_met_is_read() {
    let env = TestEnvironment::new();
    let token = Forge::new(1).token();
    env.write("sub/secret.env", &token);
    for arguments in [&["init", "-q"][..], &["add", "."], &["commit", "-q", "-m", "first"]] {
        env.git_in(&env.path("sub"), arguments);
    }
    env.git_in(&env.path("sub"), ["rm", "-q", "secret.env"]);
    env.git_in(&env.path("sub"), ["commit", "-q", "-m", "second"]);
    let outcome = env.run(["scan", ".", "--strict", "--format", "jsonl"]).exits(3);
    assert_eq!(outcome.gaps(), []);
    assert_eq!(outcome.findings().len(), 1);
    env.run(["scan", ".", "--no-history", "--strict"]).exits(0);
}

#[test]
fn the_history_of_a_bare_repository_is_read() {
    let env = TestEnvironment::new();
    env.git(["init", "-q", "--bare", "mirror.git"]);
    let mut command = env.command("git");
    command.current_dir(env.path("mirror.git")).args(["hash-object", "-w", "--stdin"]);
    let token = Forge::new(1).token();
    Outcome::fed(command, token.as_bytes()).exits(0);
    assert_eq!(env.run(["scan", ".", "--format", "jsonl"]).exits(3).findings().len(), 1);
    env.run(["scan", ".", "--no-history", "--strict"]).exits(0);
    // `objects` alone is a folder like any other.
    env.write("game/objects/a", Forge::new(1).token());
    assert_eq!(env.run(["scan", "game", "--format", "jsonl"]).paths(), ["game/objects/a"]);
}

#[test]
fn what_git_keeps_in_plain_text_is_read() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(1).tokens(2);
    env.git(["init", "-q"]);
    let url = format!("https://ada:{}@huggingface.co/ada/model", tokens[0]);
    env.git(["remote", "add", "origin", &url]);
    let message = format!("login with {}", tokens[1]);
    env.git(["commit", "-q", "--allow-empty", "-m", &message]);
    for arguments in [&[][..], &["--no-history"]] {
        let all = [&["scan", ".", "--format", "jsonl"], arguments].concat();
        let paths = env.run(all).exits(3).paths();
        for name in [".git/config", ".git/COMMIT_EDITMSG", ".git/logs/HEAD"] {
            assert!(paths.contains(&name.to_owned()), "{name}: {paths:?}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(1);
    for i in 0..200 {
        env.write(format!("d{}/f{i}", i % 7), format!("{} {}", forge.token(), forge.token()));
    }
    let report = |threads: &str| {
        let outcome = env.run(["scan", ".", "--format", "csv", "-j", threads]).exits(3);
        outcome.stdout()
    };
    let one = report("1");
    assert_eq!(one.lines().count(), 401);
    assert_eq!(one, report("2"));
    assert_eq!(one, report("16"));
}
