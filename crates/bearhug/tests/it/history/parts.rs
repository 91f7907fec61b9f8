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
    let outcome = env.run(["scan", "--branch", "HEAD^é"]).exits(1);
    assert!(outcome.stderr().contains("is no commit"), "{outcome}");
    let folder = env.folder("plain");
    env.run(["scan", "--branch", "main", folder.to_str().unwrap()]).exits(2);
}

#[test]
fn a_worktree_has_a_head_of_its_own() {
    let tokens = Forge::new(16).tokens(3);
    for format in ["files", "reftable"] {
        let env = TestEnvironment::new();
        env.git(["init", "-q", "-b", "main", &format!("--ref-format={format}")]);
        commits(&env, &tokens[..1]);
        let beside = env.root().join(format);
        env.git(["worktree", "add", "-q", "--detach", beside.to_str().unwrap(), "main"]);
        std::fs::write(beside.join("g"), &tokens[1]).unwrap();
        env.git_in(&beside, ["add", "."]);
        env.git_in(&beside, ["commit", "-q", "-m", "beside"]);
        env.git_in(&beside, ["update-ref", "refs/worktree/mine", "HEAD"]);
        std::fs::write(beside.join("g"), &tokens[2]).unwrap();
        env.git_in(&beside, ["commit", "-q", "-am", "beside"]);
        let id = format!("worktrees/{format}");
        for (range, is_there, is_here) in [
            ("main..HEAD".to_owned(), &tokens[1..], Some(&tokens[..0])),
            ("refs/worktree/mine..HEAD".to_owned(), &tokens[2..], None),
            (format!("{id}/refs/worktree/mine..{id}/HEAD"), &tokens[2..], Some(&tokens[2..])),
            ("main-worktree/HEAD..@".to_owned(), &tokens[1..], Some(&tokens[..0])),
        ] {
            let scan = |folder: &std::path::Path| {
                let mut command = env.bearhug();
                command.args(["scan", "--format", "jsonl", "--range", &range]);
                command.current_dir(folder);
                Outcome::of(command)
            };
            // Git says the same of where it is.
            let listed = env.git_in(&beside, ["rev-list", "--count", &range]);
            assert_eq!(listed.trim(), is_there.len().to_string(), "{range}");
            assert_eq!(scan(&beside).fingerprints(), expected(is_there), "{range}");
            match is_here {
                Some(tokens) => assert_eq!(scan(&env.work()).fingerprints(), expected(tokens)),
                None => drop(scan(&env.work()).exits(1)),
            }
        }
    }
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
fn what_is_said_twice_is_added_once() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(17).tokens(2);
    commits(&env, &tokens[..1]);
    let hash = |kind: &str, content: &[u8]| {
        let mut command = env.command("git");
        command.args(["hash-object", "-w", "--literally", "--stdin", "-t", kind]);
        Outcome::fed(command, content).exits(0).stdout().trim().to_owned()
    };
    let blob = hash("blob", tokens[1].as_bytes());
    let id: Vec<u8> =
        (0..40).step_by(2).map(|at| u8::from_str_radix(&blob[at..at + 2], 16).unwrap()).collect();
    let tree = hash("tree", &[b"100644 s\0", &id[..], b"100644 s\0", &id[..]].concat());
    let commit = env.git(["commit-tree", &tree, "-p", "HEAD", "-m", "twice"]);
    let range = format!("HEAD..{}", commit.trim());
    env.git(["update-ref", "refs/heads/twice", commit.trim()]);
    assert_eq!(found(&env, &["--range", &range]), expected(&tokens[1..]));
}

#[test]
fn a_large_object_of_a_part_is_searched() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(18).tokens(2);
    commits(&env, &tokens[..1]);
    env.write("large", [&vec![b'.'; 33 << 20], "\n".as_bytes(), tokens[1].as_bytes()].concat());
    env.git(["add", "."]);
    env.git(["commit", "-q", "-m", "large"]);
    assert_eq!(found(&env, &["--range", "HEAD~..HEAD"]), expected(&tokens[1..]));
    env.git(["repack", "-adq"]);
    assert_eq!(found(&env, &["--range", "HEAD~..HEAD"]), expected(&tokens[1..]));
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
