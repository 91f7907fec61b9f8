//! `bearhug scan --verify`, against a local Hub.

use std::{io::ErrorKind, net::TcpListener};

use bearhug_localhub::{
    Entity, Fault, FaultKind, FineGrained, Limits, OrgRole, Plan, Scoped, TokenSpec,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{Forge, LocalHub, Outcome, TestEnvironment, fingerprint};

const SCAN: [&str; 5] = ["scan", "leaks", "--verify", "--format", "jsonl"];

fn finding(outcome: &Outcome, token: &str) -> Value {
    let name = fingerprint(token);
    let mut findings = outcome.findings().into_iter();
    findings.find(|finding| finding["fingerprint"] == *name).unwrap()
}

#[test]
fn every_finding_gets_the_hubs_word() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let write = hub.token(TokenSpec::write("leaked"));
    let read = hub.token(TokenSpec::read("leaked"));
    let past = Timestamp::now() - SignedDuration::from_hours(1);
    let expired = hub.token(TokenSpec::read("old").until(past));
    let unknown = Forge::new(77).token();
    env.write("leaks/all.env", [&write, &read, &expired, &unknown].map(String::as_str).join("\n"));
    let outcome = hub.run(&env, &SCAN).exits(3);
    let said = |token: &str| {
        let finding = finding(&outcome, token);
        json!([finding["verdict"], finding["account"], finding["role"]])
    };
    assert_eq!(said(&write), json!(["active", "ada", "write"]), "{outcome}");
    assert_eq!(said(&read), json!(["active", "ada", "read"]));
    assert_eq!(said(&expired), json!(["expired", null, null]));
    assert_eq!(said(&unknown), json!(["inactive", null, null]));
    let impact = &finding(&outcome, &write)["impact"];
    assert_eq!(impact, &json!(["download", "alter", "poison", "pivot"]), "{outcome}");
    let impact = finding(&outcome, &read)["impact"].clone();
    assert!(impact.as_array().unwrap().contains(&json!("download")), "{outcome}");
    assert!(!impact.as_array().unwrap().contains(&json!("alter")), "{outcome}");
    let text = hub.run(&env, &["scan", "leaks", "--verify"]).exits(3).stdout();
    assert!(text.contains("active: ada's, role write. Whoever has it can"), "{text}");
    for format in ["json", "csv", "sarif", "html"] {
        let text =
            hub.run(&env, &["scan", "leaks", "--verify", "--format", format]).exits(3).stdout();
        assert!(text.contains("active") && text.contains("ada"), "{format}: {text}");
    }
}

#[test]
fn without_the_word_nobody_is_asked() {
    let env = TestEnvironment::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let token = Forge::new(3).token();
    env.write("leaks/a.env", &token);
    let mut command = env.bearhug();
    command.args(["scan", "leaks", "--format", "jsonl"]);
    command.env("HF_ENDPOINT", format!("http://{}", listener.local_addr().unwrap()));
    let outcome = Outcome::of(command).exits(3);
    assert_eq!(finding(&outcome, &token)["verdict"], "unverified");
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

/// The Hub answers one question in five minutes here: a second one would be waited for.
#[test]
fn a_token_in_many_places_is_asked_about_once() {
    let env = TestEnvironment::new();
    let hub = LocalHub::with(Limits { whoami: 1, ..Limits::generous() });
    let token = hub.token(TokenSpec::read("leaked"));
    for n in 0..9 {
        env.write(format!("leaks/{n}.env"), format!("TOKEN_{n}={token}"));
    }
    let outcome = hub.run(&env, &SCAN).exits(3);
    let finding = finding(&outcome, &token);
    assert_eq!(finding["verdict"], "active");
    assert_eq!(finding["sightings"].as_array().unwrap().len(), 9);
}

#[test]
fn an_organisation_that_keeps_a_token_out_is_named() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    hub.world().add_org("acme", Some(Plan::Enterprise));
    assert!(hub.world().set_role("acme", "ada", OrgRole::Write));
    let entity = Entity { id: "a".repeat(24), kind: "org".to_owned(), name: "acme".to_owned() };
    let permissions = ["repo.content.read".to_owned()].into();
    let scoped = vec![Scoped { entity, permissions }];
    let fine = FineGrained { scoped, ..FineGrained::default() };
    let issued = hub.world().issue("ada", TokenSpec::fine_grained("leaked", fine));
    let classic = hub.world().issue("ada", TokenSpec::write("classic"));
    for id in [&issued.id, &classic.id] {
        let status = bearhug_localhub::AuthorizationStatus::Revoked;
        assert!(hub.world().decide("acme", id, status, "root"));
    }
    env.write("leaks/a.env", format!("{}\n{}\n", issued.value, classic.value));
    let outcome = hub.run(&env, &SCAN).exits(3);
    let only_there = finding(&outcome, &issued.value);
    assert_eq!(only_there["verdict"], "blocked_by_org", "{outcome}");
    assert_eq!(only_there["blocked_by"], json!(["acme"]));
    let elsewhere = finding(&outcome, &classic.value);
    assert_eq!(
        (&elsewhere["verdict"], &elsewhere["blocked_by"]),
        (&json!("active"), &json!(["acme"]))
    );
}

#[test]
fn a_missing_network_says_nothing_about_tokens() {
    let env = TestEnvironment::new();
    let tokens = Forge::new(5).tokens(12);
    env.write("leaks/a.env", tokens.join("\n"));
    for (strict, code) in [(false, 3), (true, 6)] {
        let mut command = env.bearhug();
        command.args(SCAN).env("HF_ENDPOINT", "http://127.0.0.1:9");
        command.args(strict.then_some("--strict"));
        let outcome = Outcome::of(command).exits(code);
        for token in &tokens {
            let finding = finding(&outcome, token);
            assert_eq!(finding["verdict"], "unavailable");
            assert!(finding["unavailable_because"].is_string());
        }
    }
}

#[test]
fn what_something_on_the_way_says_is_no_verdict() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("leaked"));
    env.write("leaks/a.env", &token);
    let fault = FaultKind::Status { status: 401, message: Some("login required".to_owned()) };
    let path = "/api/whoami-v2".to_owned();
    hub.world().inject(Fault { method: None, path, times: 9, fault });
    let outcome = hub.run(&env, &SCAN).exits(3);
    assert_eq!(finding(&outcome, &token)["verdict"], "unavailable", "{outcome}");
}
