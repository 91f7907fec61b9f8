//! whoami-v2 for every sort of holder and credential.

use bearhug_localhub::{FineGrained, ServicePower, TokenSpec};
use jiff::SignedDuration;
use serde_json::json;

use crate::support::{Fixture, names};

const PATH: &str = "/api/whoami-v2";

#[test]
fn a_person_is_shown_with_role_and_organizations() {
    let hub = Fixture::new();
    for (spec, role) in [(TokenSpec::read("laptop"), "read"), (TokenSpec::write("ci"), "write")] {
        let token = hub.world().issue("alice", spec);
        let answer = hub.get(PATH, &token.value);
        assert_eq!(answer.status, 200);
        hub.assert_fits(&answer, "get", PATH);
        let body = &answer.body;
        assert_eq!(body["name"], "alice");
        assert_eq!(body["auth"]["type"], "access_token");
        assert_eq!(body["auth"]["accessToken"]["role"], role);
        assert_eq!(body["orgs"][0]["name"], "acme");
        assert_eq!(body["orgs"][0]["roleInOrg"], "admin");
        assert_eq!(body["orgs"][0]["plan"], "plus");
        assert_eq!(body["orgs"][0].get("securityRestrictions"), None);
    }
}

#[test]
fn a_fine_grained_token_lists_its_permissions() {
    let hub = Fixture::new();
    let fine = FineGrained {
        global: names(&["discussion.write"]),
        can_read_gated_repos: true,
        ..hub.fine(&["repo.content.read", "job.write"])
    };
    let token = hub.world().issue("bob", TokenSpec::fine_grained("narrow", fine));
    let answer = hub.get(PATH, &token.value);
    hub.assert_fits(&answer, "get", PATH);
    let shown = &answer.body["auth"]["accessToken"]["fineGrained"];
    assert_eq!(shown["canReadGatedRepos"], true);
    assert_eq!(shown["global"], json!(["discussion.write"]));
    assert_eq!(shown["scoped"][0]["entity"]["name"], "acme");
    assert_eq!(shown["scoped"][0]["permissions"], json!(["job.write", "repo.content.read"]));
}

#[test]
fn a_service_account_is_a_user_with_the_organization() {
    let hub = Fixture::new();
    let power = ServicePower { permissions: names(&["repo.write"]), ..ServicePower::default() };
    let (_, token) = hub.world().add_service_account("acme", "CI bot", power).expect("acme");
    let answer = hub.get(PATH, &token.value);
    hub.assert_fits(&answer, "get", PATH);
    assert_eq!(answer.body["fullname"], "CI bot");
    assert_eq!(answer.body["auth"]["accessToken"]["role"], "fineGrained");
    assert_eq!(answer.body["orgs"][0]["name"], "acme");
}

#[test]
fn an_application_is_shown_as_one() {
    let hub = Fixture::new();
    let token = hub.world().issue_to_app("indexer");
    let answer = hub.get(PATH, &token.value);
    assert_eq!(answer.body["type"], "app");
    assert_eq!(answer.body["name"], "indexer");
    assert_eq!(answer.body["auth"]["type"], "app_token");
}

#[test]
fn dead_expired_and_missing_credentials_are_refused_in_the_hubs_words() {
    let hub = Fixture::new();
    let unknown = hub.get(PATH, &format!("hf_{}", "x".repeat(34)));
    assert_eq!(unknown.status, 401);
    assert_eq!(unknown.error(), "Invalid credentials in Authorization header");
    assert_eq!(unknown.header("x-error-message"), unknown.error());
    assert_ne!(unknown.header("x-request-id"), "");

    let soon = hub.now() + SignedDuration::from_secs(60);
    let token = hub.world().issue("alice", TokenSpec::read("brief").until(soon));
    assert_eq!(hub.get(PATH, &token.value).status, 200);
    hub.pass(61);
    let expired = hub.get(PATH, &token.value);
    assert_eq!(expired.status, 401);
    assert_eq!(expired.error(), "User Access Token \"brief\" is expired");

    let anonymous = hub.get(PATH, "");
    assert_eq!(anonymous.status, 401);
    assert_eq!(anonymous.error(), "Invalid username or password.");
}
