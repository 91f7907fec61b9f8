//! Who gets a token for Xet's store, and what the gateway before the store lets pass.

use std::path::PathBuf;

use bearhug_localhub::{RepoKind, RepoName, ServicePower, TokenSpec};
use serde_json::Value;

use crate::support::{Answer, Fixture, names};

const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn with_store() -> Fixture {
    let program = std::env::var_os("BEARHUG_TEST_CAS_SERVER").expect("run ./test once");
    let hub = Fixture::with_store(PathBuf::from(program));
    hub.add_repo(&RepoName::new(RepoKind::Model, "acme", "llm").expect("a name"), true);
    hub
}

fn token(hub: &Fixture, kind: &str, bearer: &str) -> Answer {
    hub.get(&format!("/api/models/acme/llm/xet-{kind}-token/main"), bearer)
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}

#[test]
fn tokens_follow_permissions_and_say_the_same_twice() {
    let hub = with_store();
    let (write, read) = (hub.write_token("bob"), hub.world().issue("bob", TokenSpec::read("r")));
    for (kind, bearer, status) in [
        ("read", write.as_str(), 200),
        ("write", &write, 200),
        ("read", &read.value, 200),
        ("write", &read.value, 403),
        ("read", &hub.write_token("carol"), 404),
        ("read", "", 401),
    ] {
        let answer = token(&hub, kind, bearer);
        assert_eq!(answer.status, status, "{kind}: {answer:?}");
        if status == 200 {
            let path = format!("/api/models/{{namespace}}/{{repo}}/xet-{kind}-token/{{rev}}");
            hub.assert_fits(&answer, "get", &path);
            assert_eq!(answer.header("x-xet-access-token"), answer.body["accessToken"]);
            assert_eq!(answer.header("x-xet-cas-url"), answer.body["casUrl"]);
            assert_eq!(answer.header("x-xet-token-expiration"), answer.body["exp"].to_string());
        }
    }
}

#[test]
fn the_gateway_asks_for_a_live_token_of_the_right_scope() {
    let hub = with_store();
    let bearer = hub.write_token("bob");
    let (read, write) = (token(&hub, "read", &bearer), token(&hub, "write", &bearer));
    let store = text(&read.body["casUrl"]);
    let (read, write) = (text(&read.body["accessToken"]), text(&write.body["accessToken"]));
    let look =
        |token: &str| hub.get(&format!("{store}/v1/chunks/default-merkledb/{HASH}"), token).status;
    let send = |token: &str| hub.ask("POST", &format!("{store}/v1/shards"), token, None).status;
    // The store knows no such chunk, and takes no empty shard.
    assert_eq!((look(&read), look(&write)), (404, 404));
    assert_eq!((look(""), look(&bearer), look(&format!("{read}x"))), (401, 401, 401));
    assert_eq!((send(""), send(&read)), (401, 401));
    assert!((400..600).contains(&send(&write)) && send(&write) != 401);
    let forged = {
        let parts: Vec<&str> = read.split('.').collect();
        let other: Vec<&str> = write.split('.').collect();
        [parts[0], other[1], parts[2]].join(".")
    };
    assert_eq!(send(&forged), 401, "a scope that nobody signed");
    for path in ["/simulation/xorbs", "/simulation/ping", "/health"] {
        assert_eq!(hub.get(&format!("{store}{path}"), &write).status, 404, "{path}");
    }
    // Revoking what a token was given for does not end it; time does.
    let body = serde_json::json!({ "credentials": [bearer] });
    assert_eq!(hub.post("/api/credentials/revoke", "", &body).status, 202);
    assert_eq!(look(&read), 404);
    hub.pass(901);
    assert_eq!((look(&read), send(&write)), (401, 401));
}

#[test]
fn a_hub_without_a_store_offers_no_xet() {
    let hub = Fixture::new();
    hub.add_repo(&RepoName::new(RepoKind::Model, "acme", "llm").expect("a name"), true);
    let power = ServicePower { permissions: names(&["repo.write"]), ..ServicePower::default() };
    let (_, bot) = hub.world().add_service_account("acme", "bot", power).expect("acme");
    assert_eq!(token(&hub, "write", &bot.value).status, 404);
    assert_eq!(hub.get("/api/models/acme/llm", &bot.value).body["xetEnabled"], false);
}
