//! Trusted publishers: identity tokens for the Hub's own.

use std::collections::BTreeMap;

use bearhug_localhub::{Publisher, RepoKind, RepoName, Resource};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

use crate::support::{Answer, Fixture};

fn claims(sub: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("sub".to_owned(), sub.to_owned())])
}

fn publisher(hub: &Fixture, resource: Resource) -> Publisher {
    let issuer = hub.world().issuer_url();
    Publisher { resource, issuer, claims: claims("repo:acme/app:ref:main"), read_only: false }
}

fn exchange(hub: &Fixture, token: &str, resource: &str) -> Answer {
    let body = json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "subject_token": token,
        "resource": resource,
    });
    hub.post("/oauth/token", "", &body)
}

fn identity(hub: &Fixture, sub: &str) -> String {
    hub.world().identity_token(&claims(sub)).expect("a token")
}

#[test]
fn a_workflow_gets_an_hour_on_its_repository() {
    let hub = Fixture::new();
    let repo = RepoName::new(RepoKind::Dataset, "acme", "corpus").expect("a name");
    hub.world().add_publisher(publisher(&hub, Resource::Repo(repo)));
    let id_token = identity(&hub, "repo:acme/app:ref:main");
    let answer = exchange(&hub, &id_token, "datasets/acme/corpus");
    assert_eq!(answer.status, 200, "{answer:?}");
    let admin = hub.write_token("alice");
    let log = hub.get("/api/organizations/acme/audit-log/export", &admin);
    hub.assert_fits(&log, "get", "/api/organizations/{name}/audit-log/export");
    assert_eq!(log.body[0]["type"], "repo.add_trusted_publisher");
    assert_eq!(answer.body["expires_in"], 3600);
    let token = answer.body["access_token"].as_str().expect("a token").to_owned();
    assert!(token.starts_with("hf_jwt_"), "{}", &token[..10]);
    let whoami = hub.get("/api/whoami-v2", &token);
    hub.assert_fits(&whoami, "get", "/api/whoami-v2");
    assert_eq!(whoami.body["auth"]["resource"]["sub"], "datasets/acme/corpus");
    assert_ne!(whoami.body["auth"]["expiresAt"], Value::Null);
    hub.pass(3601);
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 401);
}

#[test]
fn a_person_gets_gated_repositories() {
    let hub = Fixture::new();
    hub.world().add_publisher(publisher(&hub, Resource::User("alice".to_owned())));
    let answer = exchange(&hub, &identity(&hub, "repo:acme/app:ref:main"), "alice");
    let token = answer.body["access_token"].as_str().expect("a token");
    assert!(token.starts_with("hf_oauth_"));
    let whoami = hub.get("/api/whoami-v2", token);
    assert_eq!(whoami.body["name"], "alice");
    assert_eq!(whoami.body["auth"]["type"], "oauth");
    assert_eq!(hub.get("/api/organizations/acme/members", token).status, 403);
}

#[test]
fn what_does_not_match_exactly_gets_nothing() {
    let hub = Fixture::new();
    let repo = RepoName::new(RepoKind::Model, "acme", "llm").expect("a name");
    hub.world().add_publisher(publisher(&hub, Resource::Repo(repo)));
    let good = identity(&hub, "repo:acme/app:ref:main");
    let refused = |token: &str, resource: &str| {
        let answer = exchange(&hub, token, resource);
        assert_eq!((answer.status, answer.error()), (400, "invalid_grant"), "{answer:?}");
    };
    refused(&identity(&hub, "repo:acme/app:ref:evil"), "acme/llm");
    refused(&good, "acme/other");
    refused(&good, "datasets/acme/llm");
    let mut wrong = claims("repo:acme/app:ref:main");
    wrong.insert("aud".to_owned(), "https://elsewhere.example".to_owned());
    refused(&hub.world().identity_token(&wrong).expect("a token"), "acme/llm");
    let mut parts: Vec<String> = good.split('.').map(str::to_owned).collect();
    let claims = BASE64URL_NOPAD.decode(parts[1].as_bytes()).expect("base64");
    let mut claims: Value = serde_json::from_slice(&claims).expect("JSON");
    claims["exp"] = json!(i64::MAX);
    parts[1] = BASE64URL_NOPAD.encode(claims.to_string().as_bytes());
    refused(&parts.join("."), "acme/llm");
    refused("nonsense", "acme/llm");
    hub.pass(301);
    refused(&good, "acme/llm");
    assert_eq!(exchange(&hub, &identity(&hub, "repo:acme/app:ref:main"), "acme/llm").status, 200);
}

#[test]
fn a_runner_fetches_its_identity_as_from_github() {
    let hub = Fixture::new();
    let repo = RepoName::new(RepoKind::Model, "acme", "llm").expect("a name");
    hub.world().add_publisher(publisher(&hub, Resource::Repo(repo)));
    let path =
        format!("/_localhub/issuer/token?audience={}&sub=repo:acme/app:ref:main", hub.endpoint());
    let token = hub.get(&path, "").body["value"].as_str().expect("a token").to_owned();
    assert_eq!(exchange(&hub, &token, "acme/llm").status, 200);
    let jwks = hub.get("/_localhub/issuer/jwks", "");
    assert_eq!(jwks.body["keys"][0]["alg"], "RS256");
}
