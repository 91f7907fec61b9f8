//! Files as their own programs write them.

use std::fs;

use serde_json::Value;

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint, python};

fn seen(outcome: &Outcome, value: &str) -> Vec<Value> {
    let name = fingerprint(value);
    let finding = outcome.findings().into_iter().find(|f| f["fingerprint"] == name.as_str());
    finding.map_or_else(Vec::new, |f| f["sightings"].as_array().unwrap().clone())
}

fn scan(env: &TestEnvironment) -> Outcome {
    env.run(["scan", "--machine", "--format", "jsonl"])
}

/// The refresh token among a forge's kinds.
fn refresh_token(forge: &mut Forge) -> String {
    let all = forge.every_kind();
    all.into_iter().find(|one| one.kind == "oauth_refresh_token").unwrap().value
}

/// What `huggingface_hub` does when it stores a login: an INI file, by configparser.
#[test]
fn stored_tokens_in_an_ini_file() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(71);
    let (token, refresh) = (forge.token(), refresh_token(&mut forge));
    let program = "\
import configparser, os, pathlib, sys
path = pathlib.Path.home() / '.cache/huggingface/stored_tokens'
os.makedirs(path.parent, mode=0o700)
config = configparser.ConfigParser()
config['laptop'] = {'hf_token': sys.argv[1]}
config['oauth-ada'] = {'hf_token': sys.argv[1], 'refresh_token': sys.argv[2], 'expires_at': '1'}
with path.open('w') as file:
    config.write(file)
path.chmod(0o600)
";
    let mut writer = env.command(python());
    writer.args(["-c", program, &token, &refresh]);
    Outcome::of(writer).exits(0);
    let outcome = scan(&env).exits(3);
    let sightings = seen(&outcome, &token);
    let lines: Vec<_> = sightings.iter().map(|s| s["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 5], "{outcome}");
    let sightings = seen(&outcome, &refresh);
    assert_eq!(sightings[0]["storage"], "hf_stored_tokens");
    assert_eq!(sightings[0]["mode"], "0600");
}

/// The Rust command line writes JSON at the same path.
#[test]
fn stored_tokens_in_a_json_file() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(72);
    let (token, refresh) = (forge.token(), refresh_token(&mut forge));
    let folder = env.root().join("home/.cache/huggingface");
    fs::create_dir_all(&folder).unwrap();
    let stored = serde_json::json!({
        "tokens": {"laptop": {"token": token}, "oauth-ada": {"token": token, "refresh_token": refresh}},
        "active": "laptop",
    });
    fs::write(folder.join("stored_tokens"), serde_json::to_string_pretty(&stored).unwrap())
        .unwrap();
    let outcome = scan(&env).exits(3);
    assert_eq!(seen(&outcome, &token).len(), 2, "{outcome}");
    assert_eq!(seen(&outcome, &refresh)[0]["storage"], "hf_stored_tokens", "{outcome}");
}

/// Git's own helper writes its store.
#[test]
fn a_credential_that_git_stored() {
    let env = TestEnvironment::new();
    let token = Forge::new(73).token();
    let mut approve = env.command("git");
    approve.args(["-c", "credential.helper=store", "credential", "approve"]);
    let input = format!("url=https://huggingface.co\nusername=hf_user\npassword={token}\n\n");
    Outcome::fed(approve, input.as_bytes()).exits(0);
    let outcome = scan(&env).exits(3);
    let sightings = seen(&outcome, &token);
    assert_eq!(sightings[0]["storage"], "git_credentials", "{outcome}");
    // And takes it out as the advice says.
    let advice = sightings[0]["advice"].as_str().unwrap();
    let command = advice.split('`').nth(1).unwrap();
    let mut reject = env.command("sh");
    reject.args([
        "-c",
        &command.replace("git credential", "git -c credential.helper=store credential"),
    ]);
    Outcome::of(reject).exits(0);
    assert!(seen(&scan(&env), &token).is_empty(), "{command}");
}

/// A history in the pages of a database, by `SQLite` itself.
#[test]
fn a_history_in_a_database() {
    let env = TestEnvironment::new();
    let token = Forge::new(74).token();
    let program = "\
import os, pathlib, sqlite3, sys
path = pathlib.Path.home() / '.ipython/profile_default/history.sqlite'
os.makedirs(path.parent)
with sqlite3.connect(path) as db:
    db.execute('CREATE TABLE history (session integer, line integer, source text, source_raw text)')
    line = f'login(token=\"{sys.argv[1]}\")'
    db.execute('INSERT INTO history VALUES (1, 1, ?, ?)', (line, line))
";
    let mut writer = env.command(python());
    writer.args(["-c", program, &token]);
    Outcome::of(writer).exits(0);
    let outcome = scan(&env);
    assert_eq!(seen(&outcome, &token)[0]["storage"], "ipython_history", "{outcome}");
}
