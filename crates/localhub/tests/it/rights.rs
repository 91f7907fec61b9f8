//! Who may do what with a repository: every sort of credential, every sort of deed.

use bearhug_localhub::{
    Entity, FineGrained, OrgRole, RepoKind, RepoName, Scoped, ServicePower, TokenSpec,
};
use serde_json::{Value, json};

use crate::support::{Fixture, names};

const LLM: &str = "/api/models/acme/llm";

/// The status of reading, of changing content, of changing settings and of creating another.
fn deeds(hub: &Fixture, token: &str) -> [u16; 4] {
    let small = json!({ "files": [{ "path": "a", "size": 1, "sample": "YQ==" }] });
    let name = format!("made-{}", token.chars().rev().take(8).collect::<String>());
    let create = json!({ "name": name, "organization": "acme", "type": "model", "private": true });
    [
        hub.get(LLM, token).status,
        hub.post(&format!("{LLM}/preupload/main"), token, &small).status,
        hub.ask("PUT", &format!("{LLM}/settings"), token, Some(&json!({ "gated": false }))).status,
        hub.post("/api/repos/create", token, &create).status,
    ]
}

fn model(name: &str) -> RepoName {
    RepoName::new(RepoKind::Model, "acme", name).expect("a name")
}

fn with_repos() -> Fixture {
    let hub = Fixture::new();
    hub.add_repo(&model("llm"), true);
    hub.add_repo(&model("other"), true);
    hub
}

fn id_of(hub: &Fixture, name: &str) -> String {
    let admin = hub.write_token("alice");
    let answer = hub.get(&format!("/api/models/acme/{name}"), &admin);
    answer.body["_id"].as_str().expect("an id").to_owned()
}

#[test]
fn classic_tokens_do_what_their_owners_can() {
    let hub = with_repos();
    let of = |role: Option<OrgRole>| {
        if let Some(role) = role {
            assert!(hub.world().set_role("acme", "carol", role));
        }
        deeds(&hub, &hub.write_token("carol"))
    };
    assert_eq!(of(None), [404, 404, 404, 403]);
    assert_eq!(of(Some(OrgRole::NoAccess)), [404, 404, 404, 403]);
    assert_eq!(of(Some(OrgRole::Read)), [200, 403, 403, 403]);
    assert_eq!(of(Some(OrgRole::Contributor)), [200, 403, 403, 200]);
    assert_eq!(of(Some(OrgRole::Write)), [200, 200, 200, 200]);
    let read = hub.world().issue("alice", TokenSpec::read("r")).value;
    assert_eq!(deeds(&hub, &read), [200, 403, 403, 403]);
    assert_eq!(deeds(&hub, ""), [401, 401, 401, 401]);
}

#[test]
fn fine_grained_tokens_do_what_they_name_where_they_name_it() {
    let hub = with_repos();
    let on = |kind: &str, name: &str, id: String, permissions: &[&str]| {
        let entity = Entity { id, kind: kind.to_owned(), name: name.to_owned() };
        let scoped = vec![Scoped { entity, permissions: names(permissions) }];
        let fine = FineGrained { scoped, ..FineGrained::default() };
        deeds(&hub, &hub.world().issue("bob", TokenSpec::fine_grained("f", fine)).value)
    };
    let org = hub.world().state().orgs["acme"].id.clone();
    assert_eq!(on("org", "acme", org.clone(), &["repo.content.read"]), [200, 403, 403, 403]);
    assert_eq!(on("org", "acme", org, &["repo.write"]), [200, 200, 200, 200]);
    let llm = id_of(&hub, "llm");
    assert_eq!(on("model", "acme/llm", llm, &["repo.write"]), [200, 200, 200, 403]);
    let other = id_of(&hub, "other");
    assert_eq!(on("model", "acme/other", other, &["repo.write"]), [404, 404, 404, 403]);
    let bob = "0".repeat(24);
    assert_eq!(on("user", "bob", bob, &["repo.write", "job.write"]), [404, 404, 404, 403]);
}

#[test]
fn service_accounts_have_other_permissions_on_repositories_they_name() {
    let hub = with_repos();
    let on = |permissions: &[&str], ids: Vec<String>, there: &[&str]| {
        let power = ServicePower {
            permissions: names(permissions),
            repo_ids: ids.into_iter().collect(),
            repo_permissions: names(there),
            ..ServicePower::default()
        };
        let (_, token) = hub.world().add_service_account("acme", "bot", power).expect("acme");
        deeds(&hub, &token.value)
    };
    let llm = id_of(&hub, "llm");
    assert_eq!(on(&["repo.write"], Vec::new(), &[]), [200, 200, 200, 200]);
    assert_eq!(
        on(&["repo.content.read"], vec![llm.clone()], &["repo.write"]),
        [200, 200, 200, 403]
    );
    assert_eq!(on(&["repo.write"], vec![llm], &["repo.content.read"]), [200, 403, 403, 200]);
    assert_eq!(on(&[], Vec::new(), &[]), [404, 404, 404, 403]);
    let power = ServicePower {
        permissions: names(&["repo.content.read"]),
        repo_ids: names(&[&id_of(&hub, "llm")]),
        repo_permissions: names(&["repo.write"]),
        ..ServicePower::default()
    };
    let (_, token) = hub.world().add_service_account("acme", "bot", power).expect("acme");
    let whoami = hub.get("/api/whoami-v2", &token.value);
    hub.assert_fits(&whoami, "get", "/api/whoami-v2");
    let scoped = &whoami.body["auth"]["accessToken"]["fineGrained"]["scoped"];
    assert_eq!(scoped[1]["entity"]["name"], "acme/llm");
    assert_eq!(scoped[1]["permissions"], json!(["repo.write"]));
}

#[test]
fn a_dead_token_opens_nothing_even_where_none_is_needed() {
    let hub = with_repos();
    hub.add_repo(&model("open"), false);
    let open = "/api/models/acme/open";
    assert_eq!(hub.get(open, "").status, 200);
    let answer = hub.get(open, &format!("hf_{}", "z".repeat(34)));
    assert_eq!(answer.status, 401);
    assert_eq!(answer.body["error"], Value::from("Invalid credentials in Authorization header"));
}
