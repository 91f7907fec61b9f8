//! `--keyring` and git's credential helpers: its own, and some that misbehave.

use std::{fs, process::Command};

use serde_json::{Value, json};

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

const PATH: &str = "git credential helper for huggingface.co";

/// The sightings of a token in what a helper said.
fn seen(outcome: &Outcome, token: &str) -> Vec<Value> {
    let name = fingerprint(token);
    let finding = outcome.findings().into_iter().find(|f| f["fingerprint"] == name.as_str());
    let sightings = finding.map_or_else(Vec::new, |f| f["sightings"].as_array().unwrap().clone());
    sightings.into_iter().filter(|s| s["storage"] == "git_credential_helper").collect()
}

/// What the helpers did not tell.
fn unheard(outcome: &Outcome) -> Vec<(String, String)> {
    let gaps = outcome.summary()["gaps"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let all = gaps.iter().map(|gap| (text(&gap["path"]), text(&gap["detail"])));
    all.filter(|(path, _)| path.starts_with("git credential helper")).collect()
}

fn configure(env: &TestEnvironment, helper: &str) {
    env.git(["config", "--global", "--add", "credential.helper", helper]);
}

/// Hands a credential to the helpers that are configured.
fn keep(env: &TestEnvironment, url: &str, user: &str, token: &str) {
    let mut approve = env.command("git");
    approve.args(["credential", "approve"]);
    let input = format!("url={url}\nusername={user}\npassword={token}\n\n");
    Outcome::fed(approve, input.as_bytes()).exits(0);
}

fn asking(env: &TestEnvironment) -> Command {
    let mut command = env.bearhug();
    command.args(["scan", "--machine", "--keyring", "--format", "jsonl"]);
    command
}

fn scan(env: &TestEnvironment) -> Outcome {
    Outcome::of(asking(env))
}

#[test]
fn a_store_in_a_file_of_its_own_is_asked_with_consent() {
    let env = TestEnvironment::new();
    configure(&env, "store --file ~/vault/passwords");
    fs::create_dir(env.root().join("home/vault")).unwrap();
    let mut forge = Forge::new(81);
    let [hub, short, own, client] = [(); 4].map(|()| forge.token());
    keep(&env, "https://huggingface.co", "hf_user", &client);
    keep(&env, "https://huggingface.co", "ada", &hub);
    keep(&env, "https://hf.co", "ada", &short);
    keep(&env, "http://hub.example.org:8080", "ada", &own);
    let mut command = asking(&env);
    command.env("HF_ENDPOINT", "http://hub.example.org:8080/path");
    let outcome = Outcome::of(command).exits(3);
    for (token, host) in [
        (&hub, "huggingface.co"),
        (&client, "huggingface.co"),
        (&short, "hf.co"),
        (&own, "hub.example.org:8080"),
    ] {
        let sightings = seen(&outcome, token);
        assert_eq!(sightings.len(), 1, "{host}: {outcome}");
        assert_eq!(sightings[0]["path"], format!("git credential helper for {host}"));
        let origin = json!(["machine:git credential helper", format!("asked:{host}")]);
        assert_eq!(sightings[0]["origin"], origin);
        assert_eq!(sightings[0]["context"], format!("password=hf_…{}", &token[33..]));
    }
    assert!(unheard(&outcome).is_empty(), "{outcome}");
    assert!(seen(&scan(&env), &own).is_empty(), "nobody was to ask for that host");
    let plain = env.run(["scan", "--machine", "--format", "jsonl"]);
    assert!(seen(&plain, &hub).is_empty(), "nobody consented");
    let human = env.run(["scan", "--machine", "--keyring"]).exits(3).stdout();
    assert!(human.contains(&format!("seen: {PATH}\n")), "{human}");
    // It takes the token out as the advice says.
    let advice = seen(&outcome, &hub)[0]["advice"].as_str().unwrap().to_owned();
    let mut reject = env.command("sh");
    reject.args(["-c", advice.split('`').nth(1).unwrap()]);
    Outcome::of(reject).exits(0);
    assert!(seen(&scan(&env), &hub).is_empty(), "{advice}");
}

#[test]
fn a_cache_that_is_in_no_file_is_asked() {
    let env = TestEnvironment::new();
    configure(&env, "cache --timeout 300");
    let token = Forge::new(82).token();
    assert!(unheard(&scan(&env)).is_empty(), "an empty cache misses nothing");
    keep(&env, "https://huggingface.co", "hf_user", &token);
    let outcome = scan(&env);
    env.git(["credential-cache", "exit"]);
    assert_eq!(seen(&outcome, &token).len(), 1, "{outcome}");
    assert_eq!(seen(&outcome, &token)[0]["path"], PATH);
}

#[test]
fn no_helper_is_no_gap_and_nobody_is_prompted() {
    let env = TestEnvironment::new();
    let mut command = asking(&env);
    let asked = env.path("asked");
    let askpass = env.path("askpass");
    env.install(&askpass, format!("#!/bin/sh\ntouch {}\n", asked.display()).as_bytes());
    env.git(["config", "--global", "core.askPass", askpass.to_str().unwrap()]);
    command.env("GIT_ASKPASS", &askpass).env("SSH_ASKPASS", &askpass);
    let outcome = Outcome::of(command);
    assert!(unheard(&outcome).is_empty() && !asked.exists(), "{outcome}");
    env.run(["scan", "--keyring"]).exits(2);
}

#[test]
fn the_repository_that_is_searched_names_no_helper() {
    let env = TestEnvironment::new();
    env.git(["init", "-q"]);
    let run = env.path("run");
    env.git(["config", "credential.helper", &format!("!touch {}; :", run.display())]);
    let mut command = asking(&env);
    command.arg(".").env("GIT_DIR", env.path(".git"));
    let outcome = Outcome::of(command);
    assert!(!run.exists(), "{outcome}");
    env.try_git(["credential", "fill"]);
}

#[test]
fn a_helper_that_misbehaves_is_a_gap_and_its_words_stay_secret() {
    let token = Forge::new(83).token();
    for (helper, words, is_found) in [
        ("!cat $F >&2; exit 1; :", "it failed", true),
        ("!cat $F; :", "it failed", true),
        ("!printf 'quit=true\\n'; :", "it failed", false),
        ("!head -c 3000000 /dev/zero | tr '\\0' x; :", "it failed", false),
        ("!head -c 99 /dev/urandom; :", "it failed", false),
        (
            "!echo username=a; printf password=; tr -d '\\n' < $F; printf , ; yes | tr -d '\\n' | head -c 3000000; :",
            "more than",
            true,
        ),
        ("!kill -9 $PPID; :", "a signal ended it", false),
    ] {
        let env = TestEnvironment::new();
        configure(&env, helper);
        let mut command = asking(&env);
        let file = env.write("secret", format!("{token}\n"));
        let outcome = Outcome::of({
            command.env("F", file);
            command
        });
        let gaps = unheard(&outcome);
        assert!(
            gaps.iter().any(|(path, why)| path == PATH && why.contains(words)),
            "{helper}: {outcome}"
        );
        assert_eq!(!seen(&outcome, &token).is_empty(), is_found, "{helper}: {outcome}");
        assert!(!outcome.to_string().contains(&token[3..]), "{helper}");
    }
}
