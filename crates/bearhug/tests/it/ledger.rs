//! `bearhug ledger`.

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::Value;

use crate::support::{Forge, Outcome, TestEnvironment};

fn recorded() -> TestEnvironment {
    let env = TestEnvironment::new();
    let token = Forge::new(72).token();
    env.write("tree/a.env", format!("HF_TOKEN={token}\n"));
    env.run(["scan", "tree", "--record", "-q"]).exits(3);
    env
}

/// What there is to know of a ledger.
fn told(env: &TestEnvironment, ledger: &str) -> Vec<Vec<u8>> {
    let questions = [
        &["token", "list", "--all", "--format", "json"][..],
        &["event", "export"],
        &["owner", "list", "--format", "json"],
    ];
    let told = |question: &[&str]| env.run([question, &["--ledger", ledger]].concat()).exits(0).out;
    questions.map(told).to_vec()
}

const DEFAULT: &str = "../home/.local/state/bearhug/ledger.db";

#[test]
fn a_ledger_that_is_not_there_has_no_status_and_is_not_made() {
    let env = TestEnvironment::new();
    for arguments in [&["status"][..], &["backup", "b"], &["migrate", "--from", "a", "--to", "b"]] {
        let said = env.run([&["ledger"], arguments].concat()).exits(1).stderr();
        assert!(said.contains("there is no ledger"), "{said}");
    }
    assert!(!env.root().join("home/.local").exists() && !env.path("a").exists());
    assert!(!env.path("b").exists());
}

#[test]
fn a_status_tells_what_there_is_and_who_vouches_for_it() {
    let env = recorded();
    let text = env.run(["ledger", "status"]).exits(0).stdout();
    assert!(text.contains("identity 1") && text.contains("This computer remembers it"), "{text}");
    let json = env.run(["ledger", "status", "--format", "json"]).exits(0).stdout();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["schema"], "bearhug.ledger/1");
    assert_eq!((&json["rows"]["identity"], &json["rows"]["event"]), (&1.into(), &json["last"]));
    assert_eq!(json["checkpoint"]["seq"], json["last"]);
    assert_eq!(json["checkpoint"]["key"], json["key"]);
}

#[test]
fn a_backup_is_restored_elsewhere_and_in_its_own_place() {
    let env = recorded();
    env.run(["ledger", "backup", "one.backup"]).exits(0);
    let mode = fs::metadata(env.path("one.backup")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = told(&env, DEFAULT);
    env.run(["ledger", "restore", "one.backup", "--ledger", "new.db"]).exits(0);
    assert_eq!(told(&env, "new.db"), before);
    env.run(["event", "verify", "--ledger", "new.db"]).exits(0);

    env.run(["owner", "add", "bob"]).exits(0);
    let after = told(&env, DEFAULT);
    let said = env.run(["ledger", "restore", "one.backup"]).exits(1).stderr();
    assert!(said.contains("--replace"), "{said}");
    assert_eq!(told(&env, DEFAULT), after);
    let said = env.run(["ledger", "restore", "--replace", "one.backup"]).exits(1).stderr();
    assert!(said.contains("was the end when this computer last looked"), "{said}");
    assert!(said.contains("--forget"), "{said}");
    assert_eq!(told(&env, DEFAULT), after);
    env.run(["ledger", "restore", "--replace", "--forget", "one.backup"]).exits(0);
    assert_eq!(told(&env, DEFAULT), before);
    env.run(["event", "verify"]).exits(0);
    env.run(["owner", "add", "carol"]).exits(0);
    env.run(["event", "verify"]).exits(0);
}

#[test]
fn a_backup_is_restored_on_a_computer_that_knows_nothing() {
    let env = recorded();
    env.run(["ledger", "backup", "one.backup"]).exits(0);
    let before = told(&env, DEFAULT);
    let status = env.run(["ledger", "status", "--format", "json"]).exits(0).stdout();
    let status: Value = serde_json::from_str(&status).unwrap();
    let key = status["key"].as_str().unwrap();
    fs::remove_dir_all(env.root().join("home/.local/state/bearhug")).unwrap();
    let said = env.run(["ledger", "restore", "one.backup"]).exits(0).stderr();
    assert!(said.contains("did not know this ledger"), "{said}");
    assert!(said.contains(&format!("bearhug event verify --key {key}")), "{said}");
    assert_eq!(told(&env, DEFAULT), before);
    env.run(["event", "verify"]).exits(3);
    env.run(["event", "verify", "--key", key]).exits(0);
    env.run(["owner", "add", "carol"]).exits(0);
    env.run(["event", "verify", "--key", key]).exits(0);
}

#[test]
fn a_backup_goes_through_pipes() {
    let env = recorded();
    let mut command = env.command("bash");
    let script = "set -o pipefail
        \"$0\" ledger backup /dev/stdout | \"$0\" ledger restore - --ledger piped.db";
    command.args(["-c", script]).arg(TestEnvironment::program());
    Outcome::of(command).exits(0);
    assert_eq!(told(&env, "piped.db"), told(&env, DEFAULT));
}

#[test]
fn what_is_no_whole_backup_changes_nothing() {
    let env = recorded();
    env.run(["ledger", "backup", "one.backup"]).exits(0);
    let whole = fs::read(env.path("one.backup")).unwrap();
    env.write("cut", &whole[..whole.len() - 20]);
    env.write("empty", "");
    env.write("text", "hello");
    env.write("twice", [whole.as_slice(), &whole].concat());
    for file in ["cut", "empty", "text", "twice", "absent", "."] {
        let said = env.run(["ledger", "restore", file, "--ledger", "new.db"]).exits(1).stderr();
        assert!(said.contains("hint: "), "{said}");
    }
    env.run(["ledger", "restore", "one.backup", "--ledger", "new.db"]).exits(0);
    let mut full = env.bearhug();
    full.args(["ledger", "backup", "/dev/full"]);
    let said = Outcome::of(full).exits(1).stderr();
    assert!(said.contains("No space left"), "{said}");
    env.run(["ledger", "backup", "absent/file"]).exits(1);
}

#[test]
fn a_migration_copies_everything_and_says_what() {
    let env = recorded();
    let migrate = ["ledger", "migrate", "--from", DEFAULT, "--to", "other.db", "--format", "json"];
    let json: Value = serde_json::from_str(&env.run(migrate).exits(0).stdout()).unwrap();
    assert_eq!(json["schema"], "bearhug.copy/1");
    let tables = json["tables"].as_array().unwrap();
    assert!(tables.iter().any(|table| table["name"] == "identity" && table["rows"] == 1));
    assert_eq!(told(&env, "other.db"), told(&env, DEFAULT));
    env.run(["event", "verify", "--ledger", "other.db"]).exits(0);
    let again = env.run(migrate).exits(1).stderr();
    assert!(again.contains("there is something in sqlite:other.db already"), "{again}");
}

#[test]
fn a_migration_says_which_ledger_is_not_as_it_was_remembered() {
    let env = recorded();
    env.run(["ledger", "migrate", "--from", DEFAULT, "--to", "other.db"]).exits(0);
    env.run(["owner", "add", "bob", "--ledger", "other.db"]).exits(0);
    fs::remove_file(env.path("other.db")).unwrap();
    let migrate = ["ledger", "migrate", "--from", DEFAULT, "--to", "other.db"];
    let said = env.run(migrate).exits(1).stderr();
    assert!(said.contains("remembers another ledger in sqlite:other.db"), "{said}");

    env.run(["ledger", "backup", "one.backup"]).exits(0);
    env.run(["owner", "add", "carol"]).exits(0);
    let file = env.root().join("home/.local/state/bearhug/ledger.db");
    fs::remove_file(&file).unwrap();
    env.run(["ledger", "restore", "one.backup", "--ledger", "older.db"]).exits(0);
    fs::rename(env.path("older.db"), file).unwrap();
    let said =
        env.run(["ledger", "migrate", "--from", DEFAULT, "--to", "new.db"]).exits(1).stderr();
    assert!(said.contains("`--from` cannot be copied"), "{said}");
}
