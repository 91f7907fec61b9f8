//! Every operation that the client has and the Hub's document describes.

use bearhug_hub::{
    Deed,
    organisations::{NewServiceAccount, Rights, ServiceToken},
    repositories::{RepoKind, RepoName},
    revocation::MOST_AT_ONCE,
};

use crate::{
    openapi::conforms,
    server::{Server, response, token, value},
};

const TOKEN: ServiceToken<'_> = ServiceToken { org: "acme", account: "65a0", id: "65a1" };

fn repository(kind: RepoKind) -> RepoName {
    RepoName::new(kind, "acme/thing").expect("a name")
}

fn rights() -> Rights {
    Rights {
        display_name: Some("ci".to_owned()),
        permissions: Some(vec!["repo.content.read".to_owned(), "job.write".to_owned()]),
        repo_ids: Some(vec!["0123456789abcdef01234567".to_owned()]),
        repo_permissions: Some(vec!["repo.write".to_owned()]),
        endpoint_patterns: Some(vec!["gpt-*".to_owned()]),
        skip_network_security: Some(false),
    }
}

#[tokio::test]
async fn whoami() {
    conforms("GET", "/api/whoami-v2", async |hub| hub.whoami(&token()).await).await;
}

#[tokio::test]
async fn revocation() {
    let path = "/api/credentials/revoke";
    conforms("POST", path, async |hub| hub.revoke(&[&token()]).await).await;
    let many: Vec<_> = (0..MOST_AT_ONCE).map(|_| token()).collect();
    let many: Vec<_> = many.iter().collect();
    conforms("POST", path, async |hub| hub.revoke(&many).await).await;
}

#[tokio::test]
async fn revocation_shows_no_login_and_refuses_what_the_hub_would() {
    let hub = Server::saying(response(202, &[], b"")).await;
    hub.client().revoke(&[&token()]).await.expect("accepted");
    let seen = hub.seen();
    assert_eq!(seen[0].header("authorization"), None);
    assert!(String::from_utf8_lossy(&seen[0].body).contains(&value()));
    let long = bearhug_core::Token::new(bearhug_core::Kind::UserToken, "x".repeat(201));
    let many: Vec<_> = (0..=MOST_AT_ONCE).map(|_| token()).collect();
    hub.client().revoke(&[&token(), &long]).await.expect_err("201 characters");
    hub.client().revoke(&many.iter().collect::<Vec<_>>()).await.expect_err("1001 tokens");
    hub.client().revoke(&[]).await.expect_err("none");
    assert_eq!(hub.seen().len(), 1);
}

#[tokio::test]
async fn repositories() {
    for (kind, plural) in
        [(RepoKind::Model, "models"), (RepoKind::Dataset, "datasets"), (RepoKind::Space, "spaces")]
    {
        let (name, root) = (repository(kind), format!("/api/{plural}/{{namespace}}/{{repo}}"));
        let path = format!("{root}/commits/{{rev}}");
        conforms("GET", &path, async |hub| hub.commits(&name, "refs/pr/1", 5000, &token()).await)
            .await;
        let path = format!("{root}/refs");
        conforms("GET", &path, async |hub| hub.refs(&name, &token()).await).await;
        let path = format!("{root}/tree/{{rev}}/{{path}}");
        conforms("GET", &path, async |hub| {
            hub.tree(&name, ("main", "a/b c"), 5000, &token()).await
        })
        .await;
    }
    let space = repository(RepoKind::Space);
    let path = "/api/spaces/{namespace}/{repo}/secrets";
    conforms("GET", path, async |hub| hub.space_secrets(&space, &token()).await).await;
}

#[tokio::test]
async fn probes() {
    for (deed, path) in [
        (Deed::ReadJobs("acme".into()), "/api/jobs/{namespace}/auth-check/{perms}"),
        (Deed::WriteJobs("acme".into()), "/api/jobs/{namespace}/auth-check/{perms}"),
        (
            Deed::ReadEndpoints("acme".into()),
            "/api/inference-endpoints/{namespace}/auth-check/{perms}",
        ),
        (
            Deed::WriteEndpoints("acme".into()),
            "/api/inference-endpoints/{namespace}/auth-check/{perms}",
        ),
        (
            Deed::CallEndpoints("acme".into()),
            "/api/inference-endpoints/{namespace}/auth-check/{perms}",
        ),
    ] {
        conforms("POST", path, async |hub| hub.may(&deed, &token()).await).await;
    }
    let narrowed = r#"{"namespace":{"id":"1","name":"acme"},"user":{"id":"2","name":"alice"},"patternRestrictions":["gpt-*"]}"#;
    let hub = Server::saying(response(207, &[], narrowed.as_bytes())).await;
    let leave = hub.client().may(&Deed::CallEndpoints("acme".into()), &token()).await;
    assert_eq!(leave.expect("leave"), bearhug_hub::Leave::GrantedFor(vec!["gpt-*".to_owned()]));
    assert_eq!(hub.seen()[0].target, "/api/inference-endpoints/acme/auth-check/infer");
}

#[tokio::test]
async fn organisations() {
    let org = "/api/organizations/{name}";
    let path = format!("{org}/settings/tokens/{{tokenId}}/revoke");
    conforms("POST", &path, async |hub| hub.revoke_for_org("acme", "65a0", &token()).await).await;
    let path = format!("{org}/members");
    conforms("GET", &path, async |hub| {
        hub.members("acme", Some("a.b@acme.example"), 5, &token()).await
    })
    .await;
    let path = format!("{org}/audit-log/export");
    conforms("GET", &path, async |hub| {
        hub.audit_log("acme", Some("type:repo.create"), &token()).await
    })
    .await;
}

#[tokio::test]
async fn service_accounts() {
    let all = "/api/organizations/{name}/service-accounts";
    let one = format!("{all}/{{serviceAccountId}}");
    let tokens = format!("{one}/tokens");
    let secret = format!("{tokens}/{{tokenId}}");
    let rotate = format!("{secret}/rotate");
    let new = NewServiceAccount { name: "ci".to_owned(), description: Some("builds".to_owned()) };
    conforms("GET", all, async |hub| hub.service_accounts("acme", &token()).await).await;
    conforms("POST", all, async |hub| hub.create_service_account("acme", &new, &token()).await)
        .await;
    conforms("GET", &one, async |hub| hub.service_account("acme", "65a0", &token()).await).await;
    conforms("DELETE", &one, async |hub| {
        hub.delete_service_account("acme", "65a0", &token()).await
    })
    .await;
    conforms("POST", &tokens, async |hub| {
        hub.create_service_token(("acme", "65a0"), &rights(), &token()).await
    })
    .await;
    conforms("POST", &tokens, async |hub| {
        hub.create_service_token(("acme", "65a0"), &Rights::default(), &token()).await
    })
    .await;
    conforms("PATCH", &secret, async |hub| {
        hub.update_service_token(TOKEN, &rights(), &token()).await
    })
    .await;
    conforms("POST", &rotate, async |hub| hub.rotate_service_token(TOKEN, &token()).await).await;
    conforms("DELETE", &secret, async |hub| hub.delete_service_token(TOKEN, &token()).await).await;
}

#[tokio::test]
async fn device_logins_start() {
    conforms("POST", "/oauth/device", async |hub| {
        hub.start_device_login("client", Some("openid")).await
    })
    .await;
}
