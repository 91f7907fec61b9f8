//! `bearhug event`, and what is kept beside a ledger to hold it to its word.

mod exports;
mod lists;
mod tampering;

use crate::support::{Forge, Outcome, TestEnvironment, python};

/// A ledger after a scan that found three tokens, and a person who took them on.
fn recorded() -> TestEnvironment {
    let env = TestEnvironment::new();
    for (i, token) in Forge::new(71).tokens(3).iter().enumerate() {
        env.write(format!("tree/{i}.env"), format!("HF_TOKEN={token}\n"));
    }
    env.run(["scan", "tree", "--record", "-q"]).exits(3);
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
    ])
    .exits(0);
    env
}

/// Runs SQL on the ledger, as somebody who can write its file does.
fn behind(env: &TestEnvironment, statements: &str) {
    let ledger = env.root().join("home/.local/state/bearhug/ledger.db");
    let script =
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2])";
    let mut command = env.command(python());
    command.args(["-c", script]).arg(ledger).arg(statements);
    Outcome::of(command).exits(0);
}
