//! `pre-push`: what the other side does not have yet decides.

use std::fmt::Write as _;

use super::{Clone, repository};
use crate::support::{Forge, Outcome, TestEnvironment};

/// A repository with hooks whose first commit is at `origin`.
fn pushed(env: &TestEnvironment) -> Clone {
    env.git(["init", "-q", "--bare", "remote.git"]);
    let here = repository(env, "here");
    here.git(env, &["remote", "add", "origin", "../remote.git"]);
    here.pushes(env, &["--set-upstream", "origin", "main"]);
    here
}

fn remote_refs(env: &TestEnvironment) -> String {
    env.git(["-C", "remote.git", "for-each-ref", "--format=%(refname) %(objectname)"])
}

#[test]
fn a_token_in_any_commit_stops_the_push() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    let token = Forge::new(1).token();
    here.stage(&env, "src/a", format!("\n{token}"));
    here.force(&env, "with");
    here.git(&env, &["rm", "-q", "src/a"]);
    here.force(&env, "without");
    let before = remote_refs(&env);
    let outcome = here.refuses_push(&env, &[]);
    assert!(outcome.stdout().contains("src/a:2:1"), "{outcome}");
    assert!(!outcome.to_string().contains(&token[3..30]), "{outcome}");
    assert_eq!(remote_refs(&env), before);
}

#[test]
fn what_is_there_already_is_not_searched_again() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    here.stage(&env, "old", Forge::new(1).token());
    here.force(&env, "old");
    here.pushes(&env, &["--no-verify"]);
    here.stage(&env, "new", "clean");
    here.force(&env, "new");
    here.pushes(&env, &[]);
    // A new branch of what is known holds nothing new.
    here.pushes(&env, &["origin", "main:other"]);
    // Another remote has none of it.
    env.git(["init", "-q", "--bare", "second.git"]);
    here.git(&env, &["remote", "add", "second", "../second.git"]);
    here.refuses_push(&env, &["second", "main"]);
}

#[test]
fn a_new_branch_is_searched() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    here.git(&env, &["switch", "-q", "-c", "work"]);
    here.stage(&env, "a", "clean");
    here.force(&env, "clean");
    here.pushes(&env, &["origin", "work"]);
    here.git(&env, &["switch", "-q", "-c", "more"]);
    here.stage(&env, "a", Forge::new(1).token());
    here.force(&env, "with");
    here.refuses_push(&env, &["origin", "more"]);
    here.refuses_push(&env, &["origin", "work", "more"]);
    here.refuses_push(&env, &["origin", "--all"]);
}

#[test]
fn a_branch_can_be_deleted() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    here.pushes(&env, &["origin", "main:old"]);
    here.stage(&env, "a", Forge::new(1).token());
    here.force(&env, "not pushed");
    here.pushes(&env, &["origin", "--delete", "old"]);
    assert!(!remote_refs(&env).contains("refs/heads/old"));
}

#[test]
fn a_forced_push_is_searched() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    here.stage(&env, "a", "clean");
    here.force(&env, "to be rewritten");
    here.pushes(&env, &[]);
    here.git(&env, &["reset", "-q", "--hard", "HEAD~"]);
    here.stage(&env, "b", Forge::new(1).token());
    here.force(&env, "rewritten");
    here.refuses_push(&env, &["--force"]);
    here.git(&env, &["reset", "-q", "--hard", "HEAD~"]);
    here.stage(&env, "b", "clean");
    here.force(&env, "rewritten again");
    here.pushes(&env, &["--force"]);
}

#[test]
fn a_forced_push_over_what_is_unknown_here_is_searched() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    env.git(["clone", "-q", "remote.git", "elsewhere"]);
    let elsewhere = Clone { folder: env.path("elsewhere") };
    elsewhere.force(&env, "unknown here");
    elsewhere.pushes(&env, &[]);
    here.stage(&env, "a", Forge::new(1).token());
    here.force(&env, "with");
    here.refuses_push(&env, &["--force"]);
    here.git(&env, &["reset", "-q", "--hard", "HEAD~"]);
    here.force(&env, "without");
    here.pushes(&env, &["--force"]);
}

#[test]
fn messages_tags_and_names_are_searched() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    let tokens = Forge::new(1).tokens(4);
    here.force(&env, &format!("use {}", tokens[0]));
    here.refuses_push(&env, &[]);
    here.git(&env, &["reset", "-q", "--hard", "HEAD~"]);
    here.git(&env, &["tag", "-a", "v1", "-m", &format!("with {}", tokens[1])]);
    here.refuses_push(&env, &["origin", "v1"]);
    here.stage(&env, format!("{}/deep/file", tokens[3]), "a folder's name is enough");
    here.force(&env, "a name");
    here.refuses_push(&env, &["origin", "main"]);
    here.git(&env, &["reset", "-q", "--hard", "HEAD~"]);
    here.stage(&env, tokens[2].as_str(), "a name is enough");
    here.force(&env, "a name");
    let outcome = here.refuses_push(&env, &["origin", "main"]);
    assert!(outcome.stdout().contains("(in its name)"), "{outcome}");
}

#[test]
fn what_is_known_is_searched_under_its_new_name() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    let tokens = Forge::new(1).tokens(2);
    here.git(&env, &["mv", "README.md", &tokens[0]]);
    here.force(&env, "moved");
    let outcome = here.refuses_push(&env, &[]);
    assert!(outcome.stdout().contains("(in its name)"), "{outcome}");
    // The name is in what would be sent, though no longer in the files.
    here.git(&env, &["mv", &tokens[0], "README.md"]);
    here.force(&env, "moved back");
    here.refuses_push(&env, &[]);
    here.git(&env, &["reset", "-q", "--hard", "origin/main"]);
    env.folder(format!("here/{}", tokens[1]));
    here.git(&env, &["mv", "README.md", &format!("{}/README.md", tokens[1])]);
    here.force(&env, "into a folder");
    here.refuses_push(&env, &[]);
    // What the other side has does not stop other work, nor does taking it away.
    here.pushes(&env, &["--no-verify"]);
    here.stage(&env, "other", "clean");
    here.force(&env, "other work");
    here.pushes(&env, &[]);
    here.git(&env, &["mv", &format!("{}/README.md", tokens[1]), "README.md"]);
    here.force(&env, "taken away");
    here.pushes(&env, &[]);
}

#[test]
fn a_push_to_an_address_is_searched() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    here.pushes(&env, &["../remote.git", "main"]);
    here.stage(&env, "a", Forge::new(1).token());
    here.force(&env, "with");
    here.refuses_push(&env, &["../remote.git", "main"]);
    env.git(["init", "-q", "--bare", "fresh.git"]);
    here.refuses_push(&env, &["../fresh.git", "main"]);
}

#[test]
fn what_is_sent_counts_and_not_what_replaces_it_here() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    here.stage(&env, "a", Forge::new(1).token());
    here.force(&env, "with");
    env.write("here/clean", "clean");
    let clean = here.git(&env, &["hash-object", "-w", "clean"]);
    here.git(&env, &["replace", "HEAD:a", clean.trim()]);
    assert_eq!(here.git(&env, &["cat-file", "blob", "HEAD:a"]), "clean");
    here.refuses_push(&env, &[]);
}

#[test]
fn a_bare_repository_can_push() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    env.git(["clone", "-q", "--bare", "here", "mirror.git"]);
    let mirror = Clone { folder: env.path("mirror.git") };
    mirror.hook(&env, &["install"]).exits(0);
    mirror.pushes(&env, &["../remote.git", "main:copy"]);
    here.stage(&env, "a", Forge::new(1).token());
    here.force(&env, "with");
    mirror.git(&env, &["fetch", "-q", "../here", "main:main"]);
    mirror.refuses_push(&env, &["../remote.git", "main:copy"]);
}

#[test]
fn a_push_that_nobody_watches_is_stopped_too() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    here.stage(&env, "a", Forge::new(1).tokens(50).join("\n"));
    here.force(&env, "with");
    let before = remote_refs(&env);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut push = env.command("git");
    push.current_dir(&here.folder).args(["push", "-q"]);
    push.stdout(writer.try_clone().unwrap()).stderr(writer).status().unwrap();
    assert_eq!(remote_refs(&env), before);
}

#[test]
fn what_git_never_says_is_an_error_and_lets_nothing_through() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    let id = here.head(&env);
    for lines in ["nonsense\n", "a b c\n", "a b c d\n", &format!("--all {} x --not\n", id.trim())] {
        let mut command = env.bearhug();
        command.current_dir(&here.folder).args(["hook", "run", "pre-push", "origin"]);
        let outcome = Outcome::fed(command, lines.as_bytes()).exits(1);
        assert!(outcome.stderr().starts_with("error: git could not be asked"), "{outcome}");
    }
}

#[test]
fn the_pre_commit_framework_names_two_revisions() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    here.stage(&env, "a", Forge::new(1).token());
    here.force(&env, "with");
    let run = |from: &str, to: &str| {
        let mut command = env.bearhug();
        command.current_dir(&here.folder).args(["hook", "run", "pre-push"]);
        command.env("PRE_COMMIT_FROM_REF", from).env("PRE_COMMIT_TO_REF", to);
        Outcome::of(command)
    };
    run("HEAD~", "HEAD").exits(3);
    run(&"0".repeat(40), "HEAD").exits(3);
    run("HEAD~", "HEAD~").exits(0);
    run("HEAD", "HEAD").exits(0);
    run("HEAD", "absent").exits(1);
    // At the first push to a remote it names none.
    let first = |remote: &str| {
        let mut command = env.bearhug();
        command.current_dir(&here.folder).args(["hook", "run", "pre-push"]);
        command.env("PRE_COMMIT", "1").env("PRE_COMMIT_REMOTE_NAME", remote);
        Outcome::of(command)
    };
    first("elsewhere").exits(3);
    here.pushes(&env, &["--no-verify"]);
    first("elsewhere").exits(3);
    first("origin").exits(0);
}

#[test]
fn thousands_of_commits_are_searched() {
    let env = TestEnvironment::new();
    let here = pushed(&env);
    let mut stream = String::from("feature done\n");
    for i in 0..3_000 {
        let data = format!("content {i}\n");
        let from = if i == 0 { "from refs/heads/main^0\n" } else { "" };
        let (time, len) = (1_700_000_000 + i, data.len());
        write!(
            stream,
            "commit refs/heads/main\ncommitter A <a@b.c> {time} +0000\ndata 1\nx\n{from}\
             M 644 inline f{i}\ndata {len}\n{data}\n"
        )
        .unwrap();
    }
    stream.push_str("done\n");
    let mut import = env.command("git");
    import.current_dir(&here.folder).args(["fast-import", "--quiet"]);
    Outcome::fed(import, stream.as_bytes()).exits(0);
    here.git(&env, &["reset", "-q", "--hard"]);
    here.pushes(&env, &["origin", "main:clean"]);
    here.stage(&env, "last", Forge::new(1).token());
    here.force(&env, "with");
    here.refuses_push(&env, &["origin", "main:clean"]);
}
