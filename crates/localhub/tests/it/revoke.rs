//! The public end of leaked tokens.

use serde_json::{Value, json};

use crate::support::Fixture;

const PATH: &str = "/api/credentials/revoke";

fn revoke(hub: &Fixture, values: &[String]) -> (u16, Value) {
    let answer = hub.post(PATH, "", &json!({ "credentials": values }));
    (answer.status, answer.body)
}

#[test]
fn a_token_ends_at_once_and_the_answer_says_nothing() {
    let hub = Fixture::new();
    let (dead, alive) = (hub.write_token("alice"), hub.write_token("alice"));
    let never = format!("hf_{}", "q".repeat(34));
    let first = revoke(&hub, &[dead.clone(), never.clone()]);
    assert_eq!(first.0, 202);
    assert_eq!(revoke(&hub, std::slice::from_ref(&dead)), first, "revoking is idempotent");
    assert_eq!(revoke(&hub, std::slice::from_ref(&never)), first, "and no oracle");
    let gone = hub.get("/api/whoami-v2", &dead);
    assert_eq!(gone.status, 401);
    assert_eq!(gone.body, hub.get("/api/whoami-v2", &never).body);
    assert_eq!(hub.get("/api/whoami-v2", &alive).status, 200);
}

#[test]
fn what_is_out_of_bounds_is_refused() {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    let many = vec![token.clone(); 1001];
    for body in [json!({}), json!({ "credentials": [] }), json!({ "credentials": many })] {
        assert_eq!(hub.post(PATH, "", &body).status, 400);
    }
    assert_eq!(revoke(&hub, &["a".repeat(201)]).0, 400);
    assert_eq!(revoke(&hub, &[String::new()]).0, 400);
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 200, "nothing was revoked");
    assert_eq!(revoke(&hub, &vec![token.clone(); 1000]).0, 202);
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 401);
}
