//! What a person at a terminal is asked, and what Ctrl-C leaves behind.

use std::{
    io::{Read as _, Write as _},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use bearhug_localhub::{Fault, FaultKind, Limits, TokenSpec};
use serde_json::Value;

use crate::support::{LocalHub, Outcome, TestEnvironment, fingerprint};

/// Runs bearhug at a terminal of its own, at which somebody types.
fn typing(env: &TestEnvironment, hub: &LocalHub, typed: &str, arguments: &str) -> Outcome {
    let mut command = env.command("script");
    let program = TestEnvironment::program().display();
    command.args(["-qec", &format!("{program} {arguments}"), "/dev/null"]);
    command.env("HF_ENDPOINT", hub.endpoint());
    Outcome::fed(command, typed.as_bytes())
}

#[test]
fn more_than_one_token_takes_a_typed_confirmation() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let tokens = ["one", "two"].map(|name| hub.token(TokenSpec::read(name)));
    env.write("leaks/a.env", tokens.join("\n"));
    for typed in ["\n", "y\n", "revoke 3\n"] {
        let outcome = typing(&env, &hub, typed, "revoke leaks").exits(1);
        let said = outcome.stdout();
        let plan = said.find("2 tokens would be revoked").unwrap_or_else(|| panic!("{outcome}"));
        let question = said.find("Type `revoke 2` to go on").unwrap_or_else(|| panic!("{outcome}"));
        assert!(plan < question && said.contains(&fingerprint(&tokens[0])), "{outcome}");
        assert!(outcome.stdout().contains("nothing was revoked"), "{outcome}");
        assert!(tokens.iter().all(|token| hub.knows(token)));
    }
    typing(&env, &hub, "revoke 2\n", "revoke leaks").exits(0);
    assert!(!tokens.iter().any(|token| hub.knows(token)));
}

#[test]
fn an_interrupted_proof_says_how_far_it_came() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("leaked"));
    env.write("leaks/a.env", &token);
    let fault = FaultKind::Status { status: 500, message: None };
    let path = "/api/whoami-v2".to_owned();
    hub.world().inject(Fault { method: None, path, times: 100_000, fault });
    let mut command = hub.bearhug(&env, &["revoke", "leaks", "--yes", "--format", "json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    thread::sleep(Duration::from_secs(3));
    let sent = Instant::now();
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(130);
    assert!(sent.elapsed() < Duration::from_secs(2), "{:?}", sent.elapsed());
    let proof: Value = serde_json::from_str(&outcome.stdout()).unwrap();
    assert_eq!(proof["interrupted"], true);
    assert_eq!(proof["tokens"][0]["outcome"], "unproven", "{outcome}");
    assert!(proof["tokens"][0]["revocation_request_id"].is_string(), "{outcome}");
}

/// Starts bearhug, waits until it says something, interrupts it once, and gives what became of it.
fn interrupted(mut command: Command, until: &str) -> Outcome {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let mut err = child.stderr.take().unwrap();
    while !said.contains(until) {
        let mut bytes = [0; 1024];
        let length = err.read(&mut bytes).unwrap();
        assert!(length > 0, "it ended before it was interrupted: {said}");
        said.push_str(&String::from_utf8_lossy(&bytes[..length]));
    }
    let sent = Instant::now();
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let outcome = Outcome::from(child.wait_with_output().unwrap());
    assert!(sent.elapsed() < Duration::from_secs(2), "{:?}", sent.elapsed());
    outcome
}

#[test]
fn a_wait_for_the_hubs_limit_is_said_and_ends_at_once() {
    let env = TestEnvironment::new();
    let hub = LocalHub::with(Limits { whoami: 1, ..Limits::generous() });
    let token = hub.token(TokenSpec::read("leaked"));
    assert!(hub.knows(&token), "which takes up what the Hub allows");
    env.write("leaks/a.env", &token);
    for arguments in [
        &["inspect"][..],
        &["check"],
        &["why", "ada/model"],
        &["scan", "leaks", "--verify"],
        &["revoke", "leaks", "--yes"],
        &["revoke", "leaks", "--yes", "--org", "acme"],
    ] {
        let mut command = hub.bearhug(&env, arguments);
        let asking = arguments.contains(&"--org");
        command.env("HF_TOKEN", if asking { "hf_administrator" } else { &token });
        let outcome = interrupted(command, "for the Hub's limit").exits(130);
        if arguments == ["revoke", "leaks", "--yes"] {
            let said = outcome.stdout();
            assert!(said.contains("NOT REVOKED") && !said.contains("would be"), "{said}");
            assert!(said.contains("interrupted before it asked the Hub"), "{said}");
        }
    }
}

#[test]
fn the_first_ctrl_c_ends_the_question() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let tokens = ["one", "two"].map(|name| hub.token(TokenSpec::read(name)));
    env.write("leaks/a.env", tokens.join("\n"));
    let mut command = env.command("script");
    let program = TestEnvironment::program().display();
    // What is typed is the character that a terminal makes a Ctrl-C of, once the question is there.
    command.args(["-qec", &format!("{program} revoke leaks"), "/dev/null"]);
    command.env("HF_ENDPOINT", hub.endpoint());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut said, mut out) = (String::new(), child.stdout.take().unwrap());
    while !said.contains("to go on") {
        let mut bytes = [0; 1024];
        let length = out.read(&mut bytes).unwrap();
        assert!(length > 0, "{said}");
        said.push_str(&String::from_utf8_lossy(&bytes[..length]));
    }
    let mut keyboard = child.stdin.take().unwrap();
    keyboard.write_all(b"\x03").unwrap();
    let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(130);
    drop(keyboard);
    assert!(tokens.iter().all(|token| hub.knows(token)), "{outcome}");
}
