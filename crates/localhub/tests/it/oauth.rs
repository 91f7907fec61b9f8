//! OAuth: devices, refresh tokens, exchanges for members, userinfo, registration.

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::support::{Answer, Fixture};

const HF_CLI: &str = "26be6b09-91c5-47da-9861-d2d2bb7a7e36";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Sends a form, as clients of OAuth do.
fn form(
    hub: &Fixture,
    path: &str,
    basic: Option<(&str, &str)>,
    members: &[(&str, &str)],
) -> Answer {
    let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build();
    let agent = ureq::Agent::new_with_config(config);
    let mut request = agent.post(format!("{}{path}", hub.endpoint()));
    if let Some((id, secret)) = basic {
        let pair = BASE64.encode(format!("{id}:{secret}").as_bytes());
        request = request.header("authorization", format!("Basic {pair}"));
    }
    let mut answer = request.send_form(members.to_vec()).expect("an answer");
    Answer {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: serde_json::from_reader(answer.body_mut().as_reader()).unwrap_or(Value::Null),
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

#[test]
fn a_device_waits_is_approved_and_renews() {
    let hub = Fixture::new();
    let begun = form(&hub, "/oauth/device", None, &[("client_id", HF_CLI)]);
    hub.assert_fits(&begun, "post", "/oauth/device");
    let (device, user) = (text(&begun.body["device_code"]), text(&begun.body["user_code"]));
    let poll = || {
        let members = [("grant_type", DEVICE), ("device_code", &device), ("client_id", HF_CLI)];
        form(&hub, "/oauth/token", None, &members)
    };
    let waiting = poll();
    assert_eq!((waiting.status, waiting.error()), (400, "authorization_pending"));
    let answer = json!({ "user_code": user, "user": "alice" });
    assert_eq!(hub.post("/_localhub/devices", "", &answer).status, 200);
    let granted = poll();
    assert_eq!(granted.status, 200, "{granted:?}");
    let access = text(&granted.body["access_token"]);
    let refresh = text(&granted.body["refresh_token"]);
    assert!(access.starts_with("hf_oauth_") && refresh.starts_with("hf_oauth__refresh_"));
    assert_eq!(poll().error(), "invalid_grant", "a code works once");

    let whoami = hub.get("/api/whoami-v2", &access);
    hub.assert_fits(&whoami, "get", "/api/whoami-v2");
    assert_eq!(whoami.body["name"], "alice");
    let info = hub.get("/oauth/userinfo", &access);
    hub.assert_fits(&info, "get", "/oauth/userinfo");
    assert_eq!(info.body["preferred_username"], "alice");
    assert_eq!(hub.get("/oauth/userinfo", &hub.write_token("alice")).status, 403);

    let renew = |value: &str| {
        let grant =
            [("grant_type", "refresh_token"), ("refresh_token", value), ("client_id", HF_CLI)];
        form(&hub, "/oauth/token", None, &grant)
    };
    let renewed = renew(&refresh);
    assert_eq!(renewed.status, 200, "{renewed:?}");
    assert_eq!(renew(&refresh).error(), "invalid_grant", "a refresh token works once");
    assert_eq!(renew(&text(&renewed.body["refresh_token"])).status, 200);
}

#[test]
fn a_device_may_be_denied_forgotten_or_unknown() {
    let hub = Fixture::new();
    let unknown = form(&hub, "/oauth/device", None, &[("client_id", "nobody")]);
    assert_eq!((unknown.status, unknown.error()), (401, "invalid_client"));
    for (pass, error) in [(0, "access_denied"), (901, "expired_token")] {
        let begun = form(&hub, "/oauth/device", None, &[("client_id", HF_CLI)]);
        let device = text(&begun.body["device_code"]);
        assert!(hub.world().answer_device(&text(&begun.body["user_code"]), None));
        hub.pass(pass);
        let members = [("grant_type", DEVICE), ("device_code", &device), ("client_id", HF_CLI)];
        assert_eq!(form(&hub, "/oauth/token", None, &members).error(), error);
    }
}

#[test]
fn an_organization_exchanges_for_its_members() {
    let hub = Fixture::new();
    let (id, secret) = hub.world().add_exchange_app("acme");
    let exchange = |secret: &str, email: &str, scope: &str| {
        let members = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("subject_token", email),
            ("subject_token_type", "urn:huggingface:token-type:user-email"),
            ("scope", scope),
        ];
        form(&hub, "/oauth/token", Some((&id, secret)), &members)
    };
    let answer = exchange(&secret, "bob@example.test", "openid profile read-repos");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["expires_in"], 28_800);
    assert_eq!(answer.body.get("refresh_token"), None);
    let token = text(&answer.body["access_token"]);
    assert_eq!(hub.get("/api/whoami-v2", &token).body["name"], "bob");
    assert_eq!(exchange("wrong", "bob@example.test", "openid").error(), "invalid_client");
    assert_eq!(exchange(&secret, "carol@example.test", "openid").error(), "invalid_grant");
    assert_eq!(exchange(&secret, "bob@example.test", "everything").error(), "invalid_scope");
    let admin = hub.write_token("alice");
    let log = hub.get("/api/organizations/acme/audit-log/export?q=type:oauth.token", &admin);
    hub.assert_fits(&log, "get", "/api/organizations/{name}/audit-log/export");
    assert_eq!(log.body[0]["data"]["user"], "bob");
    let revoked = hub.post("/api/credentials/revoke", "", &json!({ "credentials": [secret] }));
    assert_eq!(revoked.status, 202);
}

#[test]
fn applications_register_and_the_configuration_names_the_endpoints() {
    let hub = Fixture::new();
    let body = json!({ "client_name": "tool", "token_endpoint_auth_method": "none" });
    let answer = hub.post("/oauth/register", "", &body);
    hub.assert_fits(&answer, "post", "/oauth/register");
    let id = text(&answer.body["client_id"]);
    assert_eq!(form(&hub, "/oauth/device", None, &[("client_id", &id)]).status, 200);
    let configuration = hub.get("/.well-known/openid-configuration", "").body;
    assert_eq!(configuration["issuer"], hub.endpoint());
    let jwks = hub.get(&text(&configuration["jwks_uri"]), "").body;
    assert_eq!(jwks["keys"][0]["alg"], "EdDSA");
}
