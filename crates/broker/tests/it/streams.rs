//! Bodies that are looked at on their way, and large ones.

use std::sync::{Arc, atomic::Ordering};

use bytes::Bytes;
use http::{Method, Response, request::Parts};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{Lab, Upstream, terms, text_body, token};

const PIECE: usize = 1 << 16;
const PIECES: usize = (200 << 20) / PIECE;

/// The most memory that this process ever had, in kilobytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a file");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a line");
    line.split_whitespace().nth(1).expect("a word").parse().expect("what this test wrote")
}

#[tokio::test]
async fn large_files_pass_both_ways_in_little_memory() {
    let large = |asked: &Parts| {
        // A commit is answered in a few words.
        if asked.method != Method::GET {
            return Response::new(text_body("{}"));
        }
        let piece = Bytes::from(vec![7; PIECE]);
        let pieces = (0..PIECES).map(move |_| Ok(Frame::data(piece.clone())));
        Response::new(StreamBody::new(futures_util::stream::iter(pieces)).boxed_unsync())
    };
    let hub = Upstream::start(Arc::new(large)).await;
    let lab = Lab::new(&hub.address).await;
    let before = peak();
    let mut down = lab.connect().await;
    down.send(lab.head("GET /acme/m/resolve/main/x") + "Connection: close\r\n\r\n").await;
    let (mut buffer, mut total) = (vec![0; PIECE], 0);
    while let Ok(count @ 1..) = down.stream.read(&mut buffer).await {
        total += count;
    }
    assert!(total >= PIECE * PIECES, "{total}");
    let mut up = lab.connect().await;
    let line = format!(
        "{{\"key\":\"file\",\"value\":{{\"path\":\"x\",\"content\":\"{}\"}}}}\n",
        "A".repeat(PIECE)
    );
    let head = lab.head("POST /api/models/acme/m/commit/main");
    let length = line.len() * PIECES;
    up.send(
        head + &format!("Content-Type: application/x-ndjson\r\nContent-Length: {length}\r\n\r\n"),
    )
    .await;
    for _ in 0..PIECES {
        up.stream.write_all(line.as_bytes()).await.unwrap();
    }
    assert_eq!(up.head().await.unwrap().status, 200);
    assert_eq!(hub.whole.load(Ordering::SeqCst), 2);
    assert!(peak() - before < 64 << 10, "{} KB more than {before}", peak() - before);
}

fn commit(lines: &[&str]) -> String {
    let body = lines.join("\n");
    format!("Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_commit_that_asks_for_more_than_its_lease_allows_changes_nothing() {
    let hub = Upstream::saying("{}").await;
    let scope = terms(&["write:acme/m@main,paths=logs/**,no-delete"]);
    let lab = Lab::with(&hub.address, &token(), scope).await;
    let head = lab.head("POST /api/models/acme/m/commit/main");
    let (start, file) = (
        r#"{"key":"header","value":{"summary":"x"}}"#,
        r#"{"key":"file","value":{"path":"logs/a","content":"","encoding":"base64"}}"#,
    );
    let elsewhere =
        r#"{"key":"file","value":{"path":"README.md","content":"","encoding":"base64"}}"#;
    let delete = r#"{"key":"deletedFile","value":{"path":"logs/a"}}"#;
    for last in [elsewhere, delete] {
        let answer = lab.connect().await.ask(head.clone() + &commit(&[start, file, last])).await;
        assert_eq!(answer.status, 403, "{}", answer.text());
        assert!(answer.text().contains(&lab.lease.id.short()), "{}", answer.text());
    }
    // That a line is not whole is known only when the body has ended.
    let answer = lab.connect().await.ask(head.clone() + &commit(&[start, file, "{\"key\":"])).await;
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert_eq!(hub.whole.load(Ordering::SeqCst), 0);
    let answer = lab.connect().await.ask(head + &commit(&[start, file])).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(hub.whole.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_client_that_is_still_sending_hears_of_its_refusal() {
    let hub = Upstream::saying("{}").await;
    let lab = Lab::with(&hub.address, &token(), terms(&["write:acme/m@main,paths=logs/**"])).await;
    let elsewhere =
        r#"{"key":"file","value":{"path":"README.md","content":"x"}}"#.to_owned() + "\n";
    for target in ["other/commit/main", "m/commit/main"] {
        let mut connection = lab.connect().await;
        let line = format!("POST /api/models/acme/{target}");
        let length = elsewhere.len() + 500 * PIECE;
        let kind = "Content-Type: application/x-ndjson\r\n";
        connection
            .send(lab.head(&line) + kind + &format!("Content-Length: {length}\r\n\r\n"))
            .await;
        connection.stream.write_all(elsewhere.as_bytes()).await.unwrap();
        let piece = vec![b'\n'; PIECE];
        for _ in 0..500 {
            connection.stream.write_all(&piece).await.unwrap();
        }
        assert_eq!(connection.answer().await.unwrap().status, 403, "{target}");
    }
    assert_eq!(hub.whole.load(Ordering::SeqCst), 0);
}
