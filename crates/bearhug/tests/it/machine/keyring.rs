//! `--keyring` and the Secret Service: a GNOME Keyring on a bus of its own.

use std::fs;

use serde_json::Value;

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint, keyring_path, keyring_session};

fn seen(outcome: &Outcome, token: &str) -> Vec<Value> {
    let name = fingerprint(token);
    let finding = outcome.findings().into_iter().find(|f| f["fingerprint"] == name.as_str());
    let sightings = finding.map_or_else(Vec::new, |f| f["sightings"].as_array().unwrap().clone());
    sightings.into_iter().filter(|s| s["storage"] == "secret_service").collect()
}

/// What the keyring did not tell.
fn unheard(outcome: &Outcome) -> Vec<String> {
    let gaps = outcome.summary()["gaps"].as_array().unwrap().clone();
    let of_keyring =
        gaps.into_iter().filter(|g| g["path"].as_str().unwrap().starts_with("Secret Service"));
    of_keyring.map(|gap| gap["detail"].as_str().unwrap().to_owned()).collect()
}

/// Files a secret with these attributes.
fn keep(variable: &str, attributes: &str) -> String {
    format!("printf %s ${variable} | secret-tool store --label=one {attributes} || exit 9\n")
}

const SCAN: &str = "\"$0\" scan --machine --keyring --format jsonl";

#[test]
fn a_token_in_a_keyring_is_found_by_every_way_of_filing() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(91);
    let filings = [
        // As git-credential-libsecret files it, for the Hub and elsewhere.
        "xdg:schema org.git.Password user hf_user protocol https server huggingface.co",
        "xdg:schema org.git.Password user ada protocol https server hub.example.org",
        // As Git Credential Manager does.
        "service git:https://hf.co account ada",
        // As the keyring libraries of Python and Rust do.
        "service huggingface username ada application 'Python keyring library'",
        "service huggingface_hub username ada target default",
        "service huggingface.co username ada",
    ];
    let tokens = forge.tokens(filings.len());
    let [user, other] = [(); 2].map(|()| forge.token());
    let mut script: String = filings
        .iter()
        .enumerate()
        .map(|(i, attributes)| keep(&format!("T{i}"), attributes))
        .collect();
    // A token for a user, as in an address without a password.
    script += &keep("NO", &format!("xdg:schema org.git.Password server hf.co user {user}"));
    script += &keep("OTHER", "service elsewhere username ada");
    let mut command = keyring_session(&env, "--unlock", &(script + SCAN));
    for (i, token) in tokens.iter().enumerate() {
        command.env(format!("T{i}"), token);
    }
    command.env("OTHER", &other).env("NO", "x");
    let outcome = Outcome::of(command).exits(3);
    for (token, filing) in tokens.iter().zip(filings) {
        let sightings = seen(&outcome, token);
        assert_eq!(sightings.len(), 1, "{filing}: {outcome}");
        assert_eq!(sightings[0]["origin"][0], "machine:Secret Service keyring");
        assert_eq!(sightings[0]["context"], format!("secret = hf_…{}", &token[33..]));
    }
    let first = &seen(&outcome, &tokens[0])[0];
    assert_eq!(first["path"], "Secret Service keyring for xdg:schema org.git.Password");
    assert!(!seen(&outcome, &user).is_empty(), "{outcome}");
    assert!(seen(&outcome, &other).is_empty(), "nobody was to ask for it");
    assert!(unheard(&outcome).is_empty(), "{outcome}");
    assert!(!outcome.stderr().contains("no keyring was asked"), "{outcome}");
}

/// Nobody is there to type the password.
#[test]
fn a_keyring_that_stays_locked_is_a_gap() {
    let env = TestEnvironment::new();
    let token = Forge::new(92).token();
    let mut filing = keyring_session(
        &env,
        "--unlock",
        &keep("T", "server huggingface.co").replace("|| exit 9", ""),
    );
    filing.env("T", &token);
    Outcome::of(filing).exits(0);
    let outcome = Outcome::of(keyring_session(&env, "", SCAN));
    assert!(seen(&outcome, &token).is_empty(), "{outcome}");
    let unheard = unheard(&outcome);
    assert!(unheard.iter().any(|why| why.contains("holds something back")), "{outcome}");
}

#[test]
fn a_keyring_that_cannot_be_asked_is_a_gap_if_there_is_one() {
    let env = TestEnvironment::new();
    let tools = env.folder("tools");
    let none = |variable: &str, value: &str| {
        let mut command = env.bearhug();
        command.args(["scan", "--machine", "--keyring", "--format", "jsonl"]);
        command.env("PATH", &tools).env(variable, value);
        Outcome::of(command)
    };
    let not_installed = ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    env.install(&tools.join("later/secret-tool"), b"#!/bin/sh\nexit 1\n");
    let lacks = |words: &str, bus: (&str, &str)| {
        let outcome = none(bus.0, bus.1);
        assert!(unheard(&outcome).is_empty(), "{outcome}");
        let note = outcome.stderr();
        assert!(note.starts_with("note: no keyring was asked") && note.contains(words), "{note}");
        assert_eq!(note.lines().count(), 1, "{note}");
        let keyrings = env.root().join("home/.local/share/keyrings");
        fs::create_dir_all(&keyrings).unwrap();
        fs::write(keyrings.join("login.keyring"), "").unwrap();
        let outcome = none(bus.0, bus.1);
        assert!(unheard(&outcome)[0].contains(words), "{outcome}");
        assert_eq!(outcome.stderr(), "", "it is said in the report");
        fs::remove_dir_all(keyrings).unwrap();
    };
    lacks("is not installed", not_installed);
    fs::rename(tools.join("later/secret-tool"), tools.join("secret-tool")).unwrap();
    lacks("no session bus", ("X", ""));
    // Asked in vain, without a word: it keeps nothing.
    let outcome = none("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    assert!(unheard(&outcome).is_empty() && outcome.stderr().is_empty(), "{outcome}");
}

/// A bus without a keyring, of which the real `secret-tool` complains.
#[test]
fn a_bus_without_a_keyring_is_no_gap_unless_there_is_one() {
    let env = TestEnvironment::new();
    let asked = || {
        let mut command = env.command("dbus-run-session");
        command.args(["--", "bash", "-c", SCAN]).arg(TestEnvironment::program());
        command.env("PATH", keyring_path());
        // The services that this computer may have installed are not started.
        command.env("XDG_DATA_DIRS", env.path("nowhere"));
        Outcome::of(command)
    };
    let outcome = asked();
    assert!(unheard(&outcome).is_empty(), "{outcome}");
    let keyrings = env.root().join("home/.local/share/keyrings");
    fs::create_dir_all(&keyrings).unwrap();
    fs::write(keyrings.join("login.keyring"), "").unwrap();
    assert!(unheard(&asked())[0].contains("failed"));
}
