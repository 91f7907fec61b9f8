//! Events, backups and copies of a ledger, with a token wherever somebody could write one.

use super::watch::Watch;
use crate::support::{Forge, Outcome, TestEnvironment};

/// A ledger of what was found in a tree whose names and files hold the token.
fn recorded(seed: u64) -> (TestEnvironment, String, Watch) {
    let (env, token) = (TestEnvironment::new(), Forge::new(seed).token());
    env.write(format!("tree/{token}.env"), format!("HF_TOKEN={token}\n"));
    env.write(format!("tree/{token}/notes"), format!("see {token}, and {token}"));
    env.write(format!("{token}.json"), &token);
    let watch = Watch::over(&env, &[token[3..].to_owned()]);
    watch.heard("a scan", env.run(["scan", "tree", "--record", "-q"]));
    watch.heard(
        "adopting",
        env.run([
            "token",
            "adopt",
            "--all-matching",
            "all",
            "--yes",
            "--owner",
            "ada",
            "--reason",
            "hers",
        ]),
    );
    (env, token, watch)
}

fn commands(token: &str) -> Vec<Vec<String>> {
    let file = format!("{token}.json");
    let place = format!("absent/{token}");
    let all: Vec<Vec<&str>> = vec![
        vec!["event", "list", "-v"],
        vec!["event", "list", "--format", "json", "-o", "events.json"],
        vec!["event", "list", "--format", "jsonl"],
        vec!["event", "list", "--kind", token],
        vec!["event", "list", "--identity", token],
        vec!["event", "list", "--actor", token],
        vec!["event", "list", "--since", token],
        vec!["event", "list", "--after", token],
        vec!["event", "list", "--limit", token],
        vec!["event", "list", "-o", &place],
        vec!["event", "export"],
        vec!["event", "export", "--format", "ocsf", "-o", "ocsf.jsonl"],
        vec!["event", "export", "--format", "cloudevents", "-o", "cloudevents.jsonl"],
        vec!["event", "export", "--format", token],
        vec!["event", "export", "-o", &place],
        vec!["event", "verify"],
        vec!["event", "verify", "--format", "json"],
        vec!["event", "verify", "--key", token],
        vec!["event", "seal"],
        vec!["event", token],
        vec!["ledger", "status"],
        vec!["ledger", "status", "--format", "json"],
        vec!["ledger", "status", "--ledger", &file],
        vec!["ledger", "status", "--ledger", &place],
        vec!["ledger", "backup", "one.backup"],
        vec!["ledger", "backup", &place],
        vec!["ledger", "restore", &file],
        vec!["ledger", "restore", &place],
        vec!["ledger", "restore", token],
        vec!["ledger", "restore", "one.backup", "--ledger", "new.db", "--format", "json"],
        vec!["ledger", "migrate", "--from", token, "--to", "other.db"],
        vec!["ledger", "migrate", "--from", &file, "--to", "other.db"],
        vec!["ledger", "migrate", "--from", "new.db", "--to", "other.db"],
        vec!["ledger", "migrate", "--from", "new.db", "--to", &file],
        vec!["ledger", token],
    ];
    let owned = |arguments: Vec<&str>| arguments.into_iter().map(str::to_owned).collect();
    all.into_iter().map(owned).collect()
}

#[test]
fn nothing_that_is_kept_or_copied_holds_a_token() {
    let (env, token, watch) = recorded(73);
    for arguments in commands(&token) {
        let what = arguments.join(" ").replace(&token, "…");
        watch.heard(&what, env.run(&arguments));
    }
    watch.seen(&env);
    // What is compressed is looked at as it is inside.
    let mut unpack = env.command(crate::support::python());
    let script = "import sys; from backports import zstd; \
                  sys.stdout.buffer.write(zstd.decompress(open('one.backup', 'rb').read()))";
    unpack.args(["-c", script]);
    let inside = watch.heard("inside of a backup", Outcome::of(unpack).exits(0));
    assert!(inside.stdout().contains("bearhug.backup/1"));
}

#[test]
fn addresses_with_passwords_show_none() {
    let env = TestEnvironment::new();
    let secret = Forge::new(74).letters(24);
    let watch = Watch::over(&env, std::slice::from_ref(&secret));
    let address = format!("postgres://ada:{secret}@127.0.0.1:1/bearhug");
    let odd = format!("mysql://ada:{secret}@127.0.0.1/bearhug");
    for address in [&address, &odd] {
        for arguments in [
            &["event", "list", "--ledger", address][..],
            &["event", "verify", "--ledger", address],
            &["ledger", "status", "--ledger", address],
            &["ledger", "restore", "absent", "--ledger", address],
            &["ledger", "migrate", "--from", address, "--to", "b.db"],
            &["ledger", "migrate", "--from", "b.db", "--to", address],
        ] {
            let outcome =
                watch.heard(&arguments.join(" ").replace(&secret, "…"), env.run(arguments));
            assert_ne!(outcome.code, Some(0), "{outcome}");
        }
    }
    watch.seen(&env);
}
