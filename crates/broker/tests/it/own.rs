//! What the broker answers by itself, with a Hub behind it that speaks the Hub's API.

use bearhug_localhub::{Clock, Hub, Seed, Settings};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Answer, Lab, terms};

fn hub(folder: &std::path::Path) -> (bearhug_localhub::Running, String) {
    let hub = Hub::start(Settings::new(folder, Clock::new(Timestamp::now))).expect("a Hub");
    let seed = Seed::parse(
        "[[users]]\nname = \"alice\"\n\
         [[tokens]]\nuser = \"alice\"\nname = \"laptop\"\nrole = \"write\"\n\
         [[repos]]\nname = \"alice/m\"\ncreator = \"alice\"\nprivate = true\n\
         [repos.files]\n\"README.md\" = \"hello\"\n",
    )
    .expect("what is there");
    let planted = hub.plant(&seed).expect("a seed");
    let token = planted[0].issued.value.clone();
    (hub, token)
}

fn posted(body: &Value) -> String {
    let body = body.to_string();
    format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).expect("JSON")
}

#[tokio::test]
async fn a_holder_is_told_of_its_lease_and_not_of_the_tokens_owner() {
    let folder = tempfile::tempdir().unwrap();
    let (hub, token) = hub(folder.path());
    let lab = Lab::with(hub.endpoint(), &token, terms(&["read:alice/*"])).await;
    let mut connection = lab.connect().await;
    let answer = connection.ask(lab.head("GET /api/whoami-v2") + "\r\n").await;
    assert_eq!(answer.status, 200);
    let who = json_of(&answer);
    assert_eq!((&who["name"], &who["type"]), (&json!("train"), &json!("user")));
    assert_eq!(who["auth"]["accessToken"]["role"], "read");
    assert_eq!(who["auth"]["accessToken"]["displayName"], lab.lease.id.short());
    assert_eq!(who["orgs"][0]["name"], "alice");
    let answer = connection.ask(lab.head("GET /api/models/alice/m") + "\r\n").await;
    assert_eq!((answer.status, &json_of(&answer)["private"]), (200, &json!(true)));
    let answer = connection.ask(lab.head("GET /alice/m/resolve/main/README.md") + "\r\n").await;
    let leads_to = answer.header("location").unwrap();
    assert!(leads_to.starts_with("/api/resolve-cache/"), "{leads_to}");
    let answer = connection.ask(lab.head(&format!("GET {leads_to}")) + "\r\n").await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "hello"));
}

#[tokio::test]
async fn a_holder_makes_weaker_leases_and_no_stronger_ones() {
    let folder = tempfile::tempdir().unwrap();
    let (hub, token) = hub(folder.path());
    let lab = Lab::with(hub.endpoint(), &token, terms(&["write:alice/*"])).await;
    let mut connection = lab.connect().await;
    let leases = lab.head("POST /.bearhug/leases");
    let wanted =
        json!({ "scope": ["read:alice/m"], "ttl": 60, "workload": "helper", "requests": 5 });
    let answer = connection.ask(leases.clone() + &posted(&wanted)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let child = json_of(&answer)["value"].as_str().unwrap().to_owned();
    let by_child = |line: &str| lab.head(line).replace(&lab.value, &child);
    let read = by_child("GET /api/models/alice/m") + "\r\n";
    assert_eq!(connection.ask(&read).await.status, 200);
    let delete = by_child("DELETE /api/models/alice/m/branch/main") + "\r\n";
    assert_eq!(connection.ask(delete).await.status, 403);
    for stronger in [
        json!({ "scope": ["read:other/m"] }),
        json!({ "ttl": 1_000_000 }),
        json!({ "scope": ["admin"] }),
        json!({ "unknown": 1 }),
    ] {
        let answer = connection.ask(leases.clone() + &posted(&stronger)).await;
        assert_eq!(answer.status, 400, "{stronger}");
    }
    let grown = posted(&json!({ "scope": ["write:alice/m"] }));
    assert_eq!(connection.ask(by_child("POST /.bearhug/leases") + &grown).await.status, 400);
    let shown = json_of(&connection.ask(by_child("GET /.bearhug/lease") + "\r\n").await);
    assert_eq!(
        (&shown["lease"]["workload"], &shown["spent"]["requests"]),
        (&json!("helper"), &json!(1))
    );
    let ended = connection.ask(lab.head("DELETE /.bearhug/lease") + "\r\n").await;
    assert_eq!(ended.status, 200);
    assert_eq!(connection.ask(&read).await.status, 401);
    let health = "GET /.bearhug/health HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_eq!(connection.ask(health).await.status, 200);
}
