//! What a person at a terminal is asked, and what Ctrl-C leaves behind.

use std::{
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use bearhug_localhub::{Fault, FaultKind, TokenSpec};
use serde_json::Value;

use crate::support::{LocalHub, Outcome, TestEnvironment};

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
        assert!(outcome.stdout().contains("Type `revoke 2` to go on"), "{outcome}");
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
    let mut command = hub.bearhug(&env, &["revoke", "leaks", "--format", "json"]);
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
