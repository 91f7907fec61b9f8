//! Parts of histories, what has been scanned before, and repositories elsewhere.

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

/// A repository with a token in each of some commits.
fn commits(env: &TestEnvironment, tokens: &[String]) {
    env.git(["init", "-q", "-b", "main"]);
    for (number, token) in tokens.iter().enumerate() {
        env.write("f", format!("{number}\n{token}\n"));
        env.git(["add", "."]);
        let mut command = env.command("git");
        command.current_dir(env.work()).args(["commit", "-q", "-m", "a commit"]);
        let date = format!("2026-01-{:02}T12:00:00Z", number + 1);
        command.env("GIT_COMMITTER_DATE", &date).env("GIT_AUTHOR_DATE", &date);
        Outcome::of(command).exits(0);
    }
}

fn expected(tokens: &[String]) -> Vec<String> {
    let mut names: Vec<_> = tokens.iter().map(|token| fingerprint(token)).collect();
    names.sort();
    names
}

fn found(env: &TestEnvironment, arguments: &[&str]) -> Vec<String> {
    env.run([&["scan", "--format", "jsonl"], arguments].concat()).fingerprints()
}

#[test]
fn a_range_is_what_it_adds() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(11).tokens(5);
    commits(&env, &tokens);
    for packed in [false, true] {
        if packed {
            env.git(["repack", "-adfq"]);
        }
        assert_eq!(found(&env, &["--range", "HEAD~2..HEAD"]), expected(&tokens[3..]));
        assert_eq!(found(&env, &["--range", "main~4..main~1"]), expected(&tokens[1..4]));
        assert_eq!(found(&env, &["--range", "HEAD..HEAD"]), expected(&[]));
        assert_eq!(found(&env, &["--since", "2026-01-04"]), expected(&tokens[3..]));
        assert_eq!(found(&env, &["--branch", "main~3"]), expected(&tokens[..2]));
        let id = env.git(["rev-parse", "--short", "main~3"]);
        assert_eq!(found(&env, &["--branch", id.trim(), "."]), expected(&tokens[..2]));
    }
    let outcome = env.run(["scan", "--range", "nowhere..HEAD"]).exits(1);
    assert!(outcome.stderr().contains("`nowhere` is no commit"), "{outcome}");
    let folder = env.folder("plain");
    env.run(["scan", "--branch", "main", folder.to_str().unwrap()]).exits(2);
}

#[test]
fn a_merge_adds_what_neither_side_has() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(12).tokens(2);
    commits(&env, &tokens[..1]);
    env.git(["checkout", "-q", "-b", "side"]);
    env.git(["commit", "-q", "--allow-empty", "-m", "aside"]);
    env.git(["checkout", "-q", "main"]);
    env.git(["commit", "-q", "--allow-empty", "-m", "main"]);
    env.git(["merge", "-q", "--no-commit", "side"]);
    env.write("evil", &tokens[1]);
    env.git(["add", "."]);
    env.git(["commit", "-q", "-m", "merge"]);
    assert_eq!(found(&env, &["--range", "HEAD^2..HEAD"]), expected(&tokens[1..]));
    assert_eq!(found(&env, &["--range", "HEAD^..HEAD"]), expected(&tokens[1..]));
}

#[test]
fn a_second_scan_reads_only_what_is_new() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(13).tokens(3);
    env.git(["init", "-q", "--bare", "x.git"]);
    let store = |token: &str| {
        let mut command = env.command("git");
        command.current_dir(env.path("x.git")).args(["hash-object", "-w", "--stdin"]);
        Outcome::fed(command, token.as_bytes()).exits(0);
    };
    let scan = || found(&env, &["x.git", "--state", "state.json"]);
    store(&tokens[0]);
    assert_eq!(scan(), expected(&tokens[..1]));
    assert_eq!(scan(), expected(&[]));
    store(&tokens[1]);
    assert_eq!(scan(), expected(&tokens[1..2]));
    // Another detector may find more in what was read.
    assert_eq!(found(&env, &["x.git", "--state", "state.json", "--fast"]), expected(&tokens[..2]));
    store(&tokens[2]);
    assert_eq!(scan(), expected(&tokens));
    assert_eq!(scan(), expected(&[]));
    env.write("state.json", "{}");
    env.run(["scan", "x.git", "--state", "state.json"]).exits(1);
}

#[test]
fn what_was_not_read_to_its_end_is_not_remembered_as_read() {
    let env = TestEnvironment::new();
    env.git(["init", "-q", "--bare", "x.git"]);
    env.write("many", "");
    let tar = ["cf", "t.tar", "many", "many", "many", "many"];
    let mut command = env.command("tar");
    command.current_dir(env.work()).args(tar);
    Outcome::of(command).exits(0);
    env.git_in(&env.path("x.git"), ["hash-object", "-w", "../t.tar"]);
    for packed in [false, true] {
        if packed {
            env.git_in(&env.path("x.git"), ["repack", "-q", "-a", "-d", "-k"]);
        }
        for _ in 0..2 {
            let scan = ["scan", "x.git", "--state", "state.json", "--max-parts", "2", "--strict"];
            env.run(scan).exits(6);
        }
    }
}

#[test]
fn a_repository_elsewhere_is_cloned_with_all_its_refs_and_removed() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(14).tokens(3);
    commits(&env, &tokens[..2]);
    env.git(["checkout", "-q", "--detach"]);
    env.write("f", &tokens[2]);
    env.git(["commit", "-q", "-am", "proposed"]);
    env.git(["update-ref", "refs/pull/1/head", "HEAD"]);
    env.git(["checkout", "-q", "main"]);
    let address = format!("file://{}", env.work().display());
    let temporary = env.folder("temporary");
    let scan = |arguments: &[&str]| {
        let mut command = env.bearhug();
        command.args(["scan", "--format", "jsonl"]).args(arguments).env("TMPDIR", &temporary);
        Outcome::of(command)
    };
    let outcome = scan(&[&address]).exits(3);
    assert_eq!(outcome.fingerprints(), expected(&tokens));
    assert!(outcome.paths().iter().all(|path| *path == format!("{address}/f")), "{outcome}");
    assert_eq!(scan(&[&address, "--branch", "main"]).fingerprints(), expected(&tokens[..2]));
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
    scan(&["file:///nowhere/at/all"]).exits(1);
}

#[test]
fn what_a_clone_lacks_is_a_gap() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(15).tokens(4);
    commits(&env, &tokens);
    env.git(["config", "uploadpack.allowFilter", "true"]);
    let address = format!("file://{}", env.work().display());
    let other = TestEnvironment::new();
    other.git(["clone", "-q", "--bare", "--filter=blob:none", &address, "partial.git"]);
    other.git(["clone", "-q", "--bare", "--depth=2", &address, "shallow.git"]);
    let outcome = other.run(["scan", "partial.git", "--strict", "--format", "jsonl"]).exits(6);
    assert_eq!(outcome.gaps(), [("partial.git".to_owned(), "absent_objects".to_owned())]);
    // Git counts them too.
    let mut command = other.command("git");
    command.current_dir(other.path("partial.git")).env("GIT_NO_LAZY_FETCH", "1");
    command.args(["rev-list", "--objects", "--all", "--missing=print"]);
    let missing = Outcome::of(command).stdout().lines().filter(|l| l.starts_with('?')).count();
    assert_eq!(outcome.summary()["coverage"]["missing"], missing);
    let outcome = other.run(["scan", "shallow.git", "--format", "jsonl"]).exits(3);
    assert_eq!(outcome.gaps(), [("shallow.git".to_owned(), "shallow_history".to_owned())]);
    assert_eq!(outcome.fingerprints(), expected(&tokens[2..]));
}
