//! What keeps a token out of an organisation, in whoami-v2 and at the door.

use bearhug_localhub::{AuthorizationStatus, Restriction, TokenPolicy, TokenSpec};
use serde_json::json;

use crate::support::Fixture;

const MEMBERS: &str = "/api/organizations/acme/members";

fn restrictions(hub: &Fixture, token: &str) -> Vec<String> {
    let answer = hub.get("/api/whoami-v2", token);
    hub.assert_fits(&answer, "get", "/api/whoami-v2");
    let list = answer.body["orgs"][0]["securityRestrictions"].as_array().cloned();
    list.unwrap_or_default().iter().filter_map(|r| r.as_str().map(str::to_owned)).collect()
}

fn door(hub: &Fixture, token: &str) -> (u16, String) {
    let answer = hub.get(MEMBERS, token);
    (answer.status, answer.error().to_owned())
}

const APPROVAL: &str = "Due to the organization token policy, your token needs to be approved by \
                        the organization before you can access this resource.";

#[test]
fn a_policy_keeps_classic_tokens_out() {
    let hub = Fixture::new();
    let classic = hub.write_token("bob");
    let fine = hub.fine(&["org.members.read"]);
    let fine = hub.world().issue("bob", TokenSpec::fine_grained("narrow", fine)).value;
    assert_eq!(door(&hub, &classic).0, 200);
    assert_eq!(door(&hub, &fine).0, 200);
    hub.set_policy(TokenPolicy::FineGrainedOnly);
    assert_eq!(restrictions(&hub, &classic), ["token-policy"]);
    assert_eq!(door(&hub, &classic), (403, APPROVAL.to_owned()));
    assert_eq!(restrictions(&hub, &fine), [""; 0]);
    assert_eq!(door(&hub, &fine).0, 200);
}

#[test]
fn an_approval_is_asked_for_given_denied_and_taken_for_good() {
    let hub = Fixture::new();
    hub.set_policy(TokenPolicy::Approval);
    let fine = hub.fine(&["org.members.read"]);
    let token = hub.world().issue("bob", TokenSpec::fine_grained("narrow", fine.clone()));
    assert_eq!(door(&hub, &token.value), (403, APPROVAL.to_owned()));
    assert_eq!(restrictions(&hub, &token.value), ["token-policy"]);

    let decide = |status| assert!(hub.world().decide("acme", &token.id, status, "alice"));
    decide(AuthorizationStatus::Approved);
    assert_eq!(door(&hub, &token.value).0, 200);
    decide(AuthorizationStatus::Denied);
    assert_eq!(door(&hub, &token.value), (403, APPROVAL.to_owned()));
    decide(AuthorizationStatus::Revoked);
    let (status, reason) = door(&hub, &token.value);
    assert_eq!(status, 403);
    assert!(reason.starts_with("Your token has been revoked by the organization"), "{reason}");
    assert!(restrictions(&hub, &token.value).contains(&"token-revoked".to_owned()));

    let own = hub.world().issue("alice", TokenSpec::fine_grained("admin's", fine)).value;
    assert_eq!(door(&hub, &own).0, 200, "an administrator's token is approved at once");
}

#[test]
fn sign_on_second_factor_and_address_are_demanded() {
    let hub = Fixture::new();
    let token = hub.write_token("bob");
    hub.change_member("bob", |member| {
        member.restrictions.insert(Restriction::Sso);
    });
    assert_eq!(restrictions(&hub, &token), ["sso"]);
    let (status, reason) = door(&hub, &token);
    assert_eq!(status, 403);
    assert!(reason.contains("SSO"), "{reason}");
    hub.change_member("bob", |member| member.restrictions.clear());

    {
        let mut state = hub.world().state();
        state.orgs.get_mut("acme").expect("acme").requires_mfa = true;
        state.users.get_mut("bob").expect("bob").has_mfa = false;
    }
    assert_eq!(restrictions(&hub, &token), ["mfa"]);
    assert_eq!(door(&hub, &token).0, 403);
    hub.world().state().orgs.get_mut("acme").expect("acme").requires_mfa = false;

    let path = "/api/organizations/acme/settings/network-security";
    let admin = hub.write_token("alice");
    let body = json!({ "enforceIpRestriction": true, "ipRanges": ["203.0.113.0/24"] });
    let answer = hub.ask("PATCH", path, &admin, Some(&body));
    hub.assert_fits(&answer, "patch", "/api/organizations/{name}/settings/network-security");
    assert_eq!(restrictions(&hub, &token), ["ip"]);
    assert_eq!(door(&hub, &token).0, 403);
}

#[test]
fn network_security_is_kept_and_its_ranges_are_checked() {
    let hub = Fixture::new();
    let admin = hub.write_token("alice");
    let path = "/api/organizations/acme/settings/network-security";
    let template = "/api/organizations/{name}/settings/network-security";
    let answer = hub.get(path, &admin);
    hub.assert_fits(&answer, "get", template);
    assert_eq!(answer.body["enforceIpRestriction"], false);
    let wrong = json!({ "ipRanges": ["everywhere"] });
    assert_eq!(hub.ask("PATCH", path, &admin, Some(&wrong)).status, 400);
    let allowed = json!({ "enforceIpRestriction": true, "ipRanges": ["127.0.0.0/8"] });
    assert_eq!(hub.ask("PATCH", path, &admin, Some(&allowed)).status, 200);
    assert_eq!(hub.get(path, &admin).body["ipRanges"], json!(["127.0.0.0/8"]));
    assert_eq!(hub.get(path, &hub.write_token("bob")).status, 403, "members may not look");
}
