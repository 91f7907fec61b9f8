//! Who is let in.

use bearhug_core::Fingerprint;

use crate::support::{Lab, Upstream, holder, terms, token};

#[tokio::test]
async fn nobody_is_asked_for_a_password_where_git_needs_it() {
    let hub = Upstream::saying("").await;
    let lab = Lab::new(&hub.address).await;
    for (path, challenge) in [
        ("GET /acme/m/info/refs?service=git-upload-pack", "Basic realm=\"bearhug\""),
        ("POST /acme/m.git/info/lfs/objects/batch", "Basic realm=\"bearhug\""),
        ("GET /api/models/acme/m", "Bearer realm=\"bearhug\""),
        ("GET /api/whoami-v2", "Bearer realm=\"bearhug\""),
    ] {
        let request = format!("{path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        let answer = lab.connect().await.ask(request).await;
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.header("www-authenticate"), Some(challenge), "{path}");
    }
    assert_eq!(hub.asked().len(), 0);
}

#[tokio::test]
async fn what_is_no_lease_of_this_broker_is_refused() {
    let hub = Upstream::saying("").await;
    let lab = Lab::new(&hub.address).await;
    let (other, _) = holder(terms(&["read:acme/m"]));
    let line = "GET /api/models/acme/m HTTP/1.1\r\nHost: x\r\n";
    let own = format!("Authorization: Bearer {}\r\n", lab.value);
    for sent in [
        format!("Authorization: Bearer {other}\r\n"),
        own.repeat(2),
        "Authorization: Bearer \r\n".into(),
    ] {
        let answer = lab.connect().await.ask(format!("{line}{sent}\r\n")).await;
        assert_eq!(answer.status, 401);
        // huggingface_hub takes any other text for a repository that is not there.
        let message = answer.header("x-error-message");
        assert_eq!(message, Some("Invalid credentials in Authorization header"));
    }
    let query =
        format!("GET /api/models/acme/m?token={} HTTP/1.1\r\nHost: x\r\n{own}\r\n", token());
    assert_eq!(lab.connect().await.ask(query).await.status, 400);
    assert_eq!(hub.asked().len(), 0);
}

#[tokio::test]
async fn a_token_is_refused_and_written_down_by_its_name_alone() {
    let hub = Upstream::saying("").await;
    let lab = Lab::new(&hub.address).await;
    let request = format!(
        "GET /api/models/acme/m HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n",
        token()
    );
    let answer = lab.connect().await.ask(request).await;
    assert_eq!(answer.status, 403);
    let print = Fingerprint::of(&token()).to_string();
    assert!(answer.text().contains(&print), "{}", answer.text());
    // Nobody waits for the record of a denial.
    lab.until_written(&print).await;
    assert!(!lab.written().contains(&token()[3..]));
    assert_eq!(hub.asked().len(), 0);
}
