//! Rate limits and their headers.

use bearhug_localhub::Limits;

use crate::support::Fixture;

#[test]
fn a_window_fills_and_the_next_one_is_empty() {
    let hub = Fixture::with_limits(Limits { whoami: 3, ..Limits::default() });
    let token = hub.write_token("carol");
    let whoami = || hub.get("/api/whoami-v2", &token);
    // The window may end between two requests, but not twice in eight.
    let refused = (0..8).map(|_| whoami()).find(|answer| answer.status != 200);
    let refused = refused.expect("eight are more than three");
    assert_eq!(refused.status, 429);
    let seconds: i64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=300).contains(&seconds), "{seconds}");
    assert_eq!(refused.header("ratelimit"), format!("\"api\";r=0;t={seconds}"));
    assert_eq!(refused.header("ratelimit-policy"), "\"fixed window\";\"api\";q=3;w=300");
    assert_ne!(refused.header("x-request-id"), "");
    assert_eq!(hub.get("/api/agent-harnesses", &token).status, 404, "others are counted apart");
    hub.pass(seconds);
    assert_eq!(whoami().status, 200);
}

#[test]
fn quotas_depend_on_who_asks_and_for_what() {
    let hub = Fixture::with_limits(Limits::default());
    let policy =
        |path: &str, token: &str| hub.get(path, token).header("ratelimit-policy").to_owned();
    let api = "/api/agent-harnesses";
    let quota = |q: u32, name: &str| format!("\"fixed window\";\"{name}\";q={q};w=300");
    assert_eq!(policy(api, ""), quota(500, "api"));
    assert_eq!(policy(api, &hub.write_token("carol")), quota(1_000, "api"));
    assert_eq!(policy(api, &hub.write_token("bob")), quota(10_000, "api"), "a member of acme");
    hub.world().state().users.get_mut("carol").expect("carol").pro = true;
    assert_eq!(policy(api, &hub.write_token("carol")), quota(2_500, "api"));
    assert_eq!(policy("/a/b/resolve/main/c", ""), quota(3_000, "resolvers"));
    assert_eq!(policy("/a", ""), quota(100, "pages"));
}
