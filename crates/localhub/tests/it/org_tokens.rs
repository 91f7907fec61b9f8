//! An administrator's view of the tokens that reach an organisation.

use bearhug_localhub::{TokenPolicy, TokenSpec};
use serde_json::{Value, json};

use crate::support::Fixture;

const PATH: &str = "/api/organizations/acme/settings/tokens";

fn ids(body: &Value) -> Vec<&str> {
    body.as_array().expect("a list").iter().filter_map(|item| item["_id"].as_str()).collect()
}

#[test]
fn the_list_is_filtered_and_paged() {
    let hub = Fixture::new();
    let admin = hub.world().issue("alice", TokenSpec::write("admin"));
    let bob: Vec<_> = (0..5).map(|_| hub.world().issue("bob", TokenSpec::read("laptop"))).collect();
    hub.world().issue("carol", TokenSpec::write("outsider"));
    let fine = hub.world().issue("bob", TokenSpec::fine_grained("n", hub.fine(&["repo.write"])));

    let all = hub.get(PATH, &admin.value);
    assert_eq!(all.status, 200);
    assert_eq!(ids(&all.body).len(), 7, "{:#}", all.body);
    let of = |q: &str| {
        let answer = hub.get(&format!("{PATH}?q={q}"), &admin.value);
        ids(&answer.body).iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("owner:alice"), [admin.id.as_str()]);
    assert_eq!(of("-owner:bob"), [admin.id.as_str()]);
    assert_eq!(of("role:fineGrained"), [fine.id.as_str()]);
    assert_eq!(of("role:read+-owner:bob"), [""; 0]);
    let last4 = &bob[0].value[33..];
    assert_eq!(of(&format!("token:{last4}")), [bob[0].id.as_str()]);

    let mut seen = Vec::new();
    let mut next = format!("{PATH}?limit=3&q=owner:bob");
    let mut pages = 0;
    while !next.is_empty() {
        let page = hub.get(&next, &admin.value);
        seen.extend(ids(&page.body).iter().map(|id| (*id).to_owned()));
        let link = page.header("link");
        next = link.trim_start_matches('<').split('>').next().unwrap_or_default().to_owned();
        assert!(next.is_empty() || next.starts_with(hub.endpoint()), "{next}");
        pages += 1;
    }
    let mut expected: Vec<String> = bob.iter().map(|token| token.id.clone()).collect();
    expected.push(fine.id);
    seen.sort();
    expected.sort();
    assert_eq!((pages, seen), (2, expected));
}

#[test]
fn names_are_shown_under_the_approval_policy_only() {
    let hub = Fixture::new();
    let admin = hub.world().issue("alice", TokenSpec::fine_grained("a", hub.fine(&["org.read"])));
    let answer = hub.get(PATH, &admin.value);
    assert_eq!(answer.body[0].get("displayName"), None, "{:#}", answer.body);
    hub.set_policy(TokenPolicy::Approval);
    let answer = hub.get(PATH, &admin.value);
    assert_eq!(answer.body[0]["displayName"], "a");
    assert_eq!(answer.body[0]["authorization"]["status"], "approved");
    assert_eq!(answer.body[0]["fineGrained"]["scoped"][0]["entity"]["name"], "acme");
    assert_eq!(answer.body[0]["owner"]["user"], "alice");
}

#[test]
fn revoking_ends_access_to_the_organization_alone() {
    let hub = Fixture::new();
    let admin = hub.world().issue("alice", TokenSpec::write("admin"));
    let token = hub.world().issue("bob", TokenSpec::write("laptop"));
    let members = "/api/organizations/acme/members";
    assert_eq!(hub.get(members, &token.value).status, 200);
    let revoke = |id: &str, by: &str| hub.post(&format!("{PATH}/{id}/revoke"), by, &json!({}));
    assert_eq!(revoke(&admin.id, &token.value).status, 403, "bob is no administrator");
    assert_eq!(revoke(&admin.id, &admin.value).status, 403, "nobody revokes what they use");
    assert_eq!(revoke(&"0".repeat(24), &admin.value).status, 404);
    assert_eq!(revoke(&token.id, &admin.value).status, 200);
    assert_eq!(hub.get(members, &token.value).status, 403);
    assert_eq!(hub.get("/api/whoami-v2", &token.value).status, 200, "elsewhere it works");
    assert_eq!(ids(&hub.get(PATH, &admin.value).body), [admin.id.as_str()]);
    let revoked = hub.get(&format!("{PATH}?q=status:revoked"), &admin.value);
    assert_eq!(ids(&revoked.body), [token.id.as_str()]);
    assert_eq!(revoked.body[0]["authorization"]["authorizer"]["user"], "alice");
    let log = hub.get("/api/organizations/acme/audit-log/export", &admin.value);
    let kind = "org.token_approval.authorization_request.revoked";
    assert_eq!(log.body[0]["type"], kind, "{:#}", log.body);
}
