//! `bearhug vault`.

mod elsewhere;
mod importing;
mod lending;
mod sealed;
mod terminal;

use serde_json::Value;

use crate::support::{LocalHub, Outcome, TestEnvironment};

/// Options that open a vault without a person.
const KEY: [&str; 2] = ["--key", "file:key"];

/// Adds a token by the standard input.
fn add(env: &TestEnvironment, name: &str, token: &str) -> Outcome {
    let is_new = !env.root().join("home/.local/share/bearhug/vault").exists();
    let arguments: &[&str] = if is_new { &KEY } else { &[] };
    env.feed(token.as_bytes(), &[&["vault", "add", name, "-"], arguments].concat())
}

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout()).unwrap_or_else(|error| panic!("{error}: {outcome}"))
}

fn listed(env: &TestEnvironment) -> Vec<Value> {
    let list = json(&env.run(["vault", "list", "--format", "json"]).exits(0));
    assert_eq!(list["schema"], "bearhug.vault/1");
    list["entries"].as_array().unwrap().clone()
}

/// What `vault check` says of each entry: name, condition and whether it was replaced.
fn checked(outcome: &Outcome) -> Vec<(String, String, bool)> {
    let check = json(outcome);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let entries = check["entries"].as_array().unwrap().iter();
    entries
        .map(|e| (text(&e["name"]), text(&e["condition"]), !e["replaced_by"].is_null()))
        .collect()
}

/// Asks the Hub about all entries.
fn check(env: &TestEnvironment, hub: &LocalHub) -> Outcome {
    hub.run(env, &["vault", "check", "--format", "json"])
}
