//! The sealed file and its keys.

use std::{fs, os::unix::fs::PermissionsExt as _};

use bearhug_localhub::TokenSpec;

use super::*;
use crate::support::{Forge, fingerprint};

#[test]
fn what_was_added_is_listed_without_a_key_and_checked_with_it() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let (alive, dead) = (hub.token(TokenSpec::read("ci")), Forge::new(71).token());
    add(&env, "ci", &alive).exits(0);
    let path = env.root().join("home/.local/share/bearhug/vault");
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(&env.path("key"))), (0o600, 0o600));
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(checked(&check(&env, &hub).exits(0)), [("ci".into(), "live".into(), false)]);
    add(&env, "old", &dead).exits(0);
    fs::rename(env.path("key"), env.path("away")).unwrap();
    let entries = listed(&env);
    assert_eq!(entries[0]["fingerprint"], fingerprint(&alive));
    assert_eq!(entries[1]["redacted"], format!("hf_…{}", &dead[33..]));
    check(&env, &hub).exits(1);
    fs::rename(env.path("away"), env.path("key")).unwrap();
    let told = checked(&check(&env, &hub).exits(4));
    assert_eq!(told[1], ("old".into(), "dead".into(), false));
    hub.run(&env, &["vault", "check", "ci"]).exits(0);
    assert!(env.run(["vault", "list"]).exits(0).stdout().contains("2 tokens in"));
}

#[test]
fn a_name_is_taken_once_and_removed_once() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(72);
    add(&env, "ci", &forge.token()).exits(0);
    let again = add(&env, "ci", &forge.token()).exits(1);
    assert!(again.stderr().contains("`--replace`"), "{again}");
    let other = forge.token();
    env.feed(other.as_bytes(), &["vault", "add", "ci", "-", "--replace"]).exits(0);
    assert_eq!(listed(&env)[0]["fingerprint"], fingerprint(&other));
    env.run(["vault", "remove", "other"]).exits(1);
    env.run(["vault", "remove", "ci"]).exits(0);
    assert!(listed(&env).is_empty());
    env.feed(b"nonsense", &["vault", "add", "ci", "-"]).exits(4);
    env.run(["vault", "add", &other, "-"]).exits(2);
    env.run(["vault", "add", "ci", &other]).exits(2);
}

#[test]
fn without_a_vault_there_is_nothing_to_list() {
    let env = TestEnvironment::new();
    for arguments in [&["list"][..], &["check"], &["remove", "ci"], &["rekey", "--key", "keyring"]]
    {
        let said = env.run([&["vault"], arguments].concat()).exits(1).stderr();
        assert!(said.contains("there is no vault"), "{said}");
    }
    assert!(!env.root().join("home/.local").exists());
}

#[test]
fn a_vault_goes_from_key_to_key() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    add(&env, "ci", &hub.token(TokenSpec::read("ci"))).exits(0);
    env.write("words", "correct horse\n");
    env.write("other", "wrong horse\n");
    let rekey = ["vault", "rekey", "--key", "passphrase", "--new-passphrase-file", "words"];
    env.run(rekey).exits(0);
    // Without a terminal nobody is there to be asked, and a wrong passphrase is none.
    let mut alone = env.command("setsid");
    alone.arg("--wait").arg(TestEnvironment::program()).args(["vault", "check"]);
    let said = Outcome::of(alone).exits(4).stderr();
    assert!(said.contains("--passphrase-file"), "{said}");
    env.run(["vault", "check", "--passphrase-file", "other"]).exits(4);
    hub.run(&env, &["vault", "check", "--passphrase-file", "words"]).exits(0);
    let mut command = env.bearhug();
    command.args(["vault", "rekey", "--key", "env:VAULT_KEY", "--passphrase-file", "words"]);
    command.env("VAULT_KEY", "0123456789abcdef".repeat(4));
    Outcome::of(command).exits(0);
    check(&env, &hub).exits(4);
    let mut command = hub.bearhug(&env, &["vault", "check"]);
    command.env("VAULT_KEY", "0123456789abcdef".repeat(4));
    Outcome::of(command).exits(0);
}

#[test]
fn a_key_that_others_can_read_opens_nothing() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    add(&env, "ci", &hub.token(TokenSpec::read("ci"))).exits(0);
    fs::set_permissions(env.path("key"), fs::Permissions::from_mode(0o644)).unwrap();
    let said = check(&env, &hub).exits(1).stderr();
    assert!(said.contains("only you can read"), "{said}");
}

#[test]
fn a_vault_that_somebody_changed_is_refused() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    add(&env, "ci", &hub.token(TokenSpec::read("ci"))).exits(0);
    let path = env.root().join("home/.local/share/bearhug/vault");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"name\":\"ci\"", "\"name\":\"prod\"")).unwrap();
    assert_eq!(listed(&env)[0]["name"], "prod");
    let said = check(&env, &hub).exits(1).stderr();
    assert!(said.contains("somebody who does not have its key"), "{said}");
}
