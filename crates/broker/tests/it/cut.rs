//! Leases that end while they are used.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use bearhug_broker::{Ending, Wanted};
use bytes::Bytes;
use http::Response;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use tokio::time::sleep;

use crate::support::{Answer, Body, Connection, Lab, Upstream};

/// A body that goes on for as long as somebody reads, a little at a time or as fast as it is taken.
fn endless(pause: Duration) -> Body {
    let next = move |()| async move {
        if pause.is_zero() {
            return Some((Ok(Frame::data(Bytes::from(vec![7; 1 << 18]))), ()));
        }
        sleep(pause).await;
        Some((Ok(Frame::data(Bytes::from_static(&[7; 1024]))), ()))
    };
    StreamBody::new(futures_util::stream::unfold((), next)).boxed_unsync()
}

async fn endless_hub(pause: Duration) -> Upstream {
    Upstream::start(Arc::new(move |_| Response::new(endless(pause)))).await
}

async fn downloading(lab: &Lab, value: &str) -> (Connection, Answer) {
    let mut connection = lab.connect().await;
    let request = lab.head("GET /acme/m/resolve/main/x").replace(&lab.value, value) + "\r\n";
    connection.send(request).await;
    let head = connection.head().await.expect("a head");
    assert_eq!(head.status, 200);
    (connection, head)
}

/// The value of a lease that is made from that of a lab.
fn child(lab: &Lab) -> String {
    let wanted = Wanted { ttl: Some(60), ..Wanted::default() };
    let (value, _) = lab.book.narrow(lab.lease.id, wanted).expect("a weaker lease");
    #[expect(clippy::disallowed_methods, reason = "a lease of this test's own")]
    secrecy::ExposeSecret::expose_secret(&value).to_owned()
}

#[tokio::test]
async fn who_revokes_is_told_what_outlives_it() {
    let until = jiff::Timestamp::now().as_second() + 900;
    let answer = move |_: &_| {
        let answer = Response::builder().header("x-xet-access-token", "xet");
        let answer = answer.header("x-xet-token-expiration", until).status(200);
        answer.body(crate::support::text_body("{}")).unwrap()
    };
    let hub = Upstream::start(Arc::new(answer)).await;
    let lab = Lab::new(&hub.address).await;
    let path = "GET /api/models/acme/m/xet-read-token/main";
    let request = lab.head(path).replace(&lab.value, &child(&lab)) + "\r\n";
    assert_eq!(lab.connect().await.ask(request).await.status, 200);
    let left = lab.book.revoke(lab.lease.id, "over", Ending::Cut).unwrap();
    let [left] = left.as_slice() else { panic!("{left:?}") };
    assert_eq!((left.what, left.until.as_second()), ("a Xet token", until));
}

#[tokio::test]
async fn revoking_cuts_what_comes_down_of_children_too() {
    let hub = endless_hub(Duration::from_millis(5)).await;
    let lab = Lab::new(&hub.address).await;
    let value = child(&lab);
    let (mut connection, mut answer) = downloading(&lab, &value).await;
    let start = Instant::now();
    // The parent's end is the child's.
    lab.book.revoke(lab.lease.id, "over", Ending::Cut).unwrap();
    connection.body(&mut answer).await;
    assert!(!answer.is_whole && start.elapsed() < Duration::from_millis(500));
    lab.until_written("\"how\":\"cut\"").await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut_as_well() {
    let hub = endless_hub(Duration::ZERO).await;
    let lab = Lab::new(&hub.address).await;
    let (mut connection, _) = downloading(&lab, &lab.value).await;
    // By then all buffers on the way are full.
    sleep(Duration::from_millis(700)).await;
    lab.book.revoke(lab.lease.id, "over", Ending::Cut).unwrap();
    lab.until_written("\"how\":\"cut\"").await;
    assert!(connection.is_closed().await);
}

#[tokio::test]
async fn draining_lets_go_on_what_began_and_nothing_else() {
    let hub = endless_hub(Duration::from_millis(5)).await;
    let lab = Lab::new(&hub.address).await;
    let (mut connection, mut answer) = downloading(&lab, &lab.value).await;
    lab.book.revoke(lab.lease.id, "over", Ending::Drain).unwrap();
    let request = lab.head("GET /acme/m/resolve/main/x") + "\r\n";
    assert_eq!(lab.connect().await.ask(request).await.status, 401);
    sleep(Duration::from_millis(300)).await;
    assert!(!lab.written().contains("\"how\":\"cut\""));
    lab.jump(3_700);
    connection.body(&mut answer).await;
    assert!(!answer.is_whole);
}

#[tokio::test]
async fn a_broker_that_is_told_to_stop_finishes_what_it_began() {
    let slow = |_: &_| {
        let next = |left: u8| async move {
            sleep(Duration::from_millis(5)).await;
            (left > 0).then(|| (Ok(Frame::data(Bytes::from_static(&[7; 10]))), left - 1))
        };
        let body = StreamBody::new(futures_util::stream::unfold(40, next)).boxed_unsync();
        Response::builder().header("content-length", 400).body(body).unwrap()
    };
    let hub = Upstream::start(Arc::new(slow)).await;
    let lab = Lab::new(&hub.address).await;
    let (mut connection, mut answer) = downloading(&lab, &lab.value).await;
    lab.stop.cancel();
    connection.body(&mut answer).await;
    assert!(answer.is_whole);
    assert!(tokio::net::TcpStream::connect(&lab.host).await.is_err());
}

#[tokio::test]
async fn a_lease_expires_in_the_middle_of_a_body() {
    let hub = endless_hub(Duration::from_millis(5)).await;
    let lab = Lab::new(&hub.address).await;
    let (mut connection, mut answer) = downloading(&lab, &lab.value).await;
    lab.jump(3_700);
    let start = Instant::now();
    connection.body(&mut answer).await;
    assert!(!answer.is_whole && start.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn revoking_cuts_what_goes_up_and_the_hub_gets_no_whole_request() {
    let hub = Upstream::saying("{}").await;
    let lab = Lab::new(&hub.address).await;
    let mut connection = lab.connect().await;
    let head = lab.head("POST /api/models/acme/m/commit/main");
    let head = head + "Content-Type: application/x-ndjson\r\nContent-Length: 1000\r\n\r\n";
    connection.send(head + "{\"key\":\"header\",\"value\":{\"summary\":\"x\"}}\n").await;
    while hub.asked().is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    lab.book.revoke(lab.lease.id, "over", Ending::Cut).unwrap();
    let answer = connection.answer().await.unwrap();
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("over"), "{}", answer.text());
    assert_eq!(hub.whole.load(Ordering::SeqCst), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_request_that_starts_after_a_revocation_returned_is_let_through() {
    let hub = Upstream::saying("{}").await;
    let lab = Arc::new(Lab::new(&hub.address).await);
    for _ in 0..20 {
        let (value, lease) = crate::support::holder(lab.lease.terms.clone());
        lab.book.insert(lease.clone()).unwrap();
        let is_over = Arc::new(AtomicBool::new(false));
        let before = Arc::new(AtomicU32::new(0));
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (lab, value) = (Arc::clone(&lab), value.clone());
            let (is_over, before) = (Arc::clone(&is_over), Arc::clone(&before));
            tries.spawn(async move {
                let request = lab.head("GET /api/models/acme/m").replace(&lab.value, &value);
                let mut connection = lab.connect().await;
                let mut after = 0;
                while after < 5 {
                    let started_after = is_over.load(Ordering::SeqCst);
                    connection.send(request.clone() + "\r\n").await;
                    let Some(answer) = connection.answer().await else {
                        connection = lab.connect().await;
                        continue;
                    };
                    assert!(!started_after || answer.status == 401, "{}", answer.status);
                    before.fetch_add(u32::from(answer.status == 200), Ordering::SeqCst);
                    after += u32::from(started_after);
                }
            });
        }
        while before.load(Ordering::SeqCst) < 20 {
            sleep(Duration::from_millis(1)).await;
        }
        lab.book.revoke(lease.id, "over", Ending::Cut).unwrap();
        is_over.store(true, Ordering::SeqCst);
        tries.join_all().await;
    }
}
