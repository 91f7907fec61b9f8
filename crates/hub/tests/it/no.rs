//! The Hub says no, and how that is told from not having been able to ask.

use bearhug_hub::{
    Deed, Leave, NoAnswer, Problem, Reason,
    repositories::{RepoKind, RepoName},
};

use crate::server::{Server, Step, json, response, token, value};

#[tokio::test]
async fn a_dead_token_and_an_expired_one() {
    for (text, reason) in [
        ("Invalid credentials in Authorization header", Reason::UnknownToken),
        ("User Access Token \\\"ci\\\" is expired", Reason::ExpiredToken),
    ] {
        let body = format!("{{\"error\":\"{text}\"}}");
        let hub =
            Server::saying(response(401, &["X-Request-Id: Root=1-abc"], body.as_bytes())).await;
        let error = hub.client().whoami(&token()).await.expect_err("a refusal");
        let refusal = error.refusal().expect("a refusal");
        assert_eq!((refusal.reason, refusal.status), (reason, 401));
        assert!(error.rejects_token());
        assert_eq!(error.asked.request_id.as_deref(), Some("Root=1-abc"));
        let shown = error.to_string();
        assert!(shown.ends_with("(GET /api/whoami-v2, request id Root=1-abc)"), "{shown}");
        assert_eq!(hub.seen().len(), 1, "a refusal is not asked again");
    }
}

#[tokio::test]
async fn a_401_in_other_words_says_nothing_of_the_token() {
    let name = RepoName::new(RepoKind::Model, "acme/model").expect("a name");
    for text in ["Invalid username or password.", "login required", "Your session is expired", ""] {
        let between = Server::saying(json(401, &format!("{{\"error\":\"{text}\"}}"))).await;
        let error = between.client().whoami(&token()).await.expect_err("no answer");
        assert!(!error.rejects_token(), "{error}");
        let leave = between.client().may(&Deed::WriteRepository(name.clone()), &token()).await;
        assert!(leave.is_err(), "nobody said that it may not: {leave:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_says_401_is_not_believed() {
    for (status, body) in
        [(401, "<h1>Log in</h1>"), (403, ""), (407, ""), (401, "{\"detail\":\"x\"}")]
    {
        let between =
            Server::saying(response(status, &["Content-Type: text/html"], body.as_bytes())).await;
        let error = between.client().whoami(&token()).await.expect_err("no answer");
        assert!(!error.rejects_token());
        let Problem::NoAnswer(reason) = &error.problem else { panic!("{error:?}") };
        assert_eq!(reason, &NoAnswer::NotTheHub(status));
    }
}

#[tokio::test]
async fn reasons_for_a_repository() {
    let name = RepoName::new(RepoKind::Model, "acme/model").expect("a name");
    for (status, headers, reason) in [
        (
            404,
            vec!["X-Error-Code: RepoNotFound", "X-Error-Message: Repository not found"],
            Reason::Repository,
        ),
        (403, vec!["X-Error-Code: GatedRepo"], Reason::Gated),
        (
            403,
            vec![
                "X-Error-Message: Your token has been revoked by the organization administrator, you can no longer access organization resources.",
            ],
            Reason::OrgRevoked,
        ),
    ] {
        let hub = Server::saying(response(status, &headers, b"")).await;
        let leave = hub.client().may(&Deed::ReadRepository(name.clone()), &token()).await;
        let Ok(Leave::Denied(refusal)) = leave else { panic!("{leave:?}") };
        assert_eq!(refusal.reason, reason);
    }
    let hub =
        Server::saying(json(401, "{\"error\":\"Invalid credentials in Authorization header\"}"))
            .await;
    let error = hub.client().may(&Deed::ReadRepository(name), &token()).await;
    assert!(error.expect_err("not the repository's fault").rejects_token());
}

#[tokio::test]
async fn what_is_no_clear_no_settles_nothing() {
    let name = RepoName::new(RepoKind::Model, "acme/model").expect("a name");
    for status in [400, 402, 404, 405, 406, 408, 409, 410, 418, 422] {
        let hub = Server::saying(response(status, &[], b"")).await;
        for deed in [Deed::WriteRepository(name.clone()), Deed::WriteJobs("acme".to_owned())] {
            hub.client().may(&deed, &token()).await.expect_err("no answer");
        }
    }
}

#[tokio::test]
async fn what_is_no_answer_of_the_check_is_no_yes() {
    let name = RepoName::new(RepoKind::Model, "acme/model").expect("a name");
    let page = b"<!doctype html><title>Log in</title>";
    let strange = b"{\"patternRestrictions\":\"prod-*\"}";
    for answer in [response(200, &[], page), response(200, &[], strange)] {
        let hub = Server::saying(answer).await;
        let leave = hub.client().may(&Deed::WriteRepository(name.clone()), &token()).await;
        leave.expect_err("no answer");
    }
    let hub = Server::start(|turn, _| match turn {
        0 => vec![Step::Bytes(response(302, &["Location: /login"], b""))],
        _ => vec![Step::Bytes(response(200, &[], b"{}"))],
    })
    .await;
    let leave = hub.client().may(&Deed::WriteRepository(name.clone()), &token()).await;
    leave.expect_err("the login page is not the check");
}

#[tokio::test]
async fn no_address_holds_a_token() {
    let location = format!("Location: /x?t={}", value());
    let hub = Server::start(move |turn, _| match turn {
        0 => vec![Step::Bytes(response(302, &[&location], b""))],
        _ => vec![Step::Bytes(json(200, "{}"))],
    })
    .await;
    hub.client().whoami(&token()).await.expect_err("an address with a token in it");
    assert_eq!(hub.seen().len(), 1, "it was not followed");
    let named = hub.client().members(&value(), None, 10, &token()).await;
    named.expect_err("a token is no organisation");
    assert_eq!(hub.seen().len(), 1, "nothing was sent");
}

#[tokio::test]
async fn a_hub_in_trouble_is_asked_again_only_where_that_is_safe() {
    let recovering = || {
        Server::start(|turn, _| {
            vec![Step::Bytes(match turn {
                0 | 1 => json(503, "{\"error\":\"overloaded\"}"),
                _ => json(200, "[]"),
            })]
        })
    };
    let hub = recovering().await;
    hub.client().service_accounts("acme", &token()).await.expect("at the third time");
    assert_eq!(hub.seen().len(), 3);
    let hub = recovering().await;
    let new =
        bearhug_hub::organisations::NewServiceAccount { name: "ci".into(), description: None };
    let error = hub.client().create_service_account("acme", &new, &token()).await;
    let error = error.expect_err("what makes something is asked once");
    assert!(matches!(error.problem, Problem::NoAnswer(NoAnswer::Failed(503))), "{error}");
    assert_eq!(hub.seen().len(), 1);
    let broken = Server::saying(json(500, "{\"error\":\"Internal\"}")).await;
    let error = broken.client().service_accounts("acme", &token()).await.expect_err("status 500");
    assert!(matches!(error.problem, Problem::NoAnswer(NoAnswer::Failed(500))), "{error}");
    assert_eq!(broken.seen().len(), 1, "a bug does not pass");
}

#[tokio::test]
async fn names_cannot_lead_elsewhere() {
    let hub = Server::saying(json(200, "[]")).await;
    for org in ["", ".", ".."] {
        let error = hub.client().service_accounts(org, &token()).await.expect_err("no name");
        assert!(matches!(error.problem, Problem::Unsendable(_)), "{error}");
    }
    hub.client().service_accounts("../../x?y=#", &token()).await.expect("escaped");
    let targets: Vec<String> = hub.seen().into_iter().map(|seen| seen.target).collect();
    assert_eq!(targets, ["/api/organizations/..%2F..%2Fx%3Fy=%23/service-accounts"]);
}
