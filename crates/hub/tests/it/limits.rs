//! The Hub's limits, as it states them in responses.

use std::time::{Duration, Instant};

use bearhug_hub::Problem;

use crate::server::{ALICE, Server, Step, json, response, token};

#[tokio::test]
async fn comes_back_when_the_hub_says() {
    let hub = Server::start(|turn, _| {
        vec![Step::Bytes(match turn {
            0 => response(429, &["Retry-After: 1"], b"{\"error\":\"Too many requests\"}"),
            _ => json(200, ALICE),
        })]
    })
    .await;
    let start = Instant::now();
    hub.client().whoami(&token()).await.expect("after a second");
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(hub.seen().len(), 2);
}

#[tokio::test]
async fn waits_before_the_hub_has_to_refuse() {
    let hub = Server::start(|turn, _| {
        let left =
            if turn == 0 { "RateLimit: \"api\";r=0;t=1" } else { "RateLimit: \"api\";r=99;t=300" };
        vec![Step::Bytes(response(200, &[left], b"[]"))]
    })
    .await;
    let (client, start) = (hub.client(), Instant::now());
    client.service_accounts("acme", &token()).await.expect("the last of a window");
    client.service_accounts("acme", &token()).await.expect("the first of another");
    client.service_accounts("acme", &token()).await.expect("the second");
    assert!((1.0..2.0).contains(&start.elapsed().as_secs_f64()));
    assert_eq!(hub.seen().len(), 3);
}

#[tokio::test]
async fn does_not_wait_for_ever() {
    let hub = Server::saying(response(429, &["Retry-After: 3600"], b"")).await;
    let client = hub.client();
    let error = client.whoami(&token()).await.expect_err("an hour");
    let Problem::RateLimited { wait } = error.problem else { panic!("{error:?}") };
    assert!((3598..=3600).contains(&wait.as_secs()), "{wait:?}");
    assert!(!error.rejects_token());
    let shown = error.to_string();
    assert!(shown.contains("in 3600 seconds") || shown.contains("in 3599 seconds"), "{shown}");
    client.whoami(&token()).await.expect_err("still");
    assert_eq!(hub.seen().len(), 1, "nothing is sent meanwhile");
}

#[tokio::test]
async fn a_server_that_says_429_and_now_is_not_hammered() {
    let hub = Server::saying(response(429, &["Retry-After: 0"], b"")).await;
    let mut settings = hub.settings();
    settings.pace.patience = Duration::from_millis(2500);
    let client = bearhug_hub::Client::new(settings).expect("a client");
    let start = Instant::now();
    let error = client.whoami(&token()).await.expect_err("no end");
    assert!(matches!(error.problem, Problem::RateLimited { .. }), "{error}");
    assert!(start.elapsed() >= Duration::from_secs(2));
    assert_eq!(hub.seen().len(), 3);
}
