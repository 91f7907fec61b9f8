//! Tokens that the configuration accepts.

use std::path::Path;

use super::{repository, write_own};
use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

fn accepting(tokens: &[&String]) -> String {
    let line = |token: &&String| format!("{} = \"an example\"\n", fingerprint(token));
    format!("[scan.allow]\n{}", tokens.iter().map(line).collect::<String>())
}

#[test]
fn what_is_accepted_is_left_out_and_counted() {
    let tokens = Forge::new(1).tokens(3);
    let env = repository(&accepting(&[&tokens[0]]));
    env.write("a", tokens[..2].join("\n"));
    let outcome = env.run(["scan", ".", "--format", "jsonl"]).exits(3);
    assert_eq!(outcome.fingerprints(), [fingerprint(&tokens[1])]);
    assert_eq!(outcome.summary()["hidden"]["configured"], 1);
    // The user's list and the repository's are one.
    write_own(&env, &accepting(&[&tokens[1]]));
    let outcome = env.run(["scan", "."]).exits(0).stdout();
    assert!(outcome.contains("No tokens found but hidden ones"), "{outcome}");
    assert!(outcome.contains("Hidden: 2 tokens that the configuration accepts"), "{outcome}");
    // A baseline and a list go together.
    env.write("b", &tokens[2]);
    env.run(["scan", ".", "--write-baseline", "known.json"]).exits(0);
    let outcome = env.run(["scan", ".", "--baseline", "known.json", "--format", "jsonl"]).exits(0);
    let hidden = &outcome.summary()["hidden"];
    assert_eq!((&hidden["baseline"], &hidden["configured"]), (&1.into(), &2.into()));
}

#[test]
fn hooks_heed_what_is_accepted_and_no_other_setting() {
    let tokens = Forge::new(2).tokens(2);
    let env = repository(&accepting(&[&tokens[0]]));
    env.write("a", &tokens[0]);
    env.git(["add", "a"]);
    env.run(["hook", "run", "pre-commit"]).exits(0);
    env.write("b", &tokens[1]);
    env.git(["add", "b"]);
    env.run(["hook", "run", "pre-commit"]).exits(3);
    write_own(
        &env,
        "[scan]\nexclude = ['b']\nmax-size = 1\nfail-on = 'high'\nmin-confidence = 'high'",
    );
    env.run(["hook", "run", "pre-commit"]).exits(3);
    // What cannot be understood lets nothing pass.
    env.write("bearhug.toml", "[scan]\nalow = 1");
    env.git(["rm", "-q", "--cached", "a", "b"]);
    env.run(["hook", "run", "pre-commit"]).exits(1);
}

/// Who allows a token in what is scanned does not keep it from being revoked, nor vouch for it.
#[test]
fn a_job_is_not_told_that_an_accepted_token_is_nowhere() {
    let tokens = Forge::new(3).tokens(1);
    let env = repository(&accepting(&[&tokens[0]]));
    env.write("a", &tokens[0]);
    let outcome = env.run(["revoke", "a", "--dry-run"]);
    assert!(outcome.to_string().contains(&fingerprint(&tokens[0])), "{outcome}");
}

/// A clone of this repository is clean.
#[test]
fn this_repository_scans_clean() {
    let env = TestEnvironment::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    env.git(["clone", "-q", here.to_str().unwrap(), "clone"]);
    let mut command = env.bearhug();
    command.current_dir(env.path("clone")).args(["scan", ".", "--format", "jsonl"]);
    let outcome = Outcome::of(command).exits(0);
    assert_eq!(outcome.fingerprints(), Vec::<String>::new());
}
