//! Questions to Hubs that repeat what they hear, and that fail in every way.

use bearhug_localhub::{Fault, FaultKind, RepoKind, TokenSpec};
use serde_json::{Value, json};

use super::watch::Watch;
use crate::support::{Forge, LocalHub, Outcome, TestEnvironment};

/// Every fault that a Hub can be told to have, with a token where it says something.
fn faults(token: &str, elsewhere: &str) -> Vec<FaultKind> {
    let told = Some(format!("Invalid token {token}"));
    let status = |status| FaultKind::Status { status, message: told.clone() };
    vec![
        status(400),
        status(401),
        status(403),
        status(404),
        status(500),
        FaultKind::Truncated { bytes: 10 },
        FaultKind::Redirect { status: 302, location: format!("{elsewhere}/{token}") },
        FaultKind::Endless,
        FaultKind::Gigantic { bytes: 20 << 20 },
    ]
}

#[test]
fn nothing_that_a_hub_says_brings_a_token_out() {
    let (env, hub, other) = (TestEnvironment::new(), LocalHub::start(), LocalHub::start());
    let token = hub.token(TokenSpec::write("leaked"));
    env.write("tree/.env", format!("HF_TOKEN={token}\n"));
    let watch = Watch::over(&env, &[token[3..].to_owned()]);
    for fault in faults(&token, other.endpoint()) {
        let what = format!("{fault:?}").replace(&token, "…");
        for (path, arguments) in [
            ("/api/whoami-v2", &["scan", "tree", "--verify", "-v"][..]),
            ("/api/whoami-v2", &["scan", "tree", "--verify", "--format", "json", "-o", "report"]),
            ("/api/whoami-v2", &["revoke", "-v", "tree", "--wait", "0", "--dry-run"]),
            (
                "/api/credentials/revoke",
                &["revoke", "-v", "tree", "--yes", "--wait", "0", "--format", "json"],
            ),
        ] {
            let (path, fault) = (path.to_owned(), fault.clone());
            hub.world().inject(Fault { method: None, path, times: 4, fault });
            watch.heard(&what, hub.run(&env, arguments));
            watch.seen(&env);
            hub.heal();
        }
    }
}

#[test]
fn a_revocation_leaks_nothing() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let mut forge = Forge::new(41);
    let (alive, dead) = (hub.token(TokenSpec::write("leaked")), forge.token());
    env.write("tree/.env", format!("{alive}\n{dead}\n"));
    env.write(format!("tree/{}", forge.token()), "");
    let watch = Watch::over(&env, &[alive[3..].to_owned(), dead[3..].to_owned()]);
    env.run(["scan", "tree", "--format", "json", "-o", "report.json"]).exits(3);
    for arguments in [
        &["revoke", "tree"][..],
        &["revoke", &alive],
        &["revoke", "--fingerprint", &alive],
        &["revoke", "--from-scan", &alive, "tree"],
        &["revoke", "--from-scan", "tree/.env", "tree"],
        &["revoke", "--env", &alive],
        &["revoke", "--file", &alive],
        &["revoke", "--org", &alive, "tree", "--yes"],
        &["revoke", "--format", &alive],
        &["revoke", "tree", "--yes", "-v"],
        &[
            "revoke",
            "tree",
            "--from-scan",
            "report.json",
            "--yes",
            "--format",
            "jsonl",
            "-o",
            "proof",
        ],
    ] {
        let what = arguments.join(" ").replace(&alive, "…");
        watch.heard(&what, hub.run(&env, arguments));
        let input = format!("{alive}\n{dead}\nnonsense {alive}\n");
        watch.heard(&what, Outcome::fed(hub.bearhug(&env, arguments), input.as_bytes()));
    }
    watch.seen(&env);
}

/// What whoami might say of a token, with this in the place of every name.
pub(super) fn whoami_repeating(text: &str) -> Value {
    json!({
        "auth": { "type": "access_token", "accessToken": {
            "displayName": text, "role": text, "createdAt": "2026-01-02T03:04:05.000Z",
        } },
        "type": "user", "id": text, "name": text, "fullname": text,
        "orgs": [{
            "type": "org", "id": text, "name": text, "plan": text, "roleInOrg": text,
            "securityRestrictions": [text],
            "resourceGroups": [{ "id": text, "name": text, "role": text }],
        }],
    })
}

#[test]
fn a_hub_that_names_everything_like_the_token_brings_nothing_out() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    hub.repository(RepoKind::Model, "ada/model", true);
    let (token, other) = (hub.token(TokenSpec::write("leaked")), Forge::new(43).token());
    env.write("tree/.env", format!("HF_TOKEN={token}\n"));
    let secrets = [token[3..].to_owned(), other[3..].to_owned()];
    let watch = Watch::over(&env, &secrets);
    let told = format!("{token} and {other}");
    let fault = FaultKind::Answer { content: whoami_repeating(&told) };
    let path = "/api/whoami-v2".to_owned();
    hub.world().inject(Fault { method: None, path, times: 10_000, fault });
    let mut runs: Vec<Vec<&str>> = ["human", "json", "jsonl", "csv", "sarif", "html"]
        .map(|format| vec!["scan", "tree", "--verify", "-v", "--format", format])
        .into();
    for format in ["human", "json", "jsonl"] {
        runs.push(vec!["inspect", "-v", "--need", "write:ada/model", "--format", format]);
        runs.push(vec!["revoke", "-v", "tree", "--yes", "--wait", "0", "--format", format]);
    }
    for format in ["human", "json", "junit"] {
        runs.push(vec!["check", "--forbid", "write", "--fine-grained", "--format", format]);
    }
    runs.push(vec!["why", "ada/model"]);
    runs.push(vec!["why", "--format", "json", "--action", "write", "ada/model"]);
    for arguments in runs {
        let mut command = hub.bearhug(&env, &arguments);
        command.env("HF_TOKEN", &token).env("GITHUB_ACTIONS", "true");
        command.env("GITHUB_STEP_SUMMARY", env.path("summary.md"));
        let outcome = watch.heard(&arguments.join(" "), Outcome::of(command));
        assert!(!outcome.out.is_empty(), "{outcome}");
        watch.seen(&env);
    }
    assert!(env.path("summary.md").exists());
}
