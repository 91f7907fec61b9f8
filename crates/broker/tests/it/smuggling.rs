//! Requests that could mean two things.

use std::time::{Duration, Instant};

use crate::support::{Lab, Upstream};

/// A second request, hidden in what one reader takes for the body of the first.
const HIDDEN: &str = "DELETE /api/repos/delete HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn a_body_measured_in_two_ways_hides_no_request() {
    let hub = Upstream::saying("{}").await;
    let lab = Lab::new(&hub.address).await;
    let path = "POST /api/models/acme/m/paths-info/main";
    let json = "Content-Type: application/json\r\n";
    let body = r#"{"paths":["x"]}"#;
    let chunked = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let (length, encoding) = ("Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n");
    for framing in [format!("{length}{encoding}"), format!("{encoding}{length}")] {
        let mut connection = lab.connect().await;
        let head = lab.head(path) + json + &framing;
        let answer = connection.ask(format!("{head}\r\n{chunked}{HIDDEN}")).await;
        // The length is dropped (RFC 9112 §6.1), the Hub is sent one framing only, and nothing follows.
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header("connection"), Some("close"));
        assert!(connection.is_closed().await);
    }
    for seen in hub.asked() {
        assert_eq!(seen.method, "POST");
        let framings = ["content-length", "transfer-encoding"];
        let count = framings.iter().filter(|name| seen.headers.contains_key(**name)).count();
        assert_eq!(count, 1, "{seen:?}");
    }
    assert_eq!(hub.asked().len(), 2);
}

#[tokio::test]
async fn malformed_heads_go_no_further() {
    let hub = Upstream::saying("{}").await;
    let lab = Lab::new(&hub.address).await;
    let good = lab.head("GET /api/models/acme/m");
    let host = format!("Host: {}\r\n", lab.host);
    let http10 = good.replace("HTTP/1.1", "HTTP/1.0");
    let absolute = good.replace("GET /", "GET http://huggingface.co/");
    let fragment = lab.head("GET /api/models/acme/m\r\nX: y");
    for (name, head) in [
        ("two lengths", good.clone() + "Content-Length: 1\r\nContent-Length: 2\r\n"),
        ("a length that is none", good.clone() + "Content-Length: +1\r\n"),
        ("an encoding that is none", good.clone() + "Transfer-Encoding: x-chunked\r\n"),
        ("an encoding that is not the last", good.clone() + "Transfer-Encoding: chunked, gzip\r\n"),
        ("a folded header", good.clone() + "X-A: b\r\n c\r\n"),
        ("a space before the colon", good.clone() + "X-A : b\r\n"),
        ("a bare return", good.clone() + "X-A: b\rX-C: d\r\n"),
        ("a null", good.clone() + "X-A: \0\r\n"),
        ("no host", good.replace(&host, "")),
        ("two hosts", good.clone() + &host),
        ("a host with a name", good.replace(&host, "Host: a@b\r\n")),
        ("an old version", http10),
        ("an address", absolute),
        ("a path in two lines", fragment),
        ("dots", lab.head("GET /api/models/acme/m/../../x")),
        ("encoded dots", lab.head("GET /api/models/acme/%2e%2e/x")),
        ("an encoded slash in a name", lab.head("GET /api/models/acme%2Fm")),
        ("an empty segment", lab.head("GET /api//models/acme/m")),
    ] {
        let mut connection = lab.connect().await;
        connection.send(head + "\r\n").await;
        let status = connection.answer().await.map_or(400, |answer| answer.status);
        assert!(matches!(status, 400 | 403 | 404), "{name}: {status}");
    }
    assert_eq!(hub.asked().len(), 0);
}

#[tokio::test]
async fn heads_are_bounded_in_size_number_and_time() {
    let hub = Upstream::saying("{}").await;
    let lab = Lab::new(&hub.address).await;
    let good = lab.head("GET /api/models/acme/m");
    let large = good.clone() + "X-A: " + &"a".repeat(200_000) + "\r\n\r\n";
    let many = good.clone() + &"X-A: b\r\n".repeat(100) + "\r\n";
    for head in [large, many] {
        let mut connection = lab.connect().await;
        connection.send(head).await;
        let status = connection.answer().await.map_or(431, |answer| answer.status);
        assert_eq!(status, 431);
    }
    let mut connection = lab.connect().await;
    let start = Instant::now();
    connection.send(&good[..20]).await;
    assert!(connection.is_closed().await);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert_eq!(hub.asked().len(), 0);
}

#[tokio::test]
async fn a_connection_is_not_a_lease() {
    let hub = Upstream::saying("{}").await;
    let lab = Lab::new(&hub.address).await;
    let mut connection = lab.connect().await;
    let request = lab.head("GET /api/models/acme/m") + "\r\n";
    assert_eq!(connection.ask(&request).await.status, 200);
    lab.book.revoke(lab.lease.id, "test", bearhug_broker::Ending::Cut).unwrap();
    let answer = connection.ask(&request).await;
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("revoked"), "{}", answer.text());
    let bare = "GET /api/models/acme/m HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_eq!(connection.ask(bare).await.status, 401);
}

#[tokio::test]
async fn a_body_is_asked_for_only_when_it_may_come() {
    let hub = Upstream::saying("{}").await;
    let lab = Lab::new(&hub.address).await;
    let more =
        "Content-Type: application/x-ndjson\r\nContent-Length: 60\r\nExpect: 100-continue\r\n\r\n";
    let mut connection = lab.connect().await;
    let answer = connection.ask(lab.head("POST /api/models/acme/other/commit/main") + more).await;
    assert_eq!(answer.status, 403);
    assert!(connection.is_closed().await);
    let mut connection = lab.connect().await;
    let answer = connection.ask(lab.head("POST /api/models/acme/m/commit/main") + more).await;
    assert_eq!(answer.status, 100);
}
