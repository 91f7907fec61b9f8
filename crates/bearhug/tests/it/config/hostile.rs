//! A repository that somebody else wrote does not say how it is looked at.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown, symlink},
    path::Path,
};

use super::repository;
use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

/// A file that accepts a token.
fn accepting(token: &str) -> String {
    format!("[scan.allow]\n{} = \"nothing to see here\"\n", fingerprint(token))
}

/// A repository that accepts the token it holds, and the token's fingerprint.
fn accepted() -> (TestEnvironment, String) {
    let token = Forge::new(1).token();
    let env = repository(&accepting(&token));
    env.write("a", &token);
    (env, fingerprint(&token))
}

/// Scans the working folder, in which the file must not count.
fn is_found(env: &TestEnvironment, why: &str) {
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(3);
    let told = outcome.stderr();
    assert!(told.contains("`bearhug.toml` does not count: ") && told.contains(why), "{told}");
    assert_eq!(outcome.summary()["hidden"]["configured"], 0);
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_link_does_not_count() {
    let (env, _) = accepted();
    env.run(["scan", "."]).exits(0);
    fs::rename(env.path("bearhug.toml"), env.root().join("elsewhere.toml")).unwrap();
    symlink("../elsewhere.toml", env.path("bearhug.toml")).unwrap();
    is_found(&env, "it is a link");
    fs::remove_file(env.path("bearhug.toml")).unwrap();
    symlink("nowhere", env.path("bearhug.toml")).unwrap();
    is_found(&env, "it is a link");
}

#[test]
fn what_everybody_can_write_does_not_count() {
    let (env, _) = accepted();
    mode(&env.path("bearhug.toml"), 0o666);
    is_found(&env, "every user of this computer can write it");
    mode(&env.path("bearhug.toml"), 0o664);
    env.run(["scan", "."]).exits(0);
}

#[test]
fn what_another_user_owns_does_not_count() {
    let (env, _) = accepted();
    // Only root can give files away.
    if chown(env.path("bearhug.toml"), Some(65534), None).is_ok() {
        is_found(&env, "it belongs to another user (65534)");
    }
}

#[test]
fn what_is_no_file_does_not_count() {
    let (env, _) = accepted();
    fs::remove_file(env.path("bearhug.toml")).unwrap();
    let mut pipe = env.command("mkfifo");
    pipe.arg("bearhug.toml");
    Outcome::of(pipe).exits(0);
    is_found(&env, "it is no file");
    fs::remove_file(env.path("bearhug.toml")).unwrap();
    env.folder("bearhug.toml");
    is_found(&env, "it is no file");
}

/// Neither what it accepts counts nor what is wrong with it.
#[test]
fn a_tree_that_is_scanned_configures_nothing() {
    let (env, name) = accepted();
    for (text, from) in [(None, "elsewhere"), (Some("= broken"), "elsewhere"), (None, ".")] {
        if let Some(text) = text {
            env.write("bearhug.toml", text);
        }
        let folder = env.root().join("home").join(from);
        fs::create_dir_all(&folder).unwrap();
        let mut command = env.bearhug();
        command.current_dir(&folder).args(["scan", "--format", "jsonl"]).arg(env.work());
        let outcome = Outcome::of(command).exits(3);
        assert_eq!(outcome.fingerprints(), [name.as_str()]);
        assert_eq!(outcome.stderr(), "");
    }
}

#[test]
fn a_repository_in_another_has_its_own_file() {
    let (env, name) = accepted();
    env.folder("inner");
    env.git_in(&env.path("inner"), ["init", "-q"]);
    fs::copy(env.path("a"), env.path("inner/a")).unwrap();
    let scan = |folder: &str| {
        let mut command = env.bearhug();
        command.current_dir(env.path(folder)).args(["scan", ".", "--format", "jsonl"]);
        Outcome::of(command)
    };
    assert_eq!(scan("inner").exits(3).fingerprints(), [name.as_str()]);
    // Without a repository of its own, a folder belongs to the one around it.
    fs::remove_dir_all(env.path("inner/.git")).unwrap();
    scan("inner").exits(0);
}

#[test]
fn a_folder_that_is_no_repository_has_no_file() {
    let (env, _) = accepted();
    fs::remove_dir_all(env.path(".git")).unwrap();
    env.run(["scan", "."]).exits(3);
}

/// A repository can name single tokens, which are counted, and nothing that hides them unseen.
#[test]
fn what_hides_tokens_by_a_pattern_is_the_users_to_say() {
    for (text, key) in [
        ("[scan]\nexclude = ['*']", "scan.exclude"),
        ("[scan]\nmax-size = 1", "scan.max-size"),
        ("[scan]\nmin-confidence = 'high'", "scan.min-confidence"),
        ("[scan]\nfail-on = 'high'", "scan.fail-on"),
        ("[scan]\nrespect-gitignore = true", "scan.respect-gitignore"),
        ("[scan]\nstrict = false", "scan.strict"),
        ("[scan]\nthreads = 1", "scan.threads"),
        ("[ledger]\naddress = 'postgres://evil.example/x'", "ledger.address"),
    ] {
        let told = repository(text).run(["scan", "."]).exits(1).stderr();
        let expected = format!("bearhug.toml:2: a repository may not set `{key}`");
        assert!(told.contains(&expected), "{told}");
    }
}
