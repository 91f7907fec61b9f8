//! What scans record, and what becomes of it with the next.

use std::fs;

use bearhug_localhub::TokenSpec;
use serde_json::Value;

use super::{json, record, repository, token, tokens};
use crate::support::{Forge, LocalHub, Outcome, TestEnvironment, fingerprint};

const REPOSITORY: &str = "https://git.example.org/acme/model";

fn places(token: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let places = token["sightings"].as_array().unwrap().iter();
    places.map(|p| (text(&p["source"]), text(&p["origin"]), text(&p["presence"]))).collect()
}

fn place(source: &str, origin: &str, presence: &str) -> (String, String, String) {
    (source.to_owned(), origin.to_owned(), presence.to_owned())
}

#[test]
fn three_commands_lead_to_the_riskiest_token_its_owner_and_what_to_do() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(1);
    let (committed, loose) = (forge.token(), forge.token());
    repository(&env, &committed, &loose);
    let said = record(&env);
    assert!(said.contains("recorded: 2 tokens (2 new), 2 places (2 new)"), "{said}");
    assert!(said.contains("bearhug token list"), "{said}");
    let list = env.run(["token", "list"]).exits(0).stdout();
    let first = list.lines().nth(1).unwrap();
    let id = first.split_whitespace().nth(1).unwrap();
    assert!(id.starts_with("id_") && first.contains("nobody"), "{list}");
    let shown = env.run(["token", "show", id]).exits(0).stdout();
    for part in [
        "perhaps Ada Example <ada@example.org>: wrote commit",
        "perhaps @acme/ml: CODEOWNERS lists them for train.py",
        "risk:",
        "do:",
        "in https://git.example.org/acme/model",
        "file:train.py:1: since",
        &fingerprint(&committed),
        "next: bearhug token adopt",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
}

#[test]
fn a_repository_is_the_same_wherever_it_is_scanned_from() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(2);
    let (committed, loose) = (forge.token(), forge.token());
    repository(&env, &committed, &loose);
    record(&env);
    let absolute = env.work().display().to_string();
    for (folder, path) in [("sub", ".."), (".", &absolute), (".", "./")] {
        let mut command = env.bearhug();
        command.current_dir(env.folder(folder)).args(["scan", path, "--record"]);
        let said = Outcome::of(command).exits(3).stderr();
        assert!(said.contains("2 tokens (0 new), 2 places (0 new)"), "{path}: {said}");
        assert!(!said.contains("gone"), "{path}: {said}");
    }
    let all = tokens(&env);
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|token| token["exposure"]["places"] == 1), "{all:?}");
}

#[test]
fn what_is_fixed_in_the_tree_lives_on_in_history_until_that_is_rewritten() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(3);
    let (committed, loose) = (forge.token(), forge.token());
    repository(&env, &committed, &loose);
    record(&env);
    env.write("train.py", "token = None\n");
    env.git(["commit", "-qam", "two"]);
    fs::remove_file(env.path(".env")).unwrap();
    let said = record(&env);
    assert!(said.contains("1 gone from the files, but alive in a git history"), "{said}");
    assert!(said.contains("1 gone,") || said.contains(" 1 gone."), "{said}");
    let token = token(&env, &fingerprint(&committed));
    assert_eq!(places(&token), [place(REPOSITORY, "file:train.py", "in_history")]);
    assert_eq!(token["exposure"]["in_history"], 1);
    let gone = super::token(&env, &fingerprint(&loose));
    assert_eq!(gone["sightings"][0]["presence"], "gone");
    assert_eq!(gone["exposure"]["present"], 0);
    // Nothing leads to it any more once the history starts anew.
    fs::remove_dir_all(env.path(".git")).unwrap();
    env.git(["init", "-q"]);
    env.git(["remote", "add", "origin", "https://git.example.org/acme/model"]);
    env.git(["add", "."]);
    env.git(["commit", "-qm", "anew"]);
    let said = env.run(["scan", ".", "--record"]).exits(0).stderr();
    assert!(said.contains("1 gone"), "{said}");
    let token = super::token(&env, &fingerprint(&committed));
    assert_eq!(places(&token), [place(REPOSITORY, "file:train.py", "gone")]);
}

#[test]
fn the_same_token_in_a_notebook_a_ticket_and_an_archive_is_one_identity() {
    let env = TestEnvironment::new();
    let value = Forge::new(4).token();
    let cell = serde_json::json!({"cell_type": "code", "source": [format!("T = '{value}'\n")],
        "metadata": {}, "outputs": [], "execution_count": 1});
    let notebook = serde_json::json!({"cells": [cell], "metadata": {}, "nbformat": 4,
        "nbformat_minor": 5});
    env.write("notebooks/train.ipynb", notebook.to_string());
    env.write("tickets/export.json", format!("{{\"body\": \"it says {value}\"}}"));
    env.write("image/layer", format!("TOKEN={value}\n"));
    let mut tar = env.command("tar");
    tar.args(["-czf", "image.tgz", "image"]);
    Outcome::of(tar).exits(0);
    for path in ["notebooks", "tickets/export.json", "image.tgz"] {
        env.run(["scan", path, "--record"]).exits(3);
    }
    let all = tokens(&env);
    assert_eq!(all.len(), 1, "{all:?}");
    let token = token(&env, all[0]["id"].as_str().unwrap());
    let places = places(&token);
    assert_eq!(places.len(), 3, "{places:?}");
    assert_eq!(token["exposure"]["sources"].as_array().unwrap().len(), 3, "{places:?}");
    assert!(places.iter().any(|(source, ..)| source.ends_with("tickets/export.json")));
}

#[test]
fn a_scan_that_may_overlook_something_clears_nothing() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(5);
    let (committed, loose) = (forge.token(), forge.token());
    repository(&env, &committed, &loose);
    env.write("sub/.env", format!("HF_TOKEN={}\n", forge.token()));
    record(&env);
    let all_present = || {
        let there = |token: &Value| token["exposure"]["present"] == token["exposure"]["places"];
        tokens(&env).iter().all(there)
    };
    fs::remove_file(env.path(".env")).unwrap();
    for options in [
        &["--exclude", "x"][..],
        &["--fast"],
        &["--no-history"],
        &["--respect-gitignore"],
        &["--no-archives"],
        &["--since", "2020-01-01"],
        &["--branch", "main"],
    ] {
        let arguments = [&["scan", "--record"][..], options].concat();
        let said = env.run(arguments).stderr();
        assert_eq!(said.matches("(0 new)").count(), 2, "{options:?}: {said}");
        assert!(all_present(), "{options:?}: {said}");
    }
    let said = env.run(["scan", "sub", "--record"]).exits(3).stderr();
    assert!(all_present(), "a part of a working copy is not all of it: {said}");
    let said = env.run(["scan", "--record"]).exits(3).stderr();
    assert!(said.contains("1 gone") && !all_present(), "{said}");
}

#[test]
fn a_baseline_hides_a_token_and_does_not_clear_it() {
    let env = TestEnvironment::new();
    let value = Forge::new(6).token();
    env.write("a.env", format!("HF_TOKEN={value}\n"));
    env.run(["scan", ".", "--record"]).exits(3);
    env.run(["scan", ".", "--write-baseline", "known.json"]).exits(0);
    let said = env.run(["scan", ".", "--record", "--baseline", "known.json"]).exits(0).stderr();
    assert!(said.contains("not marked as gone"), "{said}");
    env.write("a.env", format!("HF_TOKEN={value} # bearhug:allow\n"));
    env.run(["scan", ".", "--record"]).exits(0);
    assert_eq!(tokens(&env)[0]["exposure"]["present"], 1);
}

#[test]
fn what_the_hub_says_is_recorded_too() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let (alive, dead) = (hub.token(TokenSpec::write("ci")), Forge::new(7).token());
    env.write("a.env", format!("A={alive}\nB={dead}\n"));
    hub.run(&env, &["scan", ".", "--verify", "--record"]).exits(3);
    let told = token(&env, &fingerprint(&alive));
    assert_eq!(told["standing"]["verdict"], "active");
    assert_eq!(told["standing"]["account"], "ada");
    assert_eq!(told["standing"]["role"], "write");
    assert_eq!(told["suggested_owners"][0]["owner"], "ada");
    let told = token(&env, &fingerprint(&dead));
    assert_eq!(
        (&told["state"], &told["standing"]["verdict"]),
        (&"revoked".into(), &"inactive".into())
    );
}

#[test]
fn a_ledger_that_cannot_be_written_is_an_error_and_none_is_made_by_reading() {
    let env = TestEnvironment::new();
    env.write("a.env", format!("HF_TOKEN={}\n", Forge::new(8).token()));
    env.write("not-a-ledger", "hello");
    let outcome = env.run(["scan", ".", "--record", "--ledger", "not-a-ledger"]).exits(1);
    assert!(outcome.stderr().contains("hint:"), "{outcome}");
    let outcome = env.run(["scan", "--record", "--ledger", "nonsense://x:secret@y"]).exits(2);
    assert!(!outcome.stderr().contains("secret"), "{outcome}");
    let ledger = env.root().join("home/.local/state/bearhug/ledger.db");
    env.run(["scan", "."]).exits(3);
    assert!(!ledger.exists());
    let named = env.path("named.db");
    let mut command = env.bearhug();
    command.args(["scan", ".", "--record"]).env("BEARHUG_LEDGER", &named);
    Outcome::of(command).exits(3);
    assert!(named.exists() && !ledger.exists());
    let list = ["token", "list", "--format", "json", "--ledger", "named.db"];
    assert_eq!(json(&env.run(list).exits(0))["identities"].as_array().unwrap().len(), 1);
}

#[test]
fn a_revocation_is_recorded_with_its_proof_where_there_is_a_ledger() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let (one, two) = (hub.token(TokenSpec::read("one")), hub.token(TokenSpec::read("two")));
    let ledger = env.root().join("home/.local/state/bearhug/ledger.db");
    hub.feed(&env, &one, &["revoke"]).exits(0);
    assert!(!ledger.exists(), "a revocation makes no ledger");
    env.write("a.env", format!("HF_TOKEN={two}\n"));
    hub.run(&env, &["scan", ".", "--verify", "--record"]).exits(3);
    let said = hub.feed(&env, &two, &["revoke"]).exits(0).stderr();
    assert!(said.contains("revoked in the ledger"), "{said}");
    let told = token(&env, &fingerprint(&two));
    assert_eq!(
        (&told["state"], &told["standing"]["verdict"]),
        (&"revoked".into(), &"inactive".into())
    );
    let events = told["events"].as_array().unwrap();
    let moved = events.iter().find(|event| event["kind"] == "identity.moved").unwrap();
    assert!(moved["details"]["why"].as_str().unwrap().contains("request"), "{moved}");
}

#[test]
fn the_end_of_a_token_that_was_replaced_is_recorded_and_the_identity_goes_on() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let (old, new) = (hub.token(TokenSpec::write("old")), hub.token(TokenSpec::write("new")));
    let add = ["token", "add", "-", "--name", "ci", "--owner", "ada"];
    hub.feed(&env, &old, &add).exits(0);
    hub.feed(&env, &new, &["token", "add", "-", "--replaces", "ci", "--verify"]).exits(0);
    let said = hub.feed(&env, &old, &["revoke"]).exits(0).stderr();
    assert!(said.contains("past token"), "{said}");
    let told = token(&env, "ci");
    assert_eq!(
        (&told["state"], &told["standing"]["verdict"]),
        (&"active".into(), &"active".into())
    );
    let events = told["events"].as_array().unwrap();
    let is_it = |event: &&Value| event["details"]["past_token"] == fingerprint(&old);
    let event = events.iter().find(is_it).unwrap();
    assert!(event["details"]["why"].as_str().unwrap().contains("request"), "{event}");
}
