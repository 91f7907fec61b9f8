//! Tokens that an organisation cuts off, and that live on elsewhere.

use bearhug_localhub::{OrgRole, Plan, TokenSpec};
use serde_json::Value;

use crate::support::{LocalHub, Outcome, TestEnvironment};

/// A Hub with an organisation, an administrator's token, and a member's.
fn acme() -> (TestEnvironment, LocalHub, String, String) {
    let hub = LocalHub::start();
    hub.world().add_org("acme", Some(Plan::Enterprise));
    hub.world().add_user("root");
    assert!(hub.world().set_role("acme", "root", OrgRole::Admin));
    assert!(hub.world().set_role("acme", "ada", OrgRole::Write));
    let administrator = hub.world().issue("root", TokenSpec::write("administration")).value;
    let leaked = hub.token(TokenSpec::write("leaked"));
    (TestEnvironment::new(), hub, administrator, leaked)
}

fn cut(env: &TestEnvironment, hub: &LocalHub, administrator: &str, leaked: &str) -> Outcome {
    let mut command = hub.bearhug(env, &["revoke", "--org", "acme", "--yes", "--format", "json"]);
    command.env("HF_TOKEN", administrator);
    Outcome::fed(command, leaked.as_bytes())
}

fn ending(outcome: &Outcome) -> Value {
    let proof: Value = serde_json::from_str(&outcome.stdout()).unwrap();
    proof["tokens"][0].clone()
}

#[test]
fn it_loses_the_organisation_and_nothing_else() {
    let (env, hub, administrator, leaked) = acme();
    let outcome = cut(&env, &hub, &administrator, &leaked).exits(0);
    let done = ending(&outcome);
    assert_eq!(done["outcome"], "cut_off", "{outcome}");
    assert_eq!(
        (&done["before"]["standing"], &done["after"]["standing"]),
        (&"alive".into(), &"cut_off".into())
    );
    assert!(done["revocation_request_id"].is_string(), "{outcome}");
    assert!(hub.knows(&leaked), "it lives on elsewhere");
    let again = cut(&env, &hub, &administrator, &leaked).exits(0);
    assert_eq!(ending(&again)["outcome"], "already_gone", "{again}");
}

#[test]
fn somebody_else_may_not() {
    let (env, hub, administrator, leaked) = acme();
    let outcome = cut(&env, &hub, &leaked, &hub.token(TokenSpec::read("another"))).exits(1);
    assert_eq!(ending(&outcome)["outcome"], "not_sent", "{outcome}");
    let itself = cut(&env, &hub, &administrator, &administrator).exits(1);
    assert!(itself.stderr().contains("is among those to cut off"), "{itself}");
    let nobody = hub.feed(&env, &leaked, &["revoke", "--org", "acme"]).exits(4);
    assert!(nobody.stderr().contains("there is no token here"), "{nobody}");
}
