//! What arrives at the Hub, and what comes back.

use std::sync::Arc;

use bytes::Bytes;
use data_encoding::BASE64;
use http::Response;
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};

use crate::support::{Lab, Upstream, terms, text_body, token};

#[tokio::test]
async fn a_request_goes_on_with_the_token_and_without_what_is_nobodys_business() {
    let hub = Upstream::saying("{}").await;
    let lab = Lab::new(&hub.address).await;
    let request = lab.head("GET /acme/m/resolve/refs%2Fpr%2F1/a%20b+c.txt?x=%2F&expand[]=likes")
        + "Cookie: a=b\r\nX-Forwarded-For: 1.2.3.4\r\nForwarded: for=1.2.3.4\r\n\
           Proxy-Authorization: Basic eA==\r\nX-HF-Bill-To: acme\r\nConnection: x-gone\r\n\
           X-Gone: 1\r\nX-Stays: 1\r\nUser-Agent: hf/1\r\nAccept-Encoding: br\r\n\r\n";
    assert_eq!(lab.connect().await.ask(request).await.status, 200);
    let asked = hub.asked();
    let [seen] = asked.as_slice() else { panic!("{asked:?}") };
    let target = seen.uri.path_and_query().unwrap().as_str();
    assert_eq!(target, "/acme/m/resolve/refs%2Fpr%2F1/a%20b+c.txt?x=%2F&expand[]=likes");
    assert_eq!(seen.headers["authorization"], format!("Bearer {}", token()));
    let agent = format!("hf/1 bearhug/0.1.0; lease={}", lab.lease.id.short());
    assert_eq!(seen.headers["user-agent"], agent);
    assert_eq!(seen.headers["x-stays"], "1");
    assert_eq!(seen.headers["host"], hub.address.trim_start_matches("http://"));
    for gone in
        ["cookie", "x-forwarded-for", "forwarded", "proxy-authorization", "x-hf-bill-to", "x-gone"]
    {
        assert!(!seen.headers.contains_key(gone), "{gone}");
    }
}

#[tokio::test]
async fn git_gets_the_token_as_a_password_and_lfs_as_a_bearer() {
    let hub = Upstream::saying("").await;
    let lab = Lab::new(&hub.address).await;
    let basic = BASE64.encode(format!("any:{}", lab.value).as_bytes());
    let mut connection = lab.connect().await;
    let fetch = format!(
        "GET /acme/m.git/info/refs?service=git-upload-pack HTTP/1.1\r\nHost: x\r\n\
         Authorization: Basic {basic}\r\n\r\n"
    );
    assert_eq!(connection.ask(fetch).await.status, 200);
    let body = r#"{"operation":"download","objects":[]}"#;
    let batch = format!(
        "POST /acme/m.git/info/lfs/objects/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {basic}\r\n\
         Content-Type: application/vnd.git-lfs+json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert_eq!(connection.ask(batch).await.status, 200);
    let asked = hub.asked();
    let own = BASE64.encode(format!("user:{}", token()).as_bytes());
    assert_eq!(asked[0].headers["authorization"], format!("Basic {own}"));
    assert_eq!(asked[1].headers["authorization"], format!("Bearer {}", token()));
}

#[tokio::test]
async fn redirects_are_not_followed_and_sessions_not_handed_on() {
    let answer = |_: &_| {
        let answer = Response::builder().status(302).header("location", "http://127.0.0.1:1/x");
        let answer = answer.header("set-cookie", "session=1").header("x-repo-commit", "0a");
        answer.header("alt-svc", "h3").body(text_body("")).unwrap()
    };
    let hub = Upstream::start(Arc::new(answer)).await;
    let lab = Lab::new(&hub.address).await;
    let request = lab.head("GET /acme/m/resolve/main/x") + "\r\n";
    let answer = lab.connect().await.ask(request).await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("location"), Some("http://127.0.0.1:1/x"));
    assert_eq!(answer.header("x-repo-commit"), Some("0a"));
    assert_eq!((answer.header("set-cookie"), answer.header("alt-svc")), (None, None));
}

#[tokio::test]
async fn what_the_lease_lacks_is_denied_in_words_and_the_hub_not_asked() {
    let hub = Upstream::saying("{}").await;
    let lab = Lab::with(&hub.address, &token(), terms(&["read:acme/m"])).await;
    let mut connection = lab.connect().await;
    for request in [
        "GET /api/models/acme/other",
        "GET /api/datasets/acme/m",
        "DELETE /api/models/acme/m/branch/x",
        "GET /api/models/acme/m/xet-write-token/main",
        "GET /api/models/acme/m/jwt",
        "GET /no/such/thing/at/all",
    ] {
        let answer = connection.ask(lab.head(request) + "\r\n").await;
        assert_eq!(answer.status, 403, "{request}: {}", answer.text());
        assert!(answer.header("x-error-message").is_some(), "{request}");
        assert_eq!(answer.header("x-error-code"), None, "{request}");
        assert!(answer.text().contains("\"error\""), "{request}");
    }
    let answer = connection.ask(lab.head("GET /api/models/acme/other") + "\r\n").await;
    let words = answer.header("x-error-message").unwrap();
    for word in [lab.lease.id.short().as_str(), "read:acme/other", "read:acme/m"] {
        assert!(words.contains(word), "{words}");
    }
    assert_eq!(hub.asked().len(), 0);
}

#[tokio::test]
async fn a_token_that_the_hub_refuses_is_not_the_lease_s_fault() {
    let refuse = |_: &_| Response::builder().status(401).body(text_body("{}")).unwrap();
    let hub = Upstream::start(Arc::new(refuse)).await;
    let lab = Lab::new(&hub.address).await;
    let answer = lab.connect().await.ask(lab.head("GET /api/models/acme/m") + "\r\n").await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("`main`"), "{}", answer.text());
}

#[tokio::test]
async fn budgets_end_what_they_are_for() {
    let hub = Upstream::saying("0123456789").await;
    let mut wanted = terms(&["write:acme/m"]);
    (wanted.requests, wanted.bytes) = (Some(3), Some(15));
    let lab = Lab::with(&hub.address, &token(), wanted).await;
    let request = lab.head("GET /acme/m/resolve/main/x") + "\r\n";
    assert!(lab.connect().await.ask(&request).await.is_whole);
    // Five bytes are left, and ten would come.
    let answer = lab.connect().await.ask(&request).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("15 bytes"), "{}", answer.text());
    let (value, lease) = crate::support::holder(bearhug_core::lease::Terms {
        requests: Some(1),
        ..terms(&["read:acme/m"])
    });
    lab.book.insert(lease).unwrap();
    let request = request.replace(&lab.value, &value);
    assert_eq!(lab.connect().await.ask(&request).await.status, 200);
    assert_eq!(lab.connect().await.ask(&request).await.status, 403);
}

#[tokio::test]
async fn a_body_of_unknown_length_is_cut_where_the_budget_ends() {
    let pieces = |_: &_| {
        let pieces = (0..100).map(|_| Ok(Frame::data(Bytes::from_static(&[7; 1000]))));
        Response::new(StreamBody::new(futures_util::stream::iter(pieces)).boxed_unsync())
    };
    let hub = Upstream::start(Arc::new(pieces)).await;
    let mut wanted = terms(&["read:acme/m"]);
    wanted.bytes = Some(50_000);
    let lab = Lab::with(&hub.address, &token(), wanted).await;
    let mut connection = lab.connect().await;
    connection.send(lab.head("GET /acme/m/resolve/main/x") + "\r\n").await;
    if let Some(answer) = connection.answer().await {
        assert!(!answer.is_whole && answer.body.len() < 60_000, "{}", answer.body.len());
    }
    lab.until_written("\"how\":\"budget\"").await;
}
