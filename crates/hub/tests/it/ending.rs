//! Revoking and proving it, against servers that play along and servers that do not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bearhug_core::{
    Kind, Token,
    revocation::{Outcome, Standing},
};
use bearhug_hub::{
    Client,
    revocation::{Proving, planned},
};

use crate::server::{ALICE, Seen, Server, Step, json, response, token, value};

const DEAD: &str = r#"{"error":"Invalid credentials in Authorization header"}"#;

/// A Hub on which a token lives until it was revoked and asked about this many times.
async fn hub(lingers: u64) -> Server {
    let left = Arc::new(AtomicU64::new(u64::MAX));
    Server::start(move |_, seen: &Seen| {
        vec![Step::Bytes(match seen.target.as_str() {
            "/api/credentials/revoke" => {
                left.store(lingers, Ordering::SeqCst);
                response(202, &["X-Request-Id: revocation"], b"{}")
            }
            _ if left.fetch_sub(1, Ordering::SeqCst) == 0 => {
                left.store(0, Ordering::SeqCst);
                response(401, &["X-Request-Id: after"], DEAD.as_bytes())
            }
            _ => response(200, &["X-Request-Id: before"], ALICE.as_bytes()),
        })]
    })
    .await
}

async fn end(
    client: &Client,
    tokens: &[Token],
    how: Proving,
) -> Vec<bearhug_core::revocation::Ending> {
    let mut endings: Vec<_> = tokens.iter().map(planned).collect();
    client.end(tokens, &mut endings, how, &|_| ()).await;
    endings
}

const ASK: Proving = Proving { asks_before: true, patience: Duration::from_millis(300) };

#[tokio::test]
async fn a_token_dies_and_that_is_proved() {
    let hub = hub(2).await;
    let endings = end(&hub.client(), &[token()], ASK).await;
    let ending = &endings[0];
    assert_eq!(ending.outcome, Outcome::Revoked);
    let before = ending.before.as_ref().expect("asked");
    assert_eq!((&before.standing, before.account.as_deref()), (&Standing::Alive, Some("alice")));
    assert_eq!(before.request_id.as_deref(), Some("before"));
    assert_eq!(ending.revoked_by.as_deref(), Some("revocation"));
    let after = ending.after.as_ref().expect("asked");
    assert_eq!((&after.standing, after.request_id.as_deref()), (&Standing::Unknown, Some("after")));
    let within = ending.proved_within.expect("proved");
    assert!(within >= Duration::from_millis(60), "two pauses: {within:?}");
    let targets: Vec<String> = hub.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets.iter().filter(|target| *target == "/api/whoami-v2").count(), 4);
}

#[tokio::test]
async fn what_is_dead_already_is_not_revoked_again() {
    let hub = Server::saying(json(401, DEAD)).await;
    let endings = end(&hub.client(), &[token()], ASK).await;
    assert_eq!(endings[0].outcome, Outcome::AlreadyGone);
    assert!(endings[0].outcome.is_success());
    assert_eq!(hub.seen().len(), 1);
}

#[tokio::test]
async fn a_token_that_lives_on_is_told_to() {
    let hub = hub(u64::MAX).await;
    let endings = end(&hub.client(), &[token()], ASK).await;
    assert_eq!(endings[0].outcome, Outcome::StillAlive);
    assert_eq!(endings[0].proved_within, None);
}

#[tokio::test]
async fn a_hub_that_breaks_proves_nothing() {
    let hub = Server::start(|_, seen| {
        vec![Step::Bytes(match seen.target.as_str() {
            "/api/credentials/revoke" => response(202, &[], b"{}"),
            _ => json(500, "{}"),
        })]
    })
    .await;
    let endings = end(&hub.client(), &[token()], ASK).await;
    let Outcome::Unproven(reason) = &endings[0].outcome else { panic!("{endings:?}") };
    assert!(reason.contains("status 500"), "{reason}");
    let hub = Server::saying(json(500, "{}")).await;
    let how = Proving { asks_before: false, ..ASK };
    let endings = end(&hub.client(), &[token()], how).await;
    assert!(matches!(endings[0].outcome, Outcome::NotSent(_)), "{endings:?}");
}

#[tokio::test]
async fn what_cannot_be_revoked_is_not_sent() {
    let hub = hub(0).await;
    let long = Token::new(Kind::OauthAccessToken, format!("hf_oauth_{}", "x".repeat(300)));
    let key = Token::new(Kind::S3SecretKey, "k".repeat(40));
    let tokens = [long, key, token()];
    let endings = end(&hub.client(), &tokens, Proving { asks_before: false, ..ASK }).await;
    let Outcome::NotSent(reason) = &endings[0].outcome else { panic!("{endings:?}") };
    assert!(reason.contains("200 characters") && reason.contains("309"), "{reason}");
    assert!(matches!(endings[1].outcome, Outcome::NotSent(_)));
    assert_eq!(endings[2].outcome, Outcome::Revoked);
    let sent = String::from_utf8_lossy(&hub.seen()[0].body).into_owned();
    assert_eq!(sent, format!("{{\"credentials\":[\"{}\"]}}", value()));
}

#[tokio::test]
async fn who_stops_halfway_knows_how_far_it_came() {
    let hub = hub(u64::MAX).await;
    let (client, tokens) = (hub.client(), [token()]);
    let mut endings = vec![planned(&tokens[0])];
    let how = Proving { asks_before: true, patience: Duration::from_mins(1) };
    let end = client.end(&tokens, &mut endings, how, &|_| ());
    tokio::time::timeout(Duration::from_millis(300), end).await.expect_err("it lives on");
    assert_eq!(endings[0].outcome, Outcome::StillAlive);
    assert_eq!(endings[0].revoked_by.as_deref(), Some("revocation"));
}

const LISTED: &str = r#"{"_id":"65a0","last4":"LAST","createdAt":"2026-01-02T03:04:05.000Z","owner":{"user":"alice"}}"#;

/// A Hub with an organisation that lists these tokens, and a token of alice's that it cuts off.
async fn organisation(listed: Vec<String>) -> Server {
    let is_off = Arc::new(AtomicU64::new(0));
    let last4 = token().last4();
    let list = format!("[{}]", listed.join(",")).replace("LAST", &last4);
    Server::start(move |_, seen: &Seen| {
        let path = seen.target.split('?').next().unwrap_or_default();
        vec![Step::Bytes(match path {
            "/api/organizations/acme/settings/tokens" => json(200, &list),
            "/api/organizations/acme/settings/tokens/65a0/revoke" => {
                is_off.store(1, Ordering::SeqCst);
                response(200, &["X-Request-Id: cut"], b"{}")
            }
            _ => {
                let off = if is_off.load(Ordering::SeqCst) == 1 { "\"token-revoked\"" } else { "" };
                let auth = r#"{"type":"access_token","accessToken":{"displayName":"ci","role":"read","createdAt":"2026-01-02T03:04:05.000Z"}}"#;
                let orgs = format!(r#"[{{"id":"1","name":"acme","securityRestrictions":[{off}]}}]"#);
                json(200, &format!(r#"{{"auth":{auth},"type":"user","name":"alice","orgs":{orgs}}}"#))
            }
        })]
    })
    .await
}

async fn cut(hub: &Server) -> (bearhug_core::revocation::Ending, usize) {
    let administrator = Token::new(Kind::UserToken, "hf_administrator".to_owned());
    let mut ending = planned(&token());
    hub.client().cut_off("acme", &token(), &administrator, &mut ending).await;
    let listed = ending.namesakes.len();
    (ending, listed)
}

#[tokio::test]
async fn an_organisation_cuts_off_the_token_that_fits() {
    let others = [
        LISTED.replace("alice", "bob").replace("65a0", "65a1"),
        LISTED.replace("2026-01", "2025-01").replace("65a0", "65a2"),
        LISTED.replace("LAST", "zzzz").replace("65a0", "65a3"),
        LISTED.replace("\"last4\"", "\"displayName\":\"other\",\"last4\"").replace("65a0", "65a4"),
    ];
    let hub = organisation([LISTED.to_owned()].into_iter().chain(others).collect()).await;
    let (ending, ambiguous) = cut(&hub).await;
    assert_eq!((&ending.outcome, ambiguous), (&Outcome::CutOff, 0));
    assert_eq!(ending.revoked_by.as_deref(), Some("cut"));
    assert_eq!(ending.after.expect("asked").standing, Standing::CutOff);
    let seen = hub.seen();
    let query = &seen[1].target;
    assert!(query.contains(&format!("q=token%3A{}+status%3Aall", token().last4())), "{query}");
    assert!(seen.iter().all(|seen| {
        let is_org = seen.target.contains("/organizations/");
        seen.headers.contains("hf_administrator") == is_org
    }));
}

#[tokio::test]
async fn an_organisation_is_left_alone_when_it_is_not_clear_which() {
    let twin = LISTED.replace("65a0", "65a1");
    let hub = organisation(vec![LISTED.to_owned(), twin]).await;
    let (ending, ambiguous) = cut(&hub).await;
    assert!(matches!(ending.outcome, Outcome::NotSent(_)), "{ending:?}");
    assert_eq!((ambiguous, hub.seen().len()), (2, 2));
    let hub = organisation(Vec::new()).await;
    assert!(matches!(cut(&hub).await.0.outcome, Outcome::NotSent(_)));
    let gone = LISTED.replace("\"last4\"", "\"authorization\":{\"status\":\"revoked\"},\"last4\"");
    let hub = organisation(vec![gone]).await;
    assert_eq!(cut(&hub).await.0.outcome, Outcome::AlreadyGone);
}
