//! Hubs that are not there, or that do not do as they are told.

use bearhug_localhub::{Fault, FaultKind, TokenSpec};
use serde_json::Value;

use crate::support::{LocalHub, Outcome, TestEnvironment};

fn ending(outcome: &Outcome) -> Value {
    let proof: Value = serde_json::from_str(&outcome.stdout()).unwrap();
    proof["tokens"][0].clone()
}

fn fault(path: &str, fault: FaultKind) -> Fault {
    Fault { method: None, path: path.to_owned(), times: 1000, fault }
}

#[test]
fn a_hub_that_is_not_there_revokes_nothing() {
    let env = TestEnvironment::new();
    let hub = LocalHub::start();
    let token = hub.token(TokenSpec::read("leaked"));
    let mut command = env.bearhug();
    command.args(["revoke", "--format", "json"]).env("HF_ENDPOINT", "http://127.0.0.1:9");
    let outcome = Outcome::fed(command, token.as_bytes()).exits(1);
    assert_eq!(ending(&outcome)["outcome"], "not_sent", "{outcome}");
    assert_eq!(ending(&outcome)["before"]["standing"], "untold");
}

#[test]
fn a_hub_in_trouble_proves_nothing() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("leaked"));
    hub.world().inject(fault("/api/whoami-v2", FaultKind::Status { status: 500, message: None }));
    let arguments = ["revoke", "--wait", "1", "--format", "json"];
    let outcome = hub.feed(&env, &token, &arguments).exits(1);
    assert_eq!(ending(&outcome)["outcome"], "unproven", "{outcome}");
}

#[test]
fn no_redirect_leads_a_token_elsewhere() {
    let (env, hub, thief) = (TestEnvironment::new(), LocalHub::start(), LocalHub::start());
    let token = hub.token(TokenSpec::read("leaked"));
    let location = format!("{}/api/whoami-v2", thief.endpoint());
    hub.world().inject(fault("/api/*", FaultKind::Redirect { status: 307, location }));
    let outcome = hub.feed(&env, &token, &["revoke", "--format", "json"]).exits(1);
    let reason = ending(&outcome)["reason"].as_str().unwrap().to_owned();
    assert!(reason.contains(thief.endpoint()), "{outcome}");
}

#[test]
fn what_only_holds_a_token_is_not_revoked_as_one() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("leaked"));
    let dressed = [format!("Bearer {token}"), format!("\"{token}\""), format!("{token}x")];
    for value in dressed.iter().map(String::as_str).chain(["nonsense", "hf_short"]) {
        let mut command = hub.bearhug(&env, &["revoke", "--env", "X"]);
        command.env("X", value);
        let outcome = Outcome::of(command).exits(1);
        assert!(outcome.stderr().contains("not written as a token"), "{outcome}");
    }
    hub.feed(&env, &format!("{token}x\n"), &["revoke"]).exits(1);
    assert!(hub.knows(&token));
}

#[test]
fn the_proof_of_what_was_done_is_shown_where_it_can_be() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("leaked"));
    let arguments = ["revoke", "--format", "json", "-o", "/dev/full"];
    let outcome = hub.feed(&env, &token, &arguments).exits(1);
    assert_eq!(ending(&outcome)["outcome"], "revoked", "{outcome}");
    assert!(outcome.stderr().contains("/dev/full"), "{outcome}");
}

#[test]
fn an_endpoint_that_would_carry_tokens_in_the_clear_is_refused() {
    let env = TestEnvironment::new();
    let mut command = env.bearhug();
    command.args(["revoke"]).env("HF_ENDPOINT", "http://hub.example");
    let outcome = Outcome::fed(command, b"hf_x").exits(2);
    assert!(outcome.stderr().contains("unencrypted"), "{outcome}");
}

#[test]
fn what_something_on_the_way_says_is_no_proof() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("leaked"));
    let message = Some("login required".to_owned());
    hub.world().inject(fault("/api/whoami-v2", FaultKind::Status { status: 401, message }));
    let arguments = ["revoke", "--wait", "0", "--format", "json"];
    let outcome = hub.feed(&env, &token, &arguments).exits(1);
    assert_eq!(ending(&outcome)["outcome"], "unproven", "{outcome}");
    hub.heal();
    assert!(!hub.knows(&token), "it was revoked all the same");
}
