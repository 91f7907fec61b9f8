//! `bearhug why` against a local Hub: each cause, made to happen, is named.

use bearhug_localhub::{
    AuthorizationStatus, Fault, FaultKind, OrgRole, Plan, RepoKind, Restriction, TokenPolicy,
    TokenSpec,
};
use serde_json::Value;

use crate::support::{Forge, LocalHub, Outcome, TestEnvironment};

mod clients;

/// A Hub where ada may write in one organisation and read in another.
fn hub() -> LocalHub {
    let hub = LocalHub::start();
    let world = hub.world();
    world.add_org("acme", Some(Plan::Enterprise));
    world.add_org("beta", Some(Plan::Enterprise));
    world.add_user("eve");
    world.set_role("acme", "ada", OrgRole::Write);
    world.set_role("beta", "ada", OrgRole::Read);
    hub.repository(RepoKind::Model, "acme/model", true);
    hub.repository(RepoKind::Dataset, "acme/train", true);
    hub.repository(RepoKind::Model, "beta/model", true);
    hub.repository(RepoKind::Model, "acme/open", false);
    hub
}

fn answer(outcome: &Outcome) -> Value {
    let answer: Value = serde_json::from_str(&outcome.stdout())
        .unwrap_or_else(|error| panic!("{error}: {outcome}"));
    assert_eq!(answer["schema"], "bearhug.why/1");
    assert!(!answer["next"].as_array().unwrap().is_empty(), "{outcome}");
    answer
}

/// The cause that is told for a question.
fn cause(hub: &LocalHub, env: &TestEnvironment, token: &str, question: &[&str]) -> String {
    let arguments = [&["why", "--format", "json"], question].concat();
    let outcome = hub.run_as(env, token, &arguments);
    let answer = answer(&outcome);
    let cause = answer["cause"].as_str().unwrap().to_owned();
    let code = match cause.as_str() {
        "nothing" => 0,
        "dead_token" | "expired_token" | "no_token" => 4,
        _ => 3,
    };
    outcome.exits(code);
    cause
}

#[test]
fn a_dead_token_makes_public_repositories_look_missing() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let error = format!("Repository Not Found for url: {}/api/models/acme/open.", hub.endpoint());
    let dead = Forge::new(8).token();
    let outcome = hub.run_as(&env, &dead, &["why", "--format", "json", &error]).exits(4);
    let told = answer(&outcome);
    assert_eq!(told["cause"], "dead_token");
    assert_eq!(told["about"], "acme/open");
    assert!(told["evidence"][1].as_str().unwrap().contains("can be seen"), "{outcome}");
    assert!(told["next"][1].as_str().unwrap().contains("taking it out"), "{outcome}");
    let expired = hub.token(TokenSpec::read("gone").until("2020-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(cause(&hub, &env, &expired, &["acme/open"]), "expired_token");
}

#[test]
fn what_is_missing_is_told_from_what_is_hidden() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let read = hub.token(TokenSpec::read("laptop"));
    let nothing = hub.fine_grained(&[("user", "ada", &["inference.serverless.write"])]);
    let file = |path: &str| format!("{}/acme/model/resolve/{path}", hub.endpoint());
    for (token, question, expected) in [
        (&read, "acme/model", "nothing"),
        (&read, &*file("main/config.json"), "nothing"),
        (&read, &*file("main/absent.json"), "missing_file"),
        (&read, &*file("v9/config.json"), "missing_revision"),
        (&read, "acme/modle", "typo"),
        (&read, "acme/train", "wrong_kind"),
        (&read, "acme/something-else", "missing_repository"),
        (&read, "eve/secret", "hidden_or_missing"),
        (&nothing, "acme/model", "hidden_or_missing"),
        (&nothing, "acme/open", "nothing"),
    ] {
        assert_eq!(cause(&hub, &env, token, &[question]), expected, "{question}");
    }
}

#[test]
fn a_missing_permission_is_named() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let reader = hub.fine_grained(&[("model", "acme/model", &["repo.content.read"])]);
    let write = hub.token(TokenSpec::write("old-ci"));
    let commit =
        format!("403 Forbidden for url: {}/api/models/acme/model/commit/main", hub.endpoint());
    assert_eq!(cause(&hub, &env, &reader, &[&commit]), "no_permission");
    assert_eq!(cause(&hub, &env, &reader, &["--action", "write", "acme/model"]), "no_permission");
    assert_eq!(cause(&hub, &env, &write, &[&commit]), "nothing");
    assert_eq!(cause(&hub, &env, &write, &["--action", "write", "beta/model"]), "no_permission");
    let told = hub.run_as(&env, &write, &["why", "--action", "write", "beta/model"]).stdout();
    assert!(told.contains("for more than the role `read`"), "{told}");
    let inference = "This authentication method does not have sufficient permissions to call Inference \
                     Providers on behalf of user ada";
    assert_eq!(cause(&hub, &env, &reader, &[inference]), "no_permission");
}

#[test]
fn the_rules_of_organisations_are_named() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let classic = hub.token(TokenSpec::read("laptop"));
    let fine = hub.fine_grained(&[("org", "acme", &["repo.content.read"])]);
    let policy = |policy| hub.world().state().orgs.get_mut("acme").unwrap().policy = policy;
    policy(TokenPolicy::FineGrainedOnly);
    assert_eq!(cause(&hub, &env, &classic, &["acme/model"]), "policy");
    assert_eq!(cause(&hub, &env, &fine, &["acme/model"]), "nothing");
    policy(TokenPolicy::Approval);
    assert_eq!(cause(&hub, &env, &fine, &["acme/model"]), "policy_pending");
    policy(TokenPolicy::Any);
    for (restriction, expected) in
        [(Restriction::Sso, "sso"), (Restriction::Mfa, "mfa"), (Restriction::Ip, "ip")]
    {
        let set = |restrictions: &[Restriction]| {
            let mut state = hub.world().state();
            let member = state.orgs.get_mut("acme").unwrap().members.get_mut("ada").unwrap();
            member.restrictions = restrictions.iter().copied().collect();
        };
        set(&[restriction]);
        assert_eq!(cause(&hub, &env, &classic, &["acme/model"]), expected);
        set(&[]);
    }
}

#[test]
fn a_token_that_an_organisation_revoked_is_named() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let issued = hub.world().issue("ada", TokenSpec::read("laptop"));
    assert!(hub.world().decide("acme", &issued.id, AuthorizationStatus::Revoked, "ada"));
    assert_eq!(cause(&hub, &env, &issued.value, &["acme/model"]), "org_revoked");
    assert_eq!(cause(&hub, &env, &issued.value, &["beta/model"]), "nothing");
}

#[test]
fn a_gate_and_a_disabled_repository_are_named() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let read = hub.world().issue("eve", TokenSpec::read("laptop")).value;
    let open = hub.repository(RepoKind::Model, "acme/gated", false);
    hub.world().gate_repo(&open, true, true).unwrap();
    assert_eq!(cause(&hub, &env, &read, &["acme/gated"]), "gated");
    let broken = hub.repository(RepoKind::Dataset, "acme/broken", false);
    hub.world().disable_repo(&broken).unwrap();
    assert_eq!(cause(&hub, &env, &read, &["datasets/acme/broken"]), "disabled");
}

#[test]
fn without_a_token_or_an_answer_that_is_said() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let anonymous = |question: &str| hub.run(&env, &["why", "--format", "json", question]);
    let told = anonymous("acme/model").exits(4);
    assert_eq!(answer(&told)["cause"], "no_token");
    let told = anonymous("acme/open").exits(0);
    assert_eq!(answer(&told)["cause"], "nothing");
    let token = hub.token(TokenSpec::read("laptop"));
    let limited = "429 Client Error: Too Many Requests";
    assert_eq!(cause(&hub, &env, &token, &[limited]), "rate_limit");
    for path in ["/api/whoami-v2", "/api/models/acme/model/auth-check"] {
        let fault = FaultKind::Status { status: 500, message: None };
        hub.world().inject(Fault { method: None, path: path.to_owned(), times: 9, fault });
        let outcome = hub.run_as(&env, &token, &["why", "acme/model"]).exits(1);
        assert!(outcome.stderr().contains("could not be asked"), "{outcome}");
        hub.heal();
    }
    let mut command = hub.bearhug(&env, &["why", "acme/model"]);
    command.env("HF_TOKEN", &token).env("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1");
    let outcome = Outcome::of(command).exits(4);
    assert!(outcome.stdout().contains("HF_HUB_DISABLE_IMPLICIT_TOKEN is set"), "{outcome}");
}

#[test]
fn a_token_is_no_question_and_is_not_sent() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::read("laptop"));
    let pasted = Forge::new(12).token();
    let before = hub.world().requests().len();
    let cut = &pasted[..33];
    let address = format!("{}/acme/open/resolve/{pasted}/x", hub.endpoint());
    for question in [&*pasted, cut, &format!("acme/{pasted}"), &address, &format!("x {pasted}")] {
        let outcome = hub.run_as(&env, &token, &["why", question]).exits(2);
        assert!(outcome.stderr().contains("bearhug inspect -"), "{outcome}");
    }
    let fed = |text: &str| {
        let mut command = hub.bearhug(&env, &["why"]);
        command.env("HF_TOKEN", &token);
        Outcome::fed(command, text.as_bytes())
    };
    fed(&format!("{pasted}\n")).exits(2);
    assert_eq!(hub.world().requests().len(), before);
    fed(&format!("> Authorization: Bearer {pasted}\n404 for {}/acme/absent\n", hub.endpoint()))
        .exits(3);
    fed(&format!("404 for {address}\n")).exits(0);
    let asked = hub.world().requests();
    assert!(asked.iter().any(|request| request.contains("/acme/absent")), "{asked:?}");
    assert!(!asked.iter().any(|request| request.contains(&pasted[3..20])), "{}", asked.len());
}

#[test]
fn an_error_is_read_from_the_standard_input() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::read("laptop"));
    let mut command = hub.bearhug(&env, &["why"]);
    command.env("HF_TOKEN", &token);
    let error = "Traceback (most recent call last):\nOSError: Access to dataset acme/trian is restricted.\n";
    let outcome = Outcome::fed(command, error.as_bytes()).exits(3);
    assert!(outcome.stdout().starts_with("typo\n"), "{outcome}");
    assert!(outcome.stdout().contains("acme/train"), "{outcome}");
}
