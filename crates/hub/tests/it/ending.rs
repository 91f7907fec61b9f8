//! Revoking and proving it, against servers that play along and servers that do not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
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
    assert_eq!(targets(&hub).iter().filter(|target| *target == "/api/whoami-v2").count(), 4);
}

/// A Hub that takes every revocation, and says this of every token.
async fn saying(status: u16, body: &'static str) -> Server {
    Server::start(move |_, seen: &Seen| {
        vec![Step::Bytes(match seen.target.as_str() {
            "/api/credentials/revoke" => response(202, &["X-Request-Id: revocation"], b"{}"),
            _ => json(status, body),
        })]
    })
    .await
}

fn targets(hub: &Server) -> Vec<String> {
    hub.seen().into_iter().map(|seen| seen.target).collect()
}

#[tokio::test]
async fn what_is_dead_already_is_revoked_all_the_same() {
    let hub = saying(401, DEAD).await;
    let endings = end(&hub.client(), &[token()], ASK).await;
    assert_eq!(endings[0].outcome, Outcome::AlreadyGone);
    assert_eq!(endings[0].revoked_by.as_deref(), Some("revocation"));
    assert_eq!(endings[0].proved_within, None);
    assert_eq!(targets(&hub), ["/api/whoami-v2", "/api/credentials/revoke", "/api/whoami-v2"]);
}

/// The Hub turns refresh tokens down where it is asked with access tokens, be they alive or dead.
#[tokio::test]
async fn a_token_that_whoami_cannot_know_is_revoked_and_not_proved() {
    let hub = saying(401, DEAD).await;
    let refresh =
        Token::new(Kind::OauthRefreshToken, format!("hf_oauth__refresh_{}", "x".repeat(34)));
    let how = Proving { patience: Duration::from_mins(1), ..ASK };
    let endings = end(&hub.client(), &[refresh], how).await;
    let Outcome::Unproven(reason) = &endings[0].outcome else { panic!("{endings:?}") };
    assert!(reason.contains("cannot be asked"), "{reason}");
    assert_eq!(endings[0].revoked_by.as_deref(), Some("revocation"));
    assert_eq!(targets(&hub), ["/api/credentials/revoke"]);
}

#[tokio::test]
async fn what_something_on_the_way_says_proves_nothing() {
    for body in [r#"{"error":"login required"}"#, r#"{"error":"Invalid username or password."}"#] {
        let hub = saying(401, body).await;
        let endings = end(&hub.client(), &[token()], ASK).await;
        assert!(matches!(endings[0].outcome, Outcome::Unproven(_)), "{endings:?}");
        assert!(targets(&hub).contains(&"/api/credentials/revoke".to_owned()));
    }
}

#[tokio::test]
async fn a_revoked_token_is_not_remembered_as_alive() {
    let hub = hub(0).await;
    let client = hub.client();
    client.whoami(&token()).await.expect("alive");
    client.revoke(&[&token()]).await.expect("revoked");
    client.whoami(&token()).await.expect_err("dead");
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
async fn organisation(listed: &[String], is_off: bool, link: &'static str) -> Server {
    let is_off = Arc::new(AtomicBool::new(is_off));
    let last4 = token().last4();
    let list = format!("[{}]", listed.join(",")).replace("LAST", &last4);
    Server::start(move |_, seen: &Seen| {
        let path = seen.target.split('?').next().unwrap_or_default();
        vec![Step::Bytes(match path.to_lowercase().as_str() {
            "/api/organizations/acme/settings/tokens" => response(200, &[link], list.as_bytes()),
            "/api/organizations/acme/settings/tokens/65a0/revoke" => {
                is_off.store(true, Ordering::SeqCst);
                response(200, &["X-Request-Id: cut"], b"{}")
            }
            _ => {
                let off = if is_off.load(Ordering::SeqCst) { "\"token-revoked\"" } else { "" };
                let auth = r#"{"type":"access_token","accessToken":{"displayName":"ci","role":"read","createdAt":"2026-01-02T03:04:05.000Z"}}"#;
                let orgs = format!(r#"[{{"id":"1","name":"acme","securityRestrictions":[{off}]}}]"#);
                json(200, &format!(r#"{{"auth":{auth},"type":"user","name":"alice","orgs":{orgs}}}"#))
            }
        })]
    })
    .await
}

async fn cut_off_from(org: &str, hub: &Server) -> bearhug_core::revocation::Ending {
    let administrator = Token::new(Kind::UserToken, "hf_administrator".to_owned());
    let mut ending = planned(&token());
    hub.client().cut_off(org, &token(), &administrator, &mut ending).await;
    ending
}

/// Which of the tokens that were listed were cut off.
fn cut(hub: &Server) -> usize {
    hub.seen().iter().filter(|seen| seen.method == "POST").count()
}

const COMPLETE: &str = "X-Nothing: more";

#[tokio::test]
async fn an_organisation_cuts_off_the_token_that_fits() {
    let others = [
        LISTED.replace("alice", "bob").replace("65a0", "65a1"),
        LISTED.replace("2026-01", "2025-01").replace("65a0", "65a2"),
        LISTED.replace("LAST", "zzzz").replace("65a0", "65a3"),
        LISTED.replace("\"last4\"", "\"displayName\":\"other\",\"last4\"").replace("65a0", "65a4"),
    ];
    let listed: Vec<_> = [LISTED.to_owned()].into_iter().chain(others).collect();
    let hub = organisation(&listed, false, COMPLETE).await;
    let ending = cut_off_from("Acme", &hub).await;
    assert_eq!((&ending.outcome, ending.namesakes.len()), (&Outcome::CutOff, 0));
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
    let twins = [LISTED.to_owned(), LISTED.replace("65a0", "65a1")];
    let hub = organisation(&twins, false, COMPLETE).await;
    let ending = cut_off_from("acme", &hub).await;
    assert!(matches!(ending.outcome, Outcome::NotSent(_)), "{ending:?}");
    assert_eq!((ending.namesakes.len(), cut(&hub)), (2, 0));
    for untold in [
        r#","owner":{"user":"alice"}"#,
        r#","createdAt":"2026-01-02T03:04:05.000Z""#,
        r#","last4":"LAST""#,
    ] {
        let hub = organisation(&[LISTED.replace(untold, "")], false, COMPLETE).await;
        let ending = cut_off_from("acme", &hub).await;
        assert!(matches!(ending.outcome, Outcome::NotSent(_)), "without {untold}: {ending:?}");
        assert_eq!(cut(&hub), 0, "without {untold}");
    }
    let more = "Link: </api/organizations/acme/settings/tokens?cursor=2>; rel=\"next\"";
    let other = |n| LISTED.replace("LAST", "zzzz").replace("65a0", &format!("65b{n}"));
    let many: Vec<_> = (0..200).map(other).chain([LISTED.to_owned()]).collect();
    let hub = organisation(&many, false, more).await;
    let ending = cut_off_from("acme", &hub).await;
    assert!(matches!(ending.outcome, Outcome::NotSent(_)), "{ending:?}");
    assert_eq!(cut(&hub), 0, "another page may hold a twin");
}

#[tokio::test]
async fn nobody_is_cut_off_for_a_token_that_whoami_did_not_tell_of() {
    for (status, body) in [(500, "{}"), (401, r#"{"error":"login required"}"#)] {
        let hub = Server::start(move |_, seen: &Seen| {
            vec![Step::Bytes(match seen.target.as_str() {
                "/api/whoami-v2" => json(status, body),
                _ => json(200, &format!("[{}]", LISTED.replace("LAST", &token().last4()))),
            })]
        })
        .await;
        let ending = cut_off_from("acme", &hub).await;
        assert!(matches!(ending.outcome, Outcome::NotSent(_)), "{ending:?}");
        assert!(targets(&hub).iter().all(|target| target == "/api/whoami-v2"));
    }
}

#[tokio::test]
async fn what_is_listed_as_revoked_is_gone_only_if_the_hub_keeps_it_out() {
    let gone = LISTED.replace("\"last4\"", "\"authorization\":{\"status\":\"revoked\"},\"last4\"");
    let hub = organisation(std::slice::from_ref(&gone), true, COMPLETE).await;
    assert_eq!(cut_off_from("ACME", &hub).await.outcome, Outcome::AlreadyGone);
    let hub = organisation(&[gone], false, COMPLETE).await;
    assert!(matches!(cut_off_from("acme", &hub).await.outcome, Outcome::NotSent(_)));
}
