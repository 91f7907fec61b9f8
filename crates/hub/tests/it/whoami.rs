//! What whoami-v2 says, and how it is kept.

use bearhug_core::{
    grant::{AccountKind, Credential, EntityKind, OrgRole, Permission, Plan, Restriction, Role},
    rights::Answer,
};

use crate::server::{ALICE, Server, Step, json, token, value};

async fn grant_of(answer: &str) -> bearhug_core::grant::Grant {
    let hub = Server::saying(json(200, answer)).await;
    hub.client().whoami(&token()).await.expect("an answer").grant.clone()
}

#[tokio::test]
async fn a_fine_grained_token_of_a_member() {
    let grant = grant_of(
        r#"{"auth":{"type":"access_token","accessToken":{"displayName":"ci","role":"fineGrained",
            "createdAt":"2026-01-02T03:04:05.000Z","fineGrained":{"canReadGatedRepos":true,
            "global":["discussion.write","world.end"],"scoped":[
              {"entity":{"_id":"65a000000000000000000001","type":"model","name":"acme/model"},"permissions":["repo.write"]},
              {"entity":{"_id":"65a000000000000000000002","type":"planet"},"permissions":["org.read"],
               "patterns":[{"resourceType":"inference-endpoint","wildcardPatterns":["gpt-*"]}]}]},
            "novelty":1},"novelty":[]},
          "type":"user","id":"65a000000000000000000003","name":"alice","fullname":"Alice","isPro":false,
          "orgs":[{"type":"org","id":"65a000000000000000000004","name":"acme","fullname":"Acme","avatarUrl":"",
            "plan":"enterprise","roleInOrg":"contributor","securityRestrictions":["token-revoked","moon-phase"],
            "resourceGroups":[{"id":"65a000000000000000000005","name":"research","role":"write"}]}]}"#,
    )
    .await;
    assert_eq!((grant.account.name.as_str(), &grant.account.kind), ("alice", &AccountKind::User));
    let Credential::AccessToken(token) = &grant.credential else { panic!("{grant:?}") };
    assert_eq!(token.display_name, "ci");
    assert_eq!(token.created_at.expect("a time").to_string(), "2026-01-02T03:04:05Z");
    let Role::FineGrained(list) = &token.role else { panic!("{token:?}") };
    assert!(list.can_read_gated);
    assert_eq!(list.global[1], Permission::Unknown("world.end".to_owned()));
    assert_eq!(list.scoped[0].entity.name.as_deref(), Some("acme/model"));
    assert_eq!(list.scoped[0].permissions[0].name(), "repo.write");
    assert_eq!(list.scoped[1].entity.kind, EntityKind::Unknown("planet".to_owned()));
    assert_eq!(list.scoped[1].patterns[0].wildcards, ["gpt-*"]);
    let acme = &grant.orgs[0];
    assert_eq!(
        (acme.plan.clone(), acme.role.clone()),
        (Some(Plan::Enterprise), Some(OrgRole::Contributor))
    );
    assert_eq!(acme.restrictions[0], Restriction::TokenRevoked);
    assert_eq!(acme.restrictions[1], Restriction::Unknown("moon-phase".to_owned()));
    assert_eq!(acme.resource_groups[0].role, OrgRole::Write);
}

#[tokio::test]
async fn sessions_apps_and_what_came_later() {
    let oauth = grant_of(
        r#"{"auth":{"type":"oauth","expiresAt":"2026-11-24T20:00:00.000Z","resource":{"sub":"acme/model"}},
            "type":"user","id":"1","name":"alice","orgs":null}"#,
    )
    .await;
    assert_eq!(oauth.expires_at.expect("a time").to_string(), "2026-11-24T20:00:00Z");
    let Credential::Session(session) = &oauth.credential else { panic!("{oauth:?}") };
    assert_eq!(session.resource.as_deref(), Some("acme/model"));

    let app = grant_of(
        r#"{"auth":{"type":"app_token"},"type":"app","id":"2","name":"robot",
            "scope":{"role":"write","entities":["65a0",{"_id":"65a1"}]}}"#,
    )
    .await;
    let Credential::App(Some(scope)) = &app.credential else { panic!("{app:?}") };
    assert_eq!(
        (&scope.role, scope.entities.as_slice()),
        (&OrgRole::Write, &["65a0".to_owned(), "65a1".to_owned()][..])
    );

    let later = grant_of(
        r#"{"auth":{"type":"x","accessToken":{"role":"seraph","createdAt":"yesterday"}},"type":"choir","name":"n"}"#,
    )
    .await;
    assert_eq!(later.account.kind, AccountKind::Unknown("choir".to_owned()));
    let Credential::AccessToken(token) = &later.credential else { panic!("{later:?}") };
    assert_eq!((token.role.name(), token.created_at), ("seraph", None));
}

#[tokio::test]
async fn a_hub_that_repeats_tokens_brings_none_out() {
    let other = format!("hf_{}", "ZxCvBnMaSdFgHjKlQwErTyUiOpZxCvBnMa");
    for secret in [value(), other] {
        let answer = r#"{"auth":{"type":"T","accessToken":{"displayName":"my T","role":"fineGrained",
            "fineGrained":{"global":["T"],"scoped":[{"entity":{"_id":"T","type":"T","name":"a/T"},
            "permissions":["T"],"patterns":[{"resourceType":"T","wildcardPatterns":["T*"]}]}]}}},
          "type":"T","id":"T","name":"T","fullname":"T","orgs":[{"id":"T","name":"T","plan":"T",
            "roleInOrg":"T","securityRestrictions":["T"],
            "resourceGroups":[{"id":"T","name":"T","role":"T"}]}]}"#;
        // Every name in it that is the single letter, and none that holds it.
        let answer =
            answer.replace("T\"", &format!("{secret}\"")).replace("T*", &format!("{secret}*"));
        let grant = format!("{:?}", grant_of(&answer).await);
        assert!(grant.contains("my hf_…"), "{grant}");
        assert!(!grant.contains(&secret[3..]), "{grant}");
    }
}

#[tokio::test]
async fn half_a_list_is_none() {
    for list in [
        "{}",
        r#"{"scoped":null,"global":[]}"#,
        r#"{"scoped":[{"entity":{"_id":"1","type":"org","name":"acme"}}]}"#,
        r#"{"scoped":[{"entity":{"_id":"1","type":"org"},"permissions":null}]}"#,
    ] {
        let grant = grant_of(&format!(
            r#"{{"auth":{{"type":"access_token","accessToken":{{"role":"fineGrained","fineGrained":{list}}}}},
                "type":"user","id":"1","name":"alice","orgs":[]}}"#
        ))
        .await;
        let write = "write".parse().expect("an access");
        assert!(matches!(grant.allows_any(&write), Answer::Unknown(_)), "{list}");
    }
    for scope in [
        r#"{"role":"write"}"#,
        r#"{"role":"write","entities":[{"name":"acme"}]}"#,
        r#"{"role":"write","entities":["65a0",7]}"#,
    ] {
        let grant = grant_of(&format!(
            r#"{{"auth":{{"type":"app_token"}},"type":"app","id":"2","name":"robot","scope":{scope}}}"#
        ))
        .await;
        assert_eq!(grant.credential, Credential::App(None), "{scope}");
    }
}

#[tokio::test]
async fn is_asked_once_until_somebody_wants_to_know_now() {
    let hub = Server::start(|turn, _| {
        vec![Step::Bytes(match turn {
            0 | 1 => json(200, ALICE),
            _ => json(401, "{\"error\":\"Invalid credentials in Authorization header\"}"),
        })]
    })
    .await;
    let client = hub.client();
    for _ in 0..3 {
        client.whoami(&token()).await.expect("alive");
    }
    assert_eq!(hub.seen().len(), 1);
    client.whoami_now(&token()).await.expect("alive");
    assert_eq!(hub.seen().len(), 2);
    client.whoami_now(&token()).await.expect_err("dead");
    client.whoami(&token()).await.expect_err("what is dead is not remembered as alive");
    assert_eq!(hub.seen().len(), 4);
}

#[tokio::test]
async fn an_answer_is_forgotten_in_time() {
    let hub = Server::saying(json(200, ALICE)).await;
    let mut settings = hub.settings();
    settings.whoami_memory = std::time::Duration::from_millis(50);
    let client = bearhug_hub::Client::new(settings).expect("a client");
    client.whoami(&token()).await.expect("alive");
    tokio::time::sleep(std::time::Duration::from_millis(80)).await;
    client.whoami(&token()).await.expect("alive");
    assert_eq!(hub.seen().len(), 2);
}
