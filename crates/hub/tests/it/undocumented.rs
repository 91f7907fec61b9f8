//! Operations that the Hub's document leaves out, each with what is known of it.

use bearhug_core::Kind;
use bearhug_hub::{
    Deed,
    oauth::Poll,
    repositories::{Gating, RepoKind, RepoName},
};

use crate::{
    openapi::document,
    server::{Seen, Server, Step, json, response, token, value},
};

/// What the client asks although the document does not describe it, and where it is described instead.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("get", "/api/models", "huggingface_hub 2.4, hf_api.py, list_models"),
    ("get", "/api/models/{namespace}/{repo}", "huggingface_hub 2.4, hf_api.py, model_info"),
    (
        "get",
        "/api/models/{namespace}/{repo}/auth-check",
        "huggingface_hub 2.4, hf_api.py, auth_check",
    ),
    (
        "get",
        "/api/organizations/{name}/settings/tokens",
        "https://huggingface.co/docs/hub/enterprise-tokens-management",
    ),
    ("post", "/oauth/token", "https://huggingface.co/docs/hub/oauth and …/trusted-publishers"),
];

/// When one of them is described, it belongs with the others.
#[test]
fn they_are_indeed_not_in_the_document() {
    let document = document();
    for (method, path, _) in ELSEWHERE {
        assert!(document["paths"][path][method].is_null(), "{method} {path} is described by now");
    }
}

fn asked(hub: &Server) -> Seen {
    let seen = hub.seen();
    assert_eq!(seen.len(), 1);
    seen[0].clone()
}

#[tokio::test]
async fn repositories() {
    let answer = r#"{"_id":"1","id":"acme/thing","private":true,"gated":"manual","disabled":false,"sha":"aa",
        "lastModified":"2026-01-02T03:04:05.000Z","sdk":"static","downloads":3,"siblings":[]}"#;
    let hub = Server::saying(json(200, answer)).await;
    let name = RepoName::new(RepoKind::Space, "acme/thing").expect("a name");
    let thing = hub.client().repository(&name, &token()).await.expect("a repository");
    assert_eq!(asked(&hub).target, "/api/spaces/acme/thing");
    assert_eq!((thing.is_private, thing.gating), (Some(true), Some(Gating::Manual)));
    assert_eq!((thing.sdk.as_deref(), thing.downloads), (Some("static"), Some(3)));

    let hub = Server::saying(json(200, r#"[{"id":"gpt2"},{"id":"acme/x","gated":false}]"#)).await;
    let list =
        hub.client().repositories(RepoKind::Model, "ac me", 9, &token()).await.expect("a list");
    assert_eq!(asked(&hub).target, "/api/models?author=ac+me&limit=9");
    assert_eq!((list.items.len(), list.items[1].gating), (2, Some(Gating::Open)));
}

#[tokio::test]
async fn checks_of_repositories() {
    let name = RepoName::new(RepoKind::Model, "gpt2").expect("a name");
    for (deed, path) in [
        (Deed::ReadRepository(name.clone()), "/api/models/gpt2/auth-check"),
        (Deed::WriteRepository(name), "/api/models/gpt2/auth-check/write"),
    ] {
        for body in [&b""[..], b"OK", b"{}"] {
            let hub = Server::saying(response(200, &[], body)).await;
            let leave = hub.client().may(&deed, &token()).await;
            assert_eq!(leave.expect("leave"), bearhug_hub::Leave::Granted);
            assert_eq!((asked(&hub).method.as_str(), asked(&hub).target.as_str()), ("GET", path));
        }
    }
}

#[tokio::test]
async fn tokens_of_an_organisation() {
    let answer = r#"[{"_id":"65a0","displayName":"ci","role":"fineGrained","last4":"Ab3x",
        "createdAt":"2026-01-02T03:04:05.000Z","lastUsedAt":null,"owner":{"_id":"1","user":"alice","type":"user"},
        "authorization":{"status":"approved","requestedAt":"x"},"fineGrained":{"scoped":[]}},{"_id":"65a1"}]"#;
    let hub = Server::saying(json(200, answer)).await;
    let list = hub.client().org_tokens("acme", Some("token:Ab3x"), 5000, &token()).await;
    let list = list.expect("a list").items;
    let target = "/api/organizations/acme/settings/tokens?limit=100&q=token%3AAb3x";
    assert_eq!(asked(&hub).target, target);
    assert_eq!(list[0].last4.as_deref(), Some("Ab3x"));
    assert_eq!(list[0].owner.as_ref().and_then(|owner| owner.user.as_deref()), Some("alice"));
    assert_eq!(list[0].approval.as_ref().map(|a| a.status.as_str()), Some("approved"));
    assert_eq!((list[1].id.as_str(), list[1].last4.as_deref()), ("65a1", None));
}

fn issued() -> Vec<u8> {
    let refresh = format!("hf_oauth__refresh_{}", &value()[3..]);
    let body = format!(
        r#"{{"access_token":"hf_jwt_a.b.c","refresh_token":"{refresh}","token_type":"bearer","expires_in":3600}}"#
    );
    json(200, &body)
}

fn form(seen: &Seen) -> Vec<(String, String)> {
    form_urlencoded::parse(&seen.body).into_owned().collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[tokio::test]
async fn exchanges() {
    let hub = Server::saying(issued()).await;
    let pass = hub.client().publish_as(&token(), "acme/model").await.expect("a token");
    assert_eq!(pass.access.kind(), Kind::TrustedPublisherToken);
    assert_eq!(pass.refresh.expect("another").kind(), Kind::OauthRefreshToken);
    assert_eq!(pass.lasts, Some(std::time::Duration::from_hours(1)));
    let seen = asked(&hub);
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/oauth/token"));
    let sent: serde_json::Value = serde_json::from_slice(&seen.body).expect("JSON");
    let expected = serde_json::json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "subject_token": value(), "resource": "acme/model",
    });
    assert_eq!(sent, expected);

    let hub = Server::saying(issued()).await;
    let application = ("client", &token());
    hub.client()
        .act_for_member(application, "a@b.example", Some("read-repos"))
        .await
        .expect("a token");
    let seen = asked(&hub);
    let login = data_encoding::BASE64.encode(format!("client:{}", value()).as_bytes());
    assert_eq!(seen.header("authorization"), Some(format!("Basic {login}").as_str()));
    assert!(
        form(&seen).contains(&pair("subject_token_type", "urn:huggingface:token-type:user-email"))
    );
    assert!(form(&seen).contains(&pair("subject_token", "a@b.example")));

    let hub = Server::saying(issued()).await;
    hub.client().refresh("client", &token()).await.expect("a token");
    let seen = asked(&hub);
    assert_eq!(seen.header("authorization"), None);
    let expected = [
        pair("grant_type", "refresh_token"),
        pair("refresh_token", &value()),
        pair("client_id", "client"),
    ];
    assert_eq!(form(&seen), expected);
}

#[tokio::test]
async fn a_refused_exchange_keeps_the_code_and_not_the_secret() {
    let body = format!(r#"{{"error":"invalid_grant","error_description":"bad {}"}}"#, value());
    let hub = Server::saying(json(400, &body)).await;
    let error = hub.client().publish_as(&token(), "acme/model").await.expect_err("a refusal");
    assert_eq!(error.refusal().and_then(|r| r.code.as_deref()), Some("invalid_grant"));
    assert!(!format!("{error} {error:?}").contains(&value()));
}

#[tokio::test]
async fn a_device_login() {
    let code = r#"{"device_code":"dc","user_code":"AB-CD","verification_uri":"https://h/device","expires_in":900,"interval":1e300}"#;
    let hub = Server::start(move |turn, _| {
        vec![Step::Bytes(match turn {
            0 => json(200, code),
            1 => json(400, r#"{"error":"authorization_pending"}"#),
            2 => json(400, r#"{"error":"slow_down","error_description":"slower"}"#),
            3 => issued(),
            _ => json(400, r#"{"error":"access_denied"}"#),
        })]
    })
    .await;
    let client = hub.client();
    let code = client.start_device_login("client", None).await.expect("a code");
    assert!(!format!("{code:?}").contains("dc"));
    assert_eq!(code.lasts().as_secs(), 900);
    assert!(matches!(client.poll_device_login("client", &code).await, Ok(Poll::Pending)));
    assert!(matches!(client.poll_device_login("client", &code).await, Ok(Poll::SlowDown)));
    assert!(matches!(client.poll_device_login("client", &code).await, Ok(Poll::Done(_))));
    client.poll_device_login("client", &code).await.expect_err("declined");
}
