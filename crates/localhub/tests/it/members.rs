//! Members and roles, and what they may use.

use bearhug_localhub::{Plan, ServicePower, TokenSpec};
use serde_json::json;

use crate::support::{Fixture, names};

const PATH: &str = "/api/organizations/acme/members";

#[test]
fn members_are_listed_and_get_other_roles() {
    let hub = Fixture::new();
    let admin = hub.write_token("alice");
    let listed = hub.get(PATH, &admin);
    hub.assert_fits(&listed, "get", "/api/organizations/{name}/members");
    assert_eq!(listed.body[1]["user"], "bob");
    assert_eq!(listed.body[1]["role"], "write");
    let by_email = hub.get(&format!("{PATH}?email=bob@example.test"), &admin);
    assert_eq!(by_email.body.as_array().map(Vec::len), Some(1));
    assert_eq!(hub.get(PATH, &hub.write_token("carol")).status, 403);

    let put = |token: &str| {
        hub.ask("PUT", &format!("{PATH}/bob/role"), token, Some(&json!({ "role": "read" })))
    };
    assert_eq!(put(&hub.write_token("bob")).status, 403);
    assert_eq!(put(&admin).status, 200);
    assert_eq!(hub.get(PATH, &admin).body[1]["role"], "read");
    let log = hub.get("/api/organizations/acme/audit-log/export?q=type:org.change_role", &admin);
    assert_eq!(log.body[0]["data"], json!({ "user": "bob", "role": "read" }));
}

#[test]
fn a_plan_limits_what_an_organization_has() {
    let hub = Fixture::new();
    hub.world().state().orgs.get_mut("acme").expect("acme").plan = Some(Plan::Team);
    let admin = hub.write_token("alice");
    let status = |path: &str| hub.get(&format!("/api/organizations/acme{path}"), &admin).status;
    assert_eq!(status("/audit-log/export"), 200);
    assert_eq!(status("/settings/tokens"), 200);
    assert_eq!(status("/service-accounts"), 403);
    assert_eq!(status("/settings/network-security"), 403);
}

#[test]
fn jobs_and_endpoints_are_probed_without_using_them() {
    let hub = Fixture::new();
    let write = hub.write_token("bob");
    let read = hub.world().issue("bob", TokenSpec::read("r")).value;
    let probe = |path: &str, token: &str| hub.post(path, token, &json!({}));
    let jobs = probe("/api/jobs/acme/auth-check/write", &write);
    hub.assert_fits(&jobs, "post", "/api/jobs/{namespace}/auth-check/{perms}");
    assert_eq!(jobs.body["user"]["name"], "bob");
    assert_eq!(probe("/api/jobs/acme/auth-check/write", &read).status, 403);
    assert_eq!(probe("/api/jobs/acme/some-job/auth-check/read", &read).status, 200);
    assert_eq!(probe("/api/jobs/carol/auth-check/read", &write).status, 403);
    assert_eq!(probe("/api/jobs/bob/auth-check/write", &write).status, 200);

    let path = "/api/inference-endpoints/acme/auth-check/infer";
    let endpoints = probe(path, &write);
    let template = "/api/inference-endpoints/{namespace}/auth-check/{perms}";
    hub.assert_fits(&endpoints, "post", template);
    let power = ServicePower {
        permissions: names(&["inference.endpoints.infer.write"]),
        endpoint_patterns: vec!["prod-*".to_owned()],
        ..ServicePower::default()
    };
    let (_, bot) = hub.world().add_service_account("acme", "bot", power).expect("acme");
    let limited = probe(path, &bot.value);
    assert_eq!(limited.status, 207);
    hub.assert_fits(&limited, "post", template);
    let of = |endpoint: &str| {
        let path = format!("/api/inference-endpoints/acme/{endpoint}/auth-check/infer");
        probe(&path, &bot.value).status
    };
    assert_eq!((of("prod-llm"), of("dev-llm")), (200, 403));
}

#[test]
fn the_registry_of_agents_is_missing_as_clients_expect_of_old_hubs() {
    let hub = Fixture::new();
    assert_eq!(hub.get("/api/agent-harnesses", "").status, 404);
}
