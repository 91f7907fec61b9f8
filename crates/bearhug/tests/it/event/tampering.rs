//! Ledgers that somebody changed, as a person finds out.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::Value;

use super::{behind, recorded};
use crate::support::{Outcome, TestEnvironment, python};

fn verified(env: &TestEnvironment, code: i32) -> Value {
    let outcome = env.run(["event", "verify", "--format", "json"]).exits(code);
    serde_json::from_str(&outcome.stdout()).unwrap()
}

fn found(env: &TestEnvironment) -> Vec<(u64, String)> {
    let report = verified(env, 3);
    let faults = report["faults"].as_array().unwrap();
    let fault = |f: &Value| (f["first"].as_u64().unwrap(), f["kind"].as_str().unwrap().to_owned());
    faults.iter().map(fault).collect()
}

#[test]
fn what_commands_write_is_vouched_for_by_itself() {
    let env = recorded();
    let report = verified(&env, 0);
    assert_eq!(report["schema"], "bearhug.verification/1");
    assert_eq!(report["sound"], true);
    assert_eq!(report["vouched_until"], report["last"]);
    assert_eq!(report["remembered_until"], report["last"]);
    assert_eq!(report["checkpoints"], 2, "one for each command that wrote");
    let text = env.run(["event", "verify"]).exits(0).stdout();
    assert!(text.starts_with("Nothing is wrong with "), "{text}");
    let state = env.root().join("home/.local/state/bearhug");
    for name in ["ledger.db", "ledger.key", "ledger.anchors"] {
        let mode = fs::metadata(state.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn whatever_is_changed_is_found_and_named() {
    for (statements, expected) in [
        ("UPDATE event SET details = '{}' WHERE seq = 4", &[(4, "altered")][..]),
        ("UPDATE event SET actor = 'eve' WHERE seq IN (2, 9)", &[(2, "altered"), (9, "altered")]),
        ("DELETE FROM event WHERE seq = 5", &[(5, "missing")]),
        ("DELETE FROM checkpoint WHERE seq < 12", &[(10, "checkpoint_missing")]),
    ] {
        let env = recorded();
        behind(&env, statements);
        let found = found(&env);
        let found: Vec<_> = found.iter().map(|(seq, kind)| (*seq, kind.as_str())).collect();
        assert_eq!(found, expected, "{statements}");
        let text = env.run(["event", "verify"]).exits(3).stdout();
        assert!(text.contains(&format!("event {}", expected[0].0)), "{text}");
    }
}

#[test]
fn an_end_that_is_cut_off_is_missed_and_stays_missed() {
    let env = recorded();
    let end = verified(&env, 0)["last"].as_u64().unwrap();
    behind(
        &env,
        "DELETE FROM event WHERE seq > 3; DELETE FROM checkpoint WHERE seq > 3;
         UPDATE chain SET seq = 3, hash = (SELECT hash FROM event WHERE seq = 3)",
    );
    let missed = [(4, "forgotten".to_owned()), (end, "checkpoint_missing".to_owned())];
    assert_eq!(found(&env), missed);
    // A command that writes on does not cover it up, and says so.
    let said = env.run(["owner", "add", "bob"]).exits(0).stderr();
    assert!(said.contains("warning: the chain of events in the ledger is broken"), "{said}");
    assert!(found(&env).contains(&missed[1]));
    let said = env.run(["event", "seal"]).exits(3).stderr();
    assert!(said.contains("does not vouch"), "{said}");
}

#[test]
fn another_computer_trusts_the_keys_that_it_is_told() {
    let env = recorded();
    let status = env.run(["ledger", "status", "--format", "json"]).exits(0).stdout();
    let status: Value = serde_json::from_str(&status).unwrap();
    let key = status["key"].as_str().unwrap();
    let elsewhere = |arguments: &[&str]| {
        let mut command = env.bearhug();
        command.env("XDG_STATE_HOME", env.path("state"));
        command.args(["event", "verify", "--ledger", "../home/.local/state/bearhug/ledger.db"]);
        command.args(arguments);
        Outcome::of(command)
    };
    let unknown = elsewhere(&[]).exits(3).stdout();
    assert!(unknown.contains("a key that is not trusted here"), "{unknown}");
    let known = elsewhere(&["--key", key]).exits(0).stdout();
    assert!(known.contains("does not remember it"), "{known}");
    elsewhere(&["--key", &key.replace("ed25519:", "")]).exits(2);
    assert!(!env.path("state/bearhug/ledger.key").exists(), "who only looks needs no key");
}

/// Python's own Ed25519 says that a checkpoint is by the key that the status shows.
#[test]
fn another_program_can_check_a_checkpoint() {
    let env = recorded();
    let script = r"
import sqlite3, struct, sys
from Cryptodome.Signature import eddsa
query = 'SELECT seq, hash, at, previous, key, signature FROM checkpoint ORDER BY seq'
for seq, hash, at, previous, key, signature in sqlite3.connect(sys.argv[1]).execute(query):
    message = b'bearhug:checkpoint:v1\0' + struct.pack('>Q', seq) + bytes.fromhex(hash)
    message += struct.pack('>qQ', at, previous) + key.encode()
    public = eddsa.import_public_key(bytes.fromhex(key.removeprefix('ed25519:')))
    eddsa.new(public, 'rfc8032').verify(message, bytes.fromhex(signature))
    print(key)
";
    let mut command = env.command(python());
    command.args(["-c", script]).arg(env.root().join("home/.local/state/bearhug/ledger.db"));
    let keys = Outcome::of(command).exits(0).stdout();
    let status = env.run(["ledger", "status"]).exits(0).stdout();
    assert_eq!(keys.lines().count(), 2);
    assert!(keys.lines().all(|key| status.contains(key)), "{keys}{status}");
}

#[test]
fn a_key_that_others_can_read_vouches_for_nothing() {
    let env = recorded();
    let key = env.root().join("home/.local/state/bearhug/ledger.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let said = env.run(["owner", "add", "bob"]).exits(0).stderr();
    assert!(
        said.contains("not vouched for yet") && said.contains("others can read the key"),
        "{said}"
    );
    env.run(["event", "verify"]).exits(1);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    env.run(["owner", "add", "carol"]).exits(0);
    assert_eq!(verified(&env, 0)["vouched_until"], verified(&env, 0)["last"]);
}
