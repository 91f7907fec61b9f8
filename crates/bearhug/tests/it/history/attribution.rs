//! Who brought a token, where to, and who removed it: as git itself says.

use serde_json::Value;

use crate::support::{Forge, TestEnvironment};

fn sightings(env: &TestEnvironment, arguments: &[&str]) -> Vec<Value> {
    let all = [&["scan", "--format", "jsonl"], arguments].concat();
    let findings = env.run(all).findings();
    let mut sightings: Vec<_> =
        findings.iter().flat_map(|f| f["sightings"].as_array().unwrap().clone()).collect();
    // What git writes about commits in plain text is read as files.
    sightings.retain(|s| !s["path"].as_str().unwrap().contains(".git/"));
    sightings
}

fn commit(env: &TestEnvironment, message: &str) -> String {
    env.git(["add", "-A"]);
    env.git(["commit", "-q", "--allow-empty", "-m", message]);
    env.git(["rev-parse", "HEAD"]).trim().to_owned()
}

fn start() -> (TestEnvironment, String) {
    let env = TestEnvironment::new();
    env.git(["init", "-q", "-b", "main"]);
    (env, Forge::new(7).token())
}

#[test]
fn a_token_that_was_removed_names_both_commits() {
    let (env, token) = start();
    commit(&env, "first");
    env.write("a/b.env", format!("# x\n KEY={token}\n"));
    let brought = commit(&env, "second");
    env.write("a/b.env", format!("# x\n# y\n KEY={token}\n"));
    commit(&env, "third");
    env.write("a/b.env", "# x\n");
    let removed = commit(&env, "fourth");
    let found = sightings(&env, &["."]);
    assert_eq!(found.len(), 1, "{found:#?}");
    let seen = &found[0];
    assert_eq!(
        (&seen["path"], &seen["line"], &seen["column"]),
        (&"a/b.env".into(), &2.into(), &6.into())
    );
    assert_eq!(seen["commit"], brought);
    assert_eq!(seen["removed"]["commit"], removed);
    assert_eq!((&seen["reach"], &seen["versions"]), (&"ref".into(), &2.into()));
    assert_eq!(seen["checked_out"], false);
    assert_eq!(
        seen["origin"],
        serde_json::json!(["git:.", format!("commit:{brought}"), "file:a/b.env"])
    );
    let says = |format: &str| env.git(["log", "-1", format, &brought]).trim().to_owned();
    assert_eq!(seen["author"], says("--format=%an <%ae>"));
    // Git writes `Z` as an offset, and so does a date without a zone.
    let date = says("--format=%aI").replace('Z', "+00:00");
    assert_eq!(seen["date"].as_str().unwrap().replace('Z', "+00:00"), date);
}

#[test]
fn a_token_that_is_checked_out_is_one_sighting_with_its_commit() {
    let (env, token) = start();
    env.write("b.env", &token);
    let brought = commit(&env, "first");
    env.write("b.env", format!("\n\n{token}"));
    commit(&env, "second");
    let found = sightings(&env, &["."]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!((&found[0]["line"], &found[0]["checked_out"]), (&3.into(), &true.into()));
    assert_eq!(found[0]["commit"], brought);
    assert_eq!(found[0]["removed"], Value::Null);
}

#[test]
fn what_keeps_a_token_is_said() {
    let (env, token) = start();
    commit(&env, "first");
    env.write("stashed", &token);
    env.git(["add", "."]);
    env.git(["stash", "-q"]);
    env.write("reset", &token);
    commit(&env, "second");
    env.git(["reset", "-q", "--hard", "HEAD~"]);
    env.write("dangling", &token);
    env.git(["hash-object", "-w", "dangling"]);
    std::fs::remove_file(env.path("dangling")).unwrap();
    // The three of them have the same content, so tell them apart.
    env.write("staged", format!("{token}\n"));
    env.git(["add", "staged"]);
    env.write("staged", "");
    let mut found: Vec<_> = sightings(&env, &["."])
        .iter()
        .map(|s| format!("{} {}", s["path"].as_str().unwrap(), s["reach"].as_str().unwrap()))
        .collect();
    found.sort();
    assert_eq!(found, ["reset reflog", "staged index", "stashed stash"]);
    let bare = TestEnvironment::new();
    bare.git(["init", "-q", "--bare", "x.git"]);
    let mut command = bare.command("git");
    command.current_dir(bare.path("x.git")).args(["hash-object", "-w", "--stdin"]);
    crate::support::Outcome::fed(command, token.as_bytes()).exits(0);
    assert_eq!(sightings(&bare, &["x.git"])[0]["reach"], "nothing");
}

#[test]
fn what_a_ref_names_without_a_commit_is_kept_by_it() {
    let env = TestEnvironment::new();
    env.git(["init", "-q", "--bare", "x.git"]);
    let tokens = Forge::new(8).tokens(3);
    let fed = |arguments: &[&str], input: &str| {
        let mut command = env.command("git");
        command.current_dir(env.path("x.git")).args(arguments);
        crate::support::Outcome::fed(command, input.as_bytes()).exits(0).stdout().trim().to_owned()
    };
    let write = &["hash-object", "-w", "--stdin"][..];
    let blob = fed(write, &tokens[0]);
    fed(&["tag", "blob", &blob], "");
    let tree = fed(&["mktree"], &format!("100644 blob {}\tf\n", fed(write, &tokens[1])));
    fed(&["tag", "-a", "-m", "a tree", "tree", &tree], "");
    fed(&["tag", "-a", "-m", &tokens[2], "inner", &tree], "");
    fed(&["tag", "-a", "-m", "outer", "outer", "inner"], "");
    fed(&["tag", "-d", "inner"], "");
    for _ in 0..2 {
        let found = sightings(&env, &["x.git"]);
        assert!(found.iter().all(|seen| seen["reach"] == "ref"), "{found:#?}");
        let mut paths: Vec<_> = found.iter().map(|s| s["path"].as_str().unwrap()).collect();
        paths.sort_unstable();
        let mut expected = [blob.clone(), "x.git:f".to_owned(), "x.git:refs/tags/inner".to_owned()];
        expected.sort();
        assert_eq!(paths, expected);
        // Git says so: it keeps what the refs lead to.
        fed(&["gc", "-q", "--prune=now"], "");
    }
}

#[test]
fn what_is_checked_out_is_not_removed_and_what_another_branch_has_may_be() {
    let (env, token) = start();
    commit(&env, "first");
    env.write("f", &token);
    let brought = commit(&env, "with");
    env.git(["checkout", "-q", "-b", "side"]);
    env.git(["rm", "-q", "f"]);
    let removed = commit(&env, "without");
    let says = |expected: &[(&str, Option<&str>)]| {
        let mut found: Vec<_> = sightings(&env, &["."])
            .iter()
            .map(|s| (s["commit"].clone(), s["removed"]["commit"].clone()))
            .collect();
        found.sort_by_key(|(commit, _)| commit.to_string());
        let mut expected: Vec<(Value, Value)> =
            expected.iter().map(|(c, r)| ((*c).into(), (*r).into())).collect();
        expected.sort_by_key(|(commit, _)| commit.to_string());
        assert_eq!(found, expected);
    };
    says(&[(&brought, Some(&removed))]);
    env.git(["checkout", "-q", "main"]);
    says(&[(&brought, None)]);
    // What is brought beside it is not what was removed, though that was later.
    env.git(["checkout", "-q", "-b", "beside", "side~2"]);
    env.write("f", &token);
    let again = commit(&env, "again");
    env.git(["checkout", "-q", "side"]);
    says(&[(&brought, Some(&removed)), (&again, None)]);
}

#[test]
fn a_merge_that_brings_a_token_of_its_own_is_named() {
    let (env, token) = start();
    env.write("f", "one\n");
    commit(&env, "first");
    env.git(["checkout", "-q", "-b", "side"]);
    env.write("f", "two\n");
    commit(&env, "second");
    env.git(["checkout", "-q", "main"]);
    env.write("f", "three\n");
    commit(&env, "third");
    env.try_git(["merge", "-q", "side"]);
    env.write("f", format!("{token}\n"));
    let merge = commit(&env, "merge");
    env.write("f", "clean\n");
    let removed = commit(&env, "clean");
    let found = sightings(&env, &["."]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(
        (&found[0]["commit"], &found[0]["removed"]["commit"]),
        (&merge.into(), &removed.into())
    );
}

#[test]
fn names_messages_and_tags_are_attributed() {
    let (env, token) = start();
    env.write(format!("folder/{token}/file"), "x");
    let named = commit(&env, "first");
    env.git(["rm", "-rq", "folder"]);
    let gone = commit(&env, "second");
    let message = commit(&env, &format!("use {token}"));
    env.git(["tag", "-a", "v1", "-m", &format!("release {token}")]);
    std::fs::remove_dir_all(env.path(".git/logs")).unwrap();
    std::fs::remove_file(env.path(".git/COMMIT_EDITMSG")).unwrap();
    let mut found = sightings(&env, &["."]);
    found.sort_by_key(|s| s["path"].as_str().unwrap().to_owned());
    let paths: Vec<_> = found.iter().map(|s| s["path"].as_str().unwrap()).collect();
    let tail = &token[token.len() - 4..];
    let mut expected = [message.clone(), format!("folder/hf_…{tail}"), "refs/tags/v1".to_owned()];
    expected.sort();
    assert_eq!(paths, expected);
    let name = found.iter().find(|s| s["path"].as_str().unwrap().starts_with("folder")).unwrap();
    assert_eq!((&name["commit"], &name["removed"]["commit"]), (&named.into(), &gone.into()));
    let own = found.iter().find(|s| s["path"] == message).unwrap();
    assert_eq!(own["commit"], message);
}
