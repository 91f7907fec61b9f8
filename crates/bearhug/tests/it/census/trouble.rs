//! A Hub that does not answer, refuses, is slow, or wants to be left alone.

use std::{
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use bearhug_localhub::{Fault, FaultKind, Limits, Plan, TokenSpec};

use super::stage::{Census, Stage};
use crate::support::{LocalHub, Outcome};

const TOKENS: &str = "/api/organizations/acme/settings/tokens";

fn fault(stage: &Stage, path: &str, fault: FaultKind) {
    stage.hub.world().inject(Fault { method: None, path: path.to_owned(), times: 99, fault });
}

#[test]
fn a_hub_that_is_down_changes_nothing() {
    let stage = Stage::new();
    stage.hub.world().issue("bob", TokenSpec::write("laptop"));
    stage.census(&["--adopt"]);
    let before = stage.ledger();
    let mut command = stage.env.bearhug();
    command.args(["census", "--org", "acme", "--format", "json"]);
    command.env("HF_ENDPOINT", "http://127.0.0.1:9").env("HF_TOKEN", &stage.admin.value);
    let told = Census::of(&Outcome::of(command).exits(1));
    assert!(told.0["gaps"].as_array().unwrap().len() >= 3, "{told:?}");
    assert_eq!(stage.ledger(), before);
}

#[test]
fn a_list_that_cannot_be_had_takes_nothing_for_gone() {
    let stage = Stage::new();
    let bob = stage.hub.world().issue("bob", TokenSpec::write("laptop"));
    let (_, service) = stage.service("deploy", "");
    stage.census(&["--adopt"]);
    stage.kill(&bob);
    stage.kill(&service);
    for kind in [
        FaultKind::Status { status: 500, message: None },
        FaultKind::Status { status: 403, message: None },
        FaultKind::Truncated { bytes: 10 },
        FaultKind::Answer { content: serde_json::json!({ "error": "no" }) },
    ] {
        let words = format!("{kind:?}");
        fault(&stage, TOKENS, kind.clone());
        fault(&stage, "/api/organizations/acme/service-accounts*", kind);
        let arguments = ["census", "--org", "acme", "--format", "json"];
        let told = Census::of(&stage.run(&arguments).exits(6));
        assert!(told.0["gaps"].to_string().contains("the tokens of acme"), "{words}: {told:?}");
        for token in [&bob, &service] {
            let stored = stage.ledger();
            let standing = &stored.listed_as(&token.id)["standing"];
            assert_eq!(standing["verdict"], "active", "{words}");
        }
        stage.hub.heal();
    }
    stage.census(&[]);
    for token in [&bob, &service] {
        let stored = stage.ledger();
        assert_eq!(stored.listed_as(&token.id)["standing"]["missing_from"], "acme");
    }
}

#[test]
fn members_who_cannot_be_listed_have_not_left() {
    let stage = Stage::new();
    let carol = stage.hub.world().issue("carol", TokenSpec::write("carol's"));
    stage.census(&["--adopt"]);
    stage.hub.world().state().orgs.get_mut("acme").unwrap().members.remove("carol");
    fault(
        &stage,
        "/api/organizations/acme/members",
        FaultKind::Status { status: 503, message: None },
    );
    let told = Census::of(&stage.run(&["census", "--org", "acme", "--format", "json"]).exits(6));
    assert_eq!(told.0["left"].as_array().unwrap().len(), 0, "{told:?}");
    assert_eq!(stage.ledger().listed_as(&carol.id)["standing"]["verdict"], "active", "{told:?}");
}

#[test]
fn who_may_not_ask_is_told_so() {
    let stage = Stage::new();
    let bob = stage.hub.world().issue("bob", TokenSpec::write("laptop"));
    let arguments = ["census", "--org", "acme", "--adopt", "--format", "json"];
    let told = Census::of(&stage.hub.run_as(&stage.env, &bob.value, &arguments).exits(6));
    assert!(told.0["gaps"].to_string().contains("the tokens of acme"), "{told:?}");
    assert_eq!(told.changes().len(), 1, "bob's own is at hand: {told:?}");
    stage.kill(&bob);
    let outcome = stage.hub.run_as(&stage.env, &bob.value, &arguments).exits(4);
    assert_eq!(stage.ledger().identities[0]["state"], "revoked", "{outcome}");
    let outcome = stage.hub.run(&stage.env, &["census", "--org", "acme"]).exits(4);
    assert!(outcome.stderr().contains("there is no token here"), "{outcome}");
}

#[test]
fn a_plan_without_service_accounts_is_no_failure() {
    let stage = Stage::new();
    stage.hub.world().state().orgs.get_mut("acme").unwrap().plan = Some(Plan::Team);
    let told = stage.census(&["--adopt"]);
    assert!(told.0["gaps"].to_string().contains("Enterprise"), "{told:?}");
}

#[test]
fn the_hubs_limits_are_waited_for() {
    let limits = Limits { window_seconds: 2, whoami: 1, factor: 1000 };
    let stage = Stage::on(LocalHub::with(limits));
    let other = stage.hub.world().issue("ada", TokenSpec::read("other")).value;
    stage.env.write(stage.env.root().join("home/.cache/huggingface/token"), other);
    let told = stage.run(&["census", "--adopt", "--format", "json"]).exits(0);
    assert_eq!(Census::of(&told).changes().len(), 2);
}

#[test]
fn what_was_learned_before_an_interruption_is_kept() {
    let stage = Stage::new();
    fault(&stage, TOKENS, FaultKind::Slow { milliseconds: 30_000 });
    let arguments = ["census", "--org", "acme", "--adopt", "--format", "json"];
    let mut command = stage.hub.bearhug(&stage.env, &arguments);
    command.env("HF_TOKEN", &stage.admin.value).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let is_asking = || stage.hub.world().requests().iter().any(|one| one.contains(TOKENS));
    while !is_asking() {
        thread::sleep(Duration::from_millis(20));
    }
    let kill = Command::new("kill").arg("-INT").arg(child.id().to_string()).status().unwrap();
    assert!(kill.success());
    let outcome = Outcome::from(child.wait_with_output().unwrap()).exits(130);
    let told = Census::of(&outcome);
    assert_eq!(told.0["interrupted"], true);
    assert_eq!(stage.ledger().identities.len(), 1, "whoami had answered");
}
