//! The ledger and its commands: nothing typed, found or told by the Hub brings a token into its files.

use bearhug_localhub::{Fault, FaultKind, TokenSpec};
use serde_json::json;

use super::{plants::Plants, watch::Watch};
use crate::support::{Forge, LocalHub, Outcome, TestEnvironment};

/// The files of the ledger that nobody named.
fn ledger_files(env: &TestEnvironment) -> Vec<String> {
    let folder = env.root().join("home/.local/state/bearhug");
    let names = std::fs::read_dir(folder).unwrap();
    names.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_recorded_scan_leaves_no_token_in_the_ledger() {
    let env = TestEnvironment::new();
    let plants = Plants::everywhere(61, &env);
    let watch = Watch::over(&env, &plants.secrets);
    for options in [&[][..], &["--machine"], &["--include-placeholders", "-v"]] {
        let arguments = [&["scan", "tree", "--record"][..], options].concat();
        watch.heard(&format!("{options:?}"), env.run(arguments)).exits(3);
        watch.seen(&env);
    }
    assert!(ledger_files(&env).iter().any(|name| name == "ledger.db"));
    for format in ["human", "json", "jsonl", "csv"] {
        for command in [
            &["token", "list", "--all", "--limit", "100000"][..],
            &["owner", "list"],
            &["owner", "campaign", "--every", "1d"],
        ] {
            let arguments = [command, &["--format", format]].concat();
            let outcome = watch.heard(&arguments.join(" "), env.run(&arguments));
            assert!(!outcome.out.is_empty(), "{outcome}");
        }
    }
    let list = env.run(["token", "list", "--all", "--format", "jsonl"]).exits(0);
    let records = list.records();
    let ids = records.iter().filter_map(|record| record["id"].as_str());
    for id in ids.take(40) {
        watch.heard(id, env.run(["token", "show", id, "-v"]).exits(0));
        watch.heard(id, env.run(["token", "show", id, "--format", "json"]).exits(0));
        watch.heard(id, env.run(["token", "history", id]).exits(0));
    }
    watch.seen(&env);
}

/// A write-ahead log is there while somebody has the ledger open.
#[test]
fn no_token_is_in_the_log_of_a_ledger_that_is_written() {
    let env = TestEnvironment::new();
    let plants = Plants::everywhere(62, &env);
    let watch = Watch::over(&env, &plants.secrets);
    let mut command = env.bearhug();
    command.args(["scan", "tree", "--record", "--quiet"]);
    let mut child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
    let mut looks = 0;
    while child.try_wait().unwrap().is_none() {
        watch.seen(&env);
        looks += 1;
    }
    watch.seen(&env);
    assert!(looks > 0);
}

#[test]
fn what_is_typed_brings_no_token_into_the_ledger() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let mut forge = Forge::new(63);
    let (known, typed) = (hub.token(TokenSpec::write("ci")), forge.token());
    let watch = Watch::over(&env, &[known[3..].to_owned(), typed[3..].to_owned()]);
    let add = ["token", "add", "-", "--name", "ci", "--owner", "ada", "--verify"];
    watch.heard("add", hub.feed(&env, &known, &add)).exits(0);
    let text = format!("see {typed} there");
    env.write("plan.csv", format!("{typed},transfer,{typed}\n"));
    for arguments in [
        &["token", "show", &typed][..],
        &["token", "add", &typed],
        &["token", "add", "--env", &typed],
        &["token", "add", "-", "--name", &text],
        &["token", "add", "-", "--owner", &text],
        &["token", "add", "-", "--replaces", &typed],
        &["token", "adopt", "ci", "--owner", &typed],
        &["token", "assign", "ci", "--owner", &text],
        &["token", "assign", "ci", "--owner", "bob", "--reason", &text],
        &["token", "tag", "ci", "--add", &typed],
        &["token", "tag", "ci", "--remove", &typed],
        &["token", "describe", "ci", "--name", &typed],
        &["token", "describe", "ci", "--purpose", &text],
        &["token", "describe", "ci", "--environment", &typed],
        &["token", "describe", "ci", "--note", &text],
        &["token", "describe", "ci", "--resource", &typed],
        &["token", "released", "ci", "--reason", &text],
        &["token", "released", "ci", "--at", &typed],
        &["token", "released", &typed],
        &["token", "mark", "ci", "--as", "compromised", "--reason", &text],
        &["token", "retire", "ci", "--reason", &text],
        &["token", "list", "--search", &typed, "--owner", &typed, "--tag", &typed],
        &["token", "list", "--after", &typed],
        &["token", "list", "--ledger", &typed],
        &["token", "list", "--ledger", &format!("postgres://ada:{typed}@127.0.0.1:1/x")],
        &["token", "confirm", "--all-matching", &typed, "--yes"],
        &["token", "confirm", "--all-matching", &format!("tag={typed}"), "--yes"],
        &["owner", "add", &typed],
        &["owner", "add", "bob", "--email", &typed],
        &["owner", "add", "bob", "--alias", &text],
        &["owner", "alias", "ada", &typed],
        &["owner", "show", &typed],
        &["owner", "offboard", "ada", "--transfer-to", &typed],
        &["owner", "offboard", "ada", "--plan", "plan.csv"],
        &["scan", ".", "--record", "--environment", &typed],
    ] {
        let what = arguments.join(" ").replace(&typed, "…");
        watch.heard(&what, Outcome::fed(hub.bearhug(&env, arguments), known.as_bytes()));
        watch.seen_in_ledger(&env);
    }
}

#[test]
fn names_like_tokens_stay_out_of_the_ledger() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let mut forge = Forge::new(64);
    let (alive, other) = (hub.token(TokenSpec::write("ci")), forge.token());
    let watch = Watch::over(&env, &[alive[3..].to_owned(), other[3..].to_owned()]);
    let told = format!("{alive} and {other}");
    let who = json!({
        "auth": { "type": "access_token", "accessToken": { "displayName": told, "role": told } },
        "type": "user", "id": told, "name": told, "fullname": told, "orgs": [],
    });
    let path = "/api/whoami-v2".to_owned();
    let fault = FaultKind::Answer { content: who };
    hub.world().inject(Fault { method: None, path, times: 1000, fault });
    let folder = format!("repo-{other}");
    env.git(["init", "-q", &folder]);
    let remote = format!("https://ada:{other}@git.example.org/{other}/model");
    let here = env.path(&folder);
    env.git_in(&here, ["remote", "add", "origin", &remote]);
    env.write(format!("{folder}/{other}/.env"), format!("HF_TOKEN={alive}\n"));
    env.write(format!("{folder}/CODEOWNERS"), format!("* @{other}\n"));
    env.git_in(&here, ["add", "-A"]);
    env.git_in(&here, ["-c", &format!("user.name={other}"), "commit", "-qm", &other]);
    for arguments in [
        &["scan", &folder, "--record", "--verify"][..],
        &["scan", &folder, "--record"],
        &["token", "list", "--all"],
        &["token", "list", "--all", "--format", "json"],
        &["owner", "list"],
    ] {
        let what = arguments.join(" ").replace(&other, "…");
        watch.heard(&what, hub.run(&env, arguments));
        watch.seen_in_ledger(&env);
    }
    watch.heard("add", hub.feed(&env, &alive, &["token", "add", "-", "--verify"]));
    watch.seen_in_ledger(&env);
    let list = hub.run(&env, &["token", "list", "--all", "--format", "jsonl"]).exits(0);
    for record in list.records() {
        if let Some(id) = record["id"].as_str() {
            watch.heard(id, hub.run(&env, &["token", "show", id, "-v"])).exits(0);
        }
    }
}
