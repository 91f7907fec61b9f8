//! The tokens of the ledger: what scans record, what people do with it, and who answers.

mod care;
mod owners;
mod recording;

use serde_json::Value;

use crate::support::{Outcome, TestEnvironment};

/// What a command wrote as one JSON object.
fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout()).unwrap_or_else(|error| panic!("{error}: {outcome}"))
}

/// Every token of the ledger.
fn tokens(env: &TestEnvironment) -> Vec<Value> {
    let list = json(&env.run(["token", "list", "--all", "--format", "json"]).exits(0));
    assert_eq!(list["schema"], "bearhug.identities/1");
    list["identities"].as_array().unwrap().clone()
}

/// All that is known of one.
fn token(env: &TestEnvironment, id: &str) -> Value {
    json(&env.run(["token", "show", id, "--format", "json"]).exits(0))
}

/// A repository with a token in a file that is committed, and one in a file that is not.
fn repository(env: &TestEnvironment, committed: &str, loose: &str) {
    env.git(["init", "-q"]);
    env.git(["remote", "add", "origin", "git@git.example.org:acme/model.git"]);
    env.write("CODEOWNERS", "*.py @acme/ml\n");
    env.write("train.py", format!("token = '{committed}'\n"));
    env.git(["add", "."]);
    env.git(["commit", "-qm", "one"]);
    env.write(".env", format!("HF_TOKEN={loose}\n"));
}

fn record(env: &TestEnvironment) -> String {
    env.run(["scan", ".", "--record"]).exits(3).stderr()
}
