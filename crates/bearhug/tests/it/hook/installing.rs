//! Putting hooks in place, beside those that are there, and taking them out again.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use super::{Clone, repository};
use crate::support::{Forge, Outcome, TestEnvironment};

/// A hook that notes that it ran and what it was given, and ends with this exit code.
fn noting(env: &TestEnvironment, hook: &Path, code: i32) {
    let log = env.root().join("tmp/log");
    let script = format!(
        "#!/bin/sh\necho \"ran $# $1\" >> '{log}'\nsed 's/^/read /' >> '{log}'\nexit {code}\n",
        log = log.display()
    );
    env.install(hook, script.as_bytes());
}

fn log(env: &TestEnvironment) -> String {
    fs::read_to_string(env.root().join("tmp/log")).unwrap_or_default()
}

fn initialised(env: &TestEnvironment) -> Clone {
    let here = Clone { folder: env.work() };
    here.git(env, &["init", "-q"]);
    here
}

#[test]
fn both_hooks_are_installed_and_can_be_run() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    let outcome = here.hook(&env, &["install"]).exits(0);
    for name in ["pre-commit", "pre-push"] {
        let hook = env.path(".git/hooks").join(name);
        assert_eq!(fs::metadata(&hook).unwrap().permissions().mode() & 0o777, 0o755);
        assert!(outcome.stderr().contains(&format!("{}: installed", hook.display())), "{outcome}");
        let mut check = env.command("sh");
        check.arg("-n").arg(&hook);
        Outcome::of(check).exits(0);
    }
    assert!(outcome.out.is_empty());
    assert!(here.hook(&env, &["install", "-q"]).exits(0).err.is_empty());
    let again = here.hook(&env, &["install", "pre-push"]).exits(0);
    assert!(again.stderr().contains("updated") && !again.stderr().contains("pre-commit"));
}

#[test]
fn one_hook_can_be_installed_and_removed_by_itself() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    here.hook(&env, &["install", "pre-push"]).exits(0);
    assert!(!env.path(".git/hooks/pre-commit").exists());
    here.hook(&env, &["install", "pre-commit"]).exits(0);
    here.hook(&env, &["uninstall", "pre-push"]).exits(0);
    assert!(env.path(".git/hooks/pre-commit").exists());
    assert!(!env.path(".git/hooks/pre-push").exists());
}

#[test]
fn outside_a_repository_it_is_an_error() {
    let env = TestEnvironment::new();
    for action in [&["install"][..], &["uninstall"], &["run", "pre-commit"], &["run", "pre-push"]] {
        let outcome = env.run([&["hook"], action].concat());
        let stderr = outcome.stderr();
        // With nothing pushed there is nothing to ask git.
        if action.last() != Some(&"pre-push") {
            assert_eq!(outcome.code, Some(1), "{action:?}: {outcome}");
            assert!(stderr.contains("hint: run this inside a git working copy"), "{outcome}");
        }
    }
}

#[test]
fn a_hook_that_was_there_runs_first() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    noting(&env, &env.path(".git/hooks/pre-commit"), 0);
    let outcome = here.hook(&env, &["install"]).exits(0);
    assert!(outcome.stderr().contains("is kept and runs first"), "{outcome}");
    here.stage(&env, "a", "clean");
    here.accepts(&env, &[]);
    assert_eq!(log(&env), "ran 0 \n");
    here.stage(&env, "a", Forge::new(1).token());
    here.refuses(&env, &[]);
    assert_eq!(log(&env), "ran 0 \nran 0 \n");
}

#[test]
fn a_hook_that_was_there_and_fails_decides() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    noting(&env, &env.path(".git/hooks/pre-commit"), 7);
    here.hook(&env, &["install"]).exits(0);
    here.stage(&env, "a", Forge::new(1).token());
    let outcome = here.try_git(&env, &["commit", "-q", "-m", "x"]).exits(1);
    assert!(outcome.err.is_empty(), "bearhug ran after a hook that failed: {outcome}");
    let mut hook = env.command(env.path(".git/hooks/pre-commit"));
    hook.current_dir(env.work());
    Outcome::of(hook).exits(7);
}

#[test]
fn a_hook_that_was_there_gets_what_git_passes() {
    let env = TestEnvironment::new();
    env.git(["init", "-q", "--bare", "remote.git"]);
    let here = Clone { folder: env.folder("here") };
    here.git(&env, &["init", "-q"]);
    noting(&env, &here.folder.join(".git/hooks/pre-push"), 0);
    here.hook(&env, &["install"]).exits(0);
    here.force(&env, "first");
    here.git(&env, &["remote", "add", "origin", "../remote.git"]);
    here.pushes(&env, &["origin", "main"]);
    let zeros = "0".repeat(40);
    let head = here.head(&env);
    let update = format!("read refs/heads/main {} refs/heads/main {zeros}\n", head.trim());
    assert_eq!(log(&env), format!("ran 2 origin\n{update}"));
}

#[test]
fn what_was_there_comes_back_as_it_was() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    let hook = env.path(".git/hooks/pre-commit");
    noting(&env, &hook, 0);
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o700)).unwrap();
    let before = fs::read(&hook).unwrap();
    let names = || {
        let mut names: Vec<_> = fs::read_dir(env.path(".git/hooks"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let names_before = names();
    here.hook(&env, &["install"]).exits(0);
    here.hook(&env, &["install"]).exits(0);
    let outcome = here.hook(&env, &["uninstall"]).exits(0);
    assert!(outcome.stderr().contains("the hook from before is back"), "{outcome}");
    assert_eq!(fs::read(&hook).unwrap(), before);
    assert_eq!(fs::metadata(&hook).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(names(), names_before);
    let again = here.hook(&env, &["uninstall"]).exits(0);
    assert!(again.stderr().contains("left as it is") && again.stderr().contains("not installed"));
    assert_eq!(fs::read(&hook).unwrap(), before);
}

#[test]
fn two_hooks_from_before_are_one_too_many() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    let hook = env.path(".git/hooks/pre-commit");
    noting(&env, &hook, 0);
    env.write(".git/hooks/pre-commit.before-bearhug", "precious");
    let outcome = here.hook(&env, &["install"]).exits(1);
    assert!(outcome.stderr().contains("exists already"), "{outcome}");
    let kept = fs::read_to_string(env.path(".git/hooks/pre-commit.before-bearhug")).unwrap();
    assert_eq!(kept, "precious");
    assert!(fs::read_to_string(hook).unwrap().contains("tmp/log"));
}

#[test]
fn a_hook_that_is_switched_off_stays_so() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    let hook = env.path(".git/hooks/pre-commit");
    noting(&env, &hook, 1);
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o644)).unwrap();
    here.hook(&env, &["install"]).exits(0);
    here.stage(&env, "a", "clean");
    here.accepts(&env, &[]);
    assert_eq!(log(&env), "");
}

#[test]
fn every_worktree_is_guarded() {
    let env = TestEnvironment::new();
    let here = repository(&env, "here");
    here.git(&env, &["worktree", "add", "-q", "../tree"]);
    let tree = Clone { folder: env.path("tree") };
    tree.stage(&env, "a", Forge::new(1).token());
    tree.refuses(&env, &[]);
    here.hook(&env, &["uninstall"]).exits(0);
    tree.hook(&env, &["install"]).exits(0);
    tree.refuses(&env, &[]);
    here.stage(&env, "a", Forge::new(1).token());
    here.refuses(&env, &[]);
}

#[test]
fn hooks_kept_in_the_repository_are_used() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    here.git(&env, &["config", "core.hooksPath", ".githooks"]);
    let sub = Clone { folder: env.folder("sub/deep") };
    sub.hook(&env, &["install"]).exits(0);
    assert!(env.path(".githooks/pre-commit").exists());
    assert!(!env.path(".git/hooks/pre-commit").exists());
    here.stage(&env, "a", Forge::new(1).token());
    here.refuses(&env, &[]);
}

#[test]
fn hooks_that_other_repositories_share_are_left_alone() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    let shared = env.root().join("home/hooks");
    fs::create_dir(&shared).unwrap();
    noting(&env, &shared.join("pre-commit"), 0);
    let before = fs::read(shared.join("pre-commit")).unwrap();
    for path in [shared.to_str().unwrap(), "~/hooks", "../home/hooks"] {
        here.git(&env, &["config", "core.hooksPath", path]);
        for action in ["install", "uninstall"] {
            let outcome = here.hook(&env, &[action]).exits(1);
            assert!(outcome.stderr().contains("more than this repository"), "{outcome}");
        }
    }
    assert_eq!(fs::read(shared.join("pre-commit")).unwrap(), before);
    assert_eq!(fs::read_dir(&shared).unwrap().count(), 1);
    // A link out of the repository is no way in.
    std::os::unix::fs::symlink(&shared, env.path("linked")).unwrap();
    here.git(&env, &["config", "core.hooksPath", "linked"]);
    here.hook(&env, &["install"]).exits(1);
}

#[test]
fn a_hook_without_bearhug_stops_the_commit_and_says_why() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    let copy = env.root().join("tmp/it's/bearhug");
    env.copy_program(&copy);
    let mut install = env.command(&copy);
    install.args(["hook", "install"]);
    Outcome::of(install).exits(0);
    here.stage(&env, "a", "clean");
    here.accepts(&env, &[]);
    fs::remove_file(&copy).unwrap();
    here.stage(&env, "a", "cleaner");
    let outcome = here.try_git(&env, &["commit", "-q", "-m", "x"]).exits(1);
    assert!(outcome.stderr().contains("bearhug is not installed"), "{outcome}");
    assert!(outcome.stderr().contains("hint: "), "{outcome}");
}

#[test]
fn a_bearhug_on_the_path_is_preferred() {
    let env = TestEnvironment::new();
    let here = initialised(&env);
    here.hook(&env, &["install"]).exits(0);
    env.install(&env.root().join("tmp/bin/bearhug"), b"#!/bin/sh\necho newer \"$@\" >&2\nexit 1\n");
    here.stage(&env, "a", "clean");
    let mut commit = env.command("git");
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", env.root().join("tmp/bin").display());
    commit.args(["commit", "-q", "-m", "x"]).env("PATH", path);
    let outcome = Outcome::of(commit).exits(1);
    assert!(outcome.stderr().contains("newer hook run pre-commit"), "{outcome}");
}

#[test]
fn a_git_that_is_missing_is_an_error() {
    let env = TestEnvironment::new();
    initialised(&env);
    for arguments in
        [&["hook", "install"][..], &["hook", "run", "pre-commit"], &["scan", "--staged"]]
    {
        let mut command = env.bearhug();
        command.args(arguments).env("PATH", "/nowhere");
        let outcome = Outcome::of(command).exits(1);
        assert!(outcome.stderr().contains("hint: install git"), "{arguments:?}: {outcome}");
    }
}
