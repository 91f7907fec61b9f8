//! Hubs that do not behave.

use crate::support::{Lab, Upstream};

async fn status_of(upstream: &str) -> u16 {
    let lab = Lab::new(upstream).await;
    lab.connect().await.ask(lab.head("GET /api/models/acme/m") + "\r\n").await.status
}

#[tokio::test]
async fn endless_heads_end() {
    let endless = Upstream::raw(b"HTTP/1.1 200 OK\r\n", 1).await;
    assert!(matches!(status_of(&endless).await, 502 | 504));
    let endless = Upstream::raw(b"X-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", 1_000_000).await;
    assert_eq!(status_of(&endless).await, 502);
}

#[tokio::test]
async fn answers_that_are_none_are_the_hubs_fault() {
    for bytes in [
        &b"no HTTP at all\r\n\r\n"[..],
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-A: \0\r\n\r\n",
        b"",
    ] {
        let hub = Upstream::raw(bytes, 1).await;
        assert_eq!(status_of(&hub).await, 502, "{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(status_of("http://127.0.0.1:1").await, 502);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_not_made_whole() {
    let cases: [&[u8]; 2] = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
    ];
    for bytes in cases {
        let lab = Lab::new(&Upstream::raw(bytes, 1).await).await;
        let request = lab.head("GET /acme/m/resolve/main/x") + "\r\n";
        let answer = lab.connect().await.ask(request).await;
        assert!(!answer.is_whole, "{answer:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_measured_in_two_ways_hides_no_other() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n\
        5\r\nshort\r\n0\r\n\r\n";
    let lab = Lab::new(&Upstream::raw(answer, 1).await).await;
    let request = lab.head("GET /acme/m/resolve/main/x") + "\r\n";
    let mut connection = lab.connect().await;
    connection.send(request).await;
    if let Some(answer) = connection.answer().await.filter(|answer| answer.status == 200) {
        assert_eq!((answer.header("content-length"), answer.is_whole), (None, true));
        assert_eq!(answer.text(), "5\r\nshort\r\n0\r\n\r\n");
    }
}
