//! Servers that want the token or our memory, and servers that are broken.

use std::time::{Duration, Instant};

use bearhug_hub::{NoAnswer, Problem, repositories::RepoKind};

use crate::server::{ALICE, Server, Step, json, response, token, value};

fn no_answer(error: &bearhug_hub::Error) -> &NoAnswer {
    match &error.problem {
        Problem::NoAnswer(reason) => reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_redirect_leads_a_token_elsewhere() {
    let thief = Server::saying(json(200, ALICE)).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("Location: {}/api/whoami-v2", thief.address);
        let hub = Server::saying(response(status, &[&location], b"")).await;
        let error = hub.client().whoami(&token()).await.expect_err("a redirect to a thief");
        assert_eq!(no_answer(&error), &NoAnswer::Elsewhere(thief.address.clone()), "{status}");
        assert!(error.to_string().contains(&thief.address), "{error}");
        let error = hub.client().revoke(&[&token()]).await.expect_err("a redirect to a thief");
        assert_eq!(no_answer(&error), &NoAnswer::Elsewhere(thief.address.clone()), "{status}");
    }
    assert_eq!(thief.seen().len(), 0, "something was sent to the thief");
}

#[tokio::test]
async fn a_read_follows_a_redirect_at_home_and_a_write_does_not() {
    let hub = Server::start(|_, seen| {
        vec![Step::Bytes(match seen.target.as_str() {
            "/elsewhere" => json(200, ALICE),
            _ => response(307, &["Location: /elsewhere"], b""),
        })]
    })
    .await;
    let known = hub.client().whoami(&token()).await.expect("a redirect at home");
    assert_eq!(known.grant.account.name, "alice");
    let bearer = format!("Bearer {}", value());
    let authorised = |seen: &crate::server::Seen| seen.header("authorization") == Some(&bearer);
    assert!(hub.seen().iter().all(authorised));
    let error = hub.client().revoke(&[&token()]).await.expect_err("a write is not redirected");
    assert!(matches!(no_answer(&error), NoAnswer::Nonsense(_)), "{error}");
    assert_eq!(hub.seen().len(), 3);
}

#[tokio::test]
async fn redirects_end() {
    let hub = Server::saying(response(302, &["Location: /again"], b"")).await;
    let error = hub.client().whoami(&token()).await.expect_err("an endless redirect");
    assert_eq!(no_answer(&error), &NoAnswer::Endless);
    assert_eq!(hub.seen().len(), 5);
}

#[tokio::test]
async fn a_login_in_a_redirect_does_not_replace_ours() {
    let hub = Server::start(|turn, seen| {
        let host = seen.header("host").unwrap_or_default().to_owned();
        let location = format!("Location: http://mallory:secret@{host}/there");
        vec![Step::Bytes(if turn == 0 {
            response(302, &[&location], b"")
        } else {
            json(200, ALICE)
        })]
    })
    .await;
    hub.client().whoami(&token()).await.expect("a redirect at home");
    assert!(
        hub.seen()
            .iter()
            .all(|seen| seen.headers.contains("Bearer") && !seen.headers.contains("Basic"))
    );
}

#[tokio::test]
async fn no_next_page_is_read_elsewhere() {
    let thief = Server::saying(json(200, "[]")).await;
    let link = format!("Link: <{}/api/models?cursor=x>; rel=\"next\"", thief.address);
    let hub = Server::saying(response(200, &[&link], b"[]")).await;
    let error = hub.client().repositories(RepoKind::Model, "acme", 10, &token()).await;
    let error = error.expect_err("a page at a thief's");
    assert_eq!(no_answer(&error), &NoAnswer::Elsewhere(thief.address.clone()));
    assert_eq!(thief.seen().len(), 0, "something was sent to the thief");
}

#[tokio::test]
async fn pages_are_read_one_after_another_and_not_without_end() {
    let hub = Server::start(|turn, _| {
        let link = format!("Link: </api/models?cursor={turn}>; rel=\"next\"");
        vec![Step::Bytes(response(200, &[&link], br#"[{"id":"acme/one"},{"id":"acme/two"}]"#))]
    })
    .await;
    let list = hub.client().repositories(RepoKind::Model, "acme", 5, &token()).await;
    let list = list.expect("three pages");
    assert_eq!((list.items.len(), list.is_complete), (6, false));
    let targets: Vec<String> = hub.seen().into_iter().map(|seen| seen.target).collect();
    let expected =
        ["/api/models?author=acme&limit=5", "/api/models?cursor=0", "/api/models?cursor=1"];
    assert_eq!(targets, expected);
}

#[tokio::test]
async fn a_gigantic_answer_is_not_read() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n[".to_vec();
    let hub = Server::start(move |_, _| {
        vec![Step::Bytes(head.clone()), Step::Forever(vec![b'1'; 1 << 16])]
    })
    .await;
    let error = hub.client().whoami(&token()).await.expect_err("a terabyte");
    assert_eq!(no_answer(&error), &NoAnswer::TooLong(1 << 20));
}

#[tokio::test]
async fn a_body_without_end_is_cut_and_memory_stays_bounded() {
    let hub = Server::start(|_, _| {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        let mut chunk = b"8000\r\n".to_vec();
        chunk.extend(vec![b'['; 0x8000]);
        chunk.extend(b"\r\n");
        vec![Step::Bytes(head), Step::Forever(chunk)]
    })
    .await;
    let error = hub.client().whoami(&token()).await.expect_err("no end");
    assert_eq!(no_answer(&error), &NoAnswer::TooLong(1 << 20));
    // What was not read is in the buffers of the two sockets.
    assert!(hub.written() < 24 << 20, "{} bytes were taken", hub.written());
}

#[tokio::test]
async fn headers_without_end_are_cut() {
    let hub = Server::start(|_, _| {
        let line = format!("X-Padding: {}\r\n", "x".repeat(1000)).into_bytes();
        vec![Step::Bytes(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Forever(line)]
    })
    .await;
    let error = hub.client().whoami(&token()).await.expect_err("no end");
    assert!(matches!(no_answer(&error), NoAnswer::Unreachable(_)), "{error}");
    assert!(hub.written() < 64 << 20, "{} bytes were taken", hub.written());
}

#[tokio::test]
async fn waiting_ends() {
    let long = Duration::from_secs(30);
    let silent = Server::start(move |_, _| vec![Step::Wait(long)]).await;
    let dripping = Server::start(|_, _| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec();
        let drops = (0..1000)
            .flat_map(|_| [Step::Bytes(b" ".to_vec()), Step::Wait(Duration::from_millis(100))]);
        [Step::Bytes(head)].into_iter().chain(drops).collect()
    })
    .await;
    for (hub, seconds) in [(silent, 0.3), (dripping, 1.5)] {
        let start = Instant::now();
        let error = hub.client().whoami(&token()).await.expect_err("too slow");
        assert_eq!(no_answer(&error), &NoAnswer::TimedOut);
        let spent = start.elapsed().as_secs_f64();
        assert!((seconds..seconds + 1.0).contains(&spent), "{spent}");
        assert!(!error.rejects_token());
    }
}

#[tokio::test]
async fn what_is_no_answer_says_nothing_about_a_token() {
    let deep = "[".repeat(100_000);
    for nonsense in ["", "<html>", "{\"type\":\"user\"", "[1]", "{}", "null", "\u{0}", &deep] {
        let hub = Server::saying(json(200, nonsense)).await;
        let error = hub.client().whoami(&token()).await.expect_err("nonsense");
        assert!(matches!(no_answer(&error), NoAnswer::Nonsense(_)), "{error}");
        assert!(!error.rejects_token());
    }
    let silent = Server::start(|_, _| Vec::new()).await;
    let error = silent.client().whoami(&token()).await.expect_err("nothing");
    assert!(matches!(no_answer(&error), NoAnswer::Unreachable(_)), "{error}");
    assert_eq!(silent.seen().len(), 4, "a read is repeated three times");
}

#[tokio::test]
async fn nobody_listens() {
    let hub = Server::saying(json(200, ALICE)).await;
    let mut settings = hub.settings();
    let endpoint =
        bearhug_hub::Endpoint::parse("http://127.0.0.1:9", bearhug_hub::Plaintext::LoopbackOnly);
    settings.endpoint = endpoint.expect("loopback");
    let client = bearhug_hub::Client::new(settings).expect("a client");
    let error = client.whoami(&token()).await.expect_err("nobody");
    assert!(matches!(no_answer(&error), NoAnswer::Unreachable(_)), "{error}");
    assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
}

#[tokio::test]
async fn a_server_that_repeats_the_token_does_not_get_it_into_an_error() {
    let echo = Server::start(|_, seen| {
        let header = seen.header("authorization").unwrap_or_default().to_owned();
        let body = String::from_utf8_lossy(&seen.body).replace(['"', '{', '}'], " ");
        let body = format!("{{\"error\":\"\u{1b}[31mnot {header} nor {body}\"}}");
        let id = format!("X-Request-Id: {header}");
        let code = format!("X-Error-Code: {header}");
        vec![Step::Bytes(response(403, &[&id, &code], body.as_bytes()))]
    })
    .await;
    let secret = &value()[3..];
    for error in [
        echo.client().whoami(&token()).await.expect_err("a refusal"),
        echo.client().revoke(&[&token()]).await.expect_err("a refusal"),
    ] {
        let shown = format!("{error} {error:?} {:?}", error.refusal());
        assert!(!shown.contains(secret), "the token is in: {shown}");
        assert!(!shown.contains('\u{1b}'), "{shown}");
    }
}

#[tokio::test]
async fn a_client_is_printed_without_a_token_and_an_error_without_a_query() {
    let hub = Server::saying(json(500, "{}")).await;
    let client = hub.client();
    let error = client.org_tokens("acme", Some("token:secret"), 10, &token()).await;
    let shown = format!("{client:?} {:?}", error.expect_err("status 500"));
    assert!(!shown.contains(&value()[3..]) && !shown.contains("token:secret"), "{shown}");
    assert!(hub.seen().iter().any(|seen| seen.target.contains("secret")), "it was asked");
}

#[tokio::test]
async fn a_token_that_no_header_can_hold_is_not_sent() {
    let hub = Server::saying(json(200, ALICE)).await;
    let broken = bearhug_core::Token::new(bearhug_core::Kind::UserToken, "hf_a\r\nX: y".to_owned());
    let error = hub.client().whoami(&broken).await.expect_err("a broken token");
    assert!(matches!(error.problem, Problem::Unsendable(_)), "{error}");
    assert_eq!(hub.seen().len(), 0);
}

#[tokio::test]
async fn a_proxy_never_sees_a_token() {
    let proxy = Server::saying(response(502, &[], b"")).await;
    let through = || {
        let address = proxy.address.clone();
        Some(bearhug_hub::Proxy { address, exceptions: String::new() })
    };
    let hub = Server::saying(json(200, ALICE)).await;
    let mut settings = hub.settings();
    settings.proxy = through();
    let client = bearhug_hub::Client::new(settings).expect("a client");
    client.whoami(&token()).await.expect("asked without the proxy, in the clear as it is");
    assert_eq!(proxy.seen().len(), 0);

    let mut settings = hub.settings();
    settings.proxy = through();
    let plaintext = bearhug_hub::Plaintext::LoopbackOnly;
    settings.endpoint =
        bearhug_hub::Endpoint::parse("https://hub.example", plaintext).expect("an endpoint");
    let client = bearhug_hub::Client::new(settings).expect("a client");
    client.whoami(&token()).await.expect_err("the proxy lets nobody through");
    let seen = proxy.seen();
    assert!(!seen.is_empty() && seen.iter().all(|seen| seen.method == "CONNECT"), "{seen:?}");
    assert!(seen.iter().all(|seen| seen.header("authorization").is_none()), "{seen:?}");
}
