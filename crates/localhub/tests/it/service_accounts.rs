//! Service accounts and their tokens, from creation to deletion, and what the audit log keeps of them.

use bearhug_localhub::TokenSpec;
use serde_json::{Value, json};

use crate::support::Fixture;

const PATH: &str = "/api/organizations/acme/service-accounts";
const ONE: &str = "/api/organizations/{name}/service-accounts/{serviceAccountId}";

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

#[test]
fn a_life_of_a_service_account() {
    let hub = Fixture::new();
    let admin = hub.write_token("alice");
    let body = json!({ "name": "Release bot", "description": "publishes" });
    let account = hub.post(PATH, &admin, &body);
    assert_eq!(account.status, 201);
    hub.assert_fits(&account, "post", "/api/organizations/{name}/service-accounts");
    let one = format!("{PATH}/{}", text(&account.body["_id"]));
    let listed = hub.get(PATH, &admin);
    hub.assert_fits(&listed, "get", "/api/organizations/{name}/service-accounts");
    assert_eq!(listed.body[0]["name"], "Release bot");

    let body = json!({ "displayName": "ci", "permissions": ["repo.write"] });
    let created = hub.post(&format!("{one}/tokens"), &admin, &body);
    assert_eq!(created.status, 201);
    hub.assert_fits(&created, "post", &format!("{ONE}/tokens"));
    let first = text(&created.body["token"]);
    let token = format!("{one}/tokens/{}", text(&created.body["tokenInfo"]["_id"]));
    assert_eq!(hub.get("/api/whoami-v2", &first).body["name"], account.body["user"]);

    let body = json!({ "permissions": ["repo.content.read"], "endpointPatterns": ["prod-*"] });
    let updated = hub.ask("PATCH", &token, &admin, Some(&body));
    hub.assert_fits(&updated, "patch", &format!("{ONE}/tokens/{{tokenId}}"));
    assert_eq!(updated.body["displayName"], "ci");

    let rotated = hub.post(&format!("{token}/rotate"), &admin, &json!({}));
    hub.assert_fits(&rotated, "post", &format!("{ONE}/tokens/{{tokenId}}/rotate"));
    let second = text(&rotated.body["token"]);
    assert_eq!(rotated.body["tokenInfo"]["last4"], second[33..]);
    assert_eq!(hub.get("/api/whoami-v2", &first).status, 401, "the old value ended at once");
    assert_eq!(hub.get("/api/whoami-v2", &second).status, 200);

    let shown = hub.get(&one, &admin);
    hub.assert_fits(&shown, "get", ONE);
    assert_eq!(shown.body["accessTokens"][0]["last4"], second[33..]);
    assert!(!shown.body.to_string().contains(&second), "a value is shown once");

    assert_eq!(hub.ask("DELETE", &token, &admin, None).status, 204);
    assert_eq!(hub.get("/api/whoami-v2", &second).status, 401);
    assert_eq!(hub.ask("DELETE", &token, &admin, None).status, 404);
    assert_eq!(hub.ask("DELETE", &one, &admin, None).status, 204);
    assert_eq!(hub.get(&one, &admin).status, 404);

    let log = hub.get("/api/organizations/acme/audit-log/export", &admin);
    hub.assert_fits(&log, "get", "/api/organizations/{name}/audit-log/export");
    let kinds: Vec<String> =
        log.body.as_array().expect("a list").iter().map(|event| text(&event["type"])).collect();
    assert_eq!(
        kinds,
        [
            "org.service_account.delete",
            "org.service_account.token.delete",
            "org.service_account.token.rotate",
            "org.service_account.token.update",
            "org.service_account.token.create",
            "org.service_account.create",
        ]
    );
    assert_eq!(log.body[0]["author"]["user"], "alice");
    assert_eq!(log.body[0]["token"]["last4"], admin[33..]);
    assert_eq!(log.body[0]["ip"], "127.0.0.1");
    let q = "/api/organizations/acme/audit-log/export?q=type:org.service_account.create+author:bob";
    assert_eq!(hub.get(q, &admin).body, json!([]));
}

#[test]
fn deleting_an_account_ends_its_tokens() {
    let hub = Fixture::new();
    let admin = hub.write_token("alice");
    let account = hub.post(PATH, &admin, &json!({ "name": "bot" }));
    let one = format!("{PATH}/{}", text(&account.body["_id"]));
    let created = hub.post(&format!("{one}/tokens"), &admin, &json!({}));
    let token = text(&created.body["token"]);
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 200);
    assert_eq!(hub.ask("DELETE", &one, &admin, None).status, 204);
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 401);
}

#[test]
fn permissions_decide_who_manages_service_accounts() {
    let hub = Fixture::new();
    let create = |token: &str| hub.post(PATH, token, &json!({ "name": "bot" })).status;
    assert_eq!(create(""), 401);
    assert_eq!(create(&hub.write_token("bob")), 403);
    let read = hub.world().issue("alice", TokenSpec::read("r")).value;
    assert_eq!(create(&read), 403);
    assert_eq!(hub.get(PATH, &read).status, 200);
    let fine = hub.fine(&["org.serviceAccounts.write"]);
    let fine = hub.world().issue("alice", TokenSpec::fine_grained("n", fine)).value;
    assert_eq!(create(&fine), 201);
    let bad = json!({ "name": "b".repeat(51) });
    assert_eq!(hub.post(PATH, &fine, &bad).status, 400);
}

/// A token that manages service accounts can make itself stronger ones: tier zero.
#[test]
fn a_service_account_with_that_permission_propagates() {
    let hub = Fixture::new();
    let admin = hub.write_token("alice");
    let account = hub.post(PATH, &admin, &json!({ "name": "bot" }));
    let tokens = format!("{PATH}/{}/tokens", text(&account.body["_id"]));
    let body = json!({ "permissions": ["org.serviceAccounts.write"] });
    let first = text(&hub.post(&tokens, &admin, &body).body["token"]);
    let body = json!({ "permissions": ["repo.write", "org.write"] });
    assert_eq!(hub.post(&tokens, &first, &body).status, 201);
    let unknown = json!({ "permissions": ["everything"] });
    assert_eq!(hub.post(&tokens, &first, &unknown).status, 400);
}
