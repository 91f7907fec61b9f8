//! Faults on request, by code and over the control route.

use bearhug_localhub::{Fault, FaultKind};
use serde_json::json;

use crate::support::Fixture;

fn fault(kind: FaultKind) -> Fault {
    Fault { method: None, path: "/api/whoami-v2".to_owned(), times: 1, fault: kind }
}

#[test]
fn a_fault_happens_as_often_as_asked_and_where() {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    let body = json!({
        "method": "get", "path": "/api/who*", "times": 2,
        "fault": { "kind": "status", "status": 500 },
    });
    assert_eq!(hub.post("/_localhub/faults", "", &body).status, 200);
    assert_eq!(hub.get("/api/agent-harnesses", &token).status, 404);
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 500);
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 500);
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 200);
    assert_eq!(hub.post("/_localhub/faults", "", &body).status, 200);
    assert_eq!(hub.ask("DELETE", "/_localhub/faults", "", None).status, 200);
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 200);
}

#[test]
fn refusals_are_in_the_hubs_words() {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    for (status, words) in [
        (401, "Invalid credentials in Authorization header"),
        (403, "You don't have the required permissions"),
        (404, "Repository not found"),
        (429, "We had to rate limit you"),
    ] {
        hub.world().inject(fault(FaultKind::Status { status, message: None }));
        let answer = hub.get("/api/whoami-v2", &token);
        assert_eq!(answer.status, status);
        assert!(answer.error().starts_with(words), "{}", answer.error());
    }
}

#[test]
fn hostile_answers_lead_elsewhere() {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    let location = "http://192.0.2.1/api/whoami-v2".to_owned();
    hub.world().inject(fault(FaultKind::Redirect { status: 307, location: location.clone() }));
    let answer = hub.get("/api/whoami-v2", &token);
    assert_eq!((answer.status, answer.header("location")), (307, location.as_str()));
    hub.world().inject(fault(FaultKind::Link { url: location.clone() }));
    let answer = hub.get("/api/whoami-v2", &token);
    assert_eq!(answer.header("link"), format!("<{location}>; rel=\"next\""));
}

#[test]
fn slow_truncated_and_endless_bodies() {
    let hub = Fixture::new();
    let token = hub.write_token("alice");
    hub.world().inject(fault(FaultKind::Slow { milliseconds: 150 }));
    let start = std::time::Instant::now();
    assert_eq!(hub.get("/api/whoami-v2", &token).status, 200);
    assert!(start.elapsed().as_millis() >= 150);

    let raw = |bytes: usize| {
        let mut answer = ureq::get(format!("{}/api/whoami-v2", hub.endpoint()))
            .header("authorization", format!("Bearer {token}"))
            .call()
            .expect("an answer");
        let mut reader = answer.body_mut().as_reader();
        let mut buffer = vec![0; bytes];
        let mut total = 0;
        loop {
            match std::io::Read::read(&mut reader, &mut buffer) {
                Ok(0) => return (total, true),
                Ok(count) => total += count,
                Err(_) => return (total, false),
            }
            if total > 1 << 20 {
                return (total, true);
            }
        }
    };
    hub.world().inject(fault(FaultKind::Truncated { bytes: 10 }));
    assert_eq!(raw(1 << 10), (10, false));
    hub.world().inject(fault(FaultKind::Endless));
    assert!(raw(64 << 10).0 > 1 << 20);
    hub.world().inject(fault(FaultKind::Gigantic { bytes: 200_000 }));
    assert!(raw(64 << 10).0 > 200_000);
}
