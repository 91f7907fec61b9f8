//! Censuses of a Hub on which everything is named like a token, and tables that hold tokens.

use bearhug_localhub::{Fault, FaultKind, OrgRole, Plan, TokenSpec};
use serde_json::{Value, json};

use super::{hub::whoami_repeating, watch::Watch};
use crate::support::{Forge, LocalHub, Outcome, TestEnvironment};

const ORG: &str = "/api/organizations/acme";

/// What each route might say, with this in the place of every name.
fn answers(text: &str) -> Vec<(String, Value)> {
    let fine = json!({ "global": [text], "scoped": [{
        "entity": { "_id": text, "type": text, "name": text },
        "permissions": [text],
        "patterns": [{ "resourceType": text, "wildcardPatterns": [text] }],
    }] });
    let moment = "2026-01-02T03:04:05.000Z";
    let token = json!({
        "_id": text, "displayName": text, "role": text, "last4": text, "createdAt": moment,
        "lastUsedAt": moment, "owner": { "user": text, "fullname": text },
        "authorization": { "status": text }, "fineGrained": fine,
        "permissions": [text], "repoIds": [text], "repoPermissions": [text],
        "endpointPatterns": [text],
    });
    let account = json!({
        "_id": "a", "user": text, "name": text, "createdAt": moment,
        "description": format!("managed by {text}"), "accessTokens": [token],
    });
    let member = json!({
        "_id": text, "user": text, "fullname": text, "role": text, "verifiedEmail": text,
    });
    let event = json!({
        "_id": text, "type": text, "createdAt": moment, "message": text,
        "author": { "user": text, "type": "user" }, "data": { "tokenId": text },
    });
    vec![
        ("/api/whoami-v2".to_owned(), whoami_repeating(text)),
        (format!("{ORG}/settings/tokens"), json!([token])),
        (format!("{ORG}/members"), json!([member])),
        (format!("{ORG}/service-accounts"), json!([account])),
        (format!("{ORG}/service-accounts/a"), account),
        (format!("{ORG}/audit-log/export"), json!([event])),
    ]
}

#[test]
fn a_census_of_names_like_tokens_brings_nothing_out() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    hub.world().add_org("acme", Some(Plan::Enterprise));
    hub.world().set_role("acme", "ada", OrgRole::Admin);
    let (token, other) = (hub.token(TokenSpec::write("leaked")), Forge::new(44).token());
    let kept = env.root().join("home/.cache/huggingface/token");
    env.write(kept, &token);
    let watch = Watch::over(&env, &[token[3..].to_owned(), other[3..].to_owned()]);
    for text in [token.clone(), format!("{token} and {other}"), other] {
        for (path, content) in answers(&text) {
            let fault = FaultKind::Answer { content };
            hub.world().inject(Fault { method: None, path, times: 10_000, fault });
        }
        for arguments in [
            &["census", "--org", "acme", "-v"][..],
            &["census", "--org", "acme", "--adopt", "--dry-run", "--format", "json"],
            &["census", "--org", "acme", "--adopt", "-v"],
            &["census", "--org", "acme", "--org", &token, "--adopt", "--format", "jsonl"],
            &[
                "census",
                "--org",
                "acme",
                "--adopt",
                "--reassess",
                "--format",
                "json",
                "-o",
                "report",
            ],
        ] {
            let what = arguments.join(" ").replace(&token, "…");
            let outcome = watch.heard(&what, hub.run_as(&env, &token, arguments));
            assert!(!outcome.out.is_empty() || env.path("report").exists(), "{outcome}");
            watch.seen(&env);
        }
        hub.heal();
    }
    assert!(env.root().join("home/.local/state/bearhug/ledger.db").exists());
}

#[test]
fn a_census_that_fails_leaks_nothing() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::write("leaked"));
    let watch = Watch::over(&env, &[token[3..].to_owned()]);
    let told = Some(format!("Invalid token {token}"));
    for fault in [
        FaultKind::Status { status: 401, message: told.clone() },
        FaultKind::Status { status: 403, message: told.clone() },
        FaultKind::Status { status: 500, message: told },
        FaultKind::Truncated { bytes: 10 },
        FaultKind::Gigantic { bytes: 20 << 20 },
    ] {
        for path in ["/api/whoami-v2", "/api/organizations/*"] {
            let (path, fault) = (path.to_owned(), fault.clone());
            hub.world().inject(Fault { method: None, path, times: 99, fault });
        }
        for arguments in [
            &["census", "--org", "acme"][..],
            &["census", "--org", &token, "--adopt", "--format", "json"],
            &["census", "--ledger", &format!("/proc/absent/{token}.db")],
            &["census", "--ledger", &format!("postgres://ada:{token}@127.0.0.1:9/{token}")],
            &["census", "--format", &token],
            &["census", "-o", &format!("absent/{token}")],
            &["census", &token],
        ] {
            let what = arguments.join(" ").replace(&token, "…");
            watch.heard(&what, hub.run_as(&env, &token, arguments));
            watch.seen(&env);
        }
        hub.heal();
    }
}

#[test]
fn a_table_of_tokens_leaves_fingerprints() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(45);
    let (one, two) = (forge.token(), forge.token());
    let tables = [
        ("value", format!("value,name\n{one},ci\n{two},train\n")),
        ("headless", format!("{one},ci\n{two},train\n")),
        ("misplaced", format!("last4,name,notes\nAb3x,{one},see {two}\n")),
        ("quoted", format!("value,notes\n\"{one}\nx\",\"{two}\"\n")),
        ("mixed", format!("value,owner,tags\n{one},{two},{two}\n{two},ml,\n")),
        ("unclosed", format!("value,name\n\"{one},ci\n{two},x\n")),
        (one.as_str(), format!("value\n{two}\n")),
    ];
    for (name, content) in &tables {
        env.write(format!("{name}.csv"), content);
    }
    let watch = Watch::over(&env, &[one[3..].to_owned(), two[3..].to_owned()]);
    for (name, content) in &tables {
        let file = format!("{name}.csv");
        for more in [&["--dry-run"][..], &["--format", "json"], &["--partial", "-v"], &[]] {
            let arguments = [&["token", "import", &file], more].concat();
            let what = arguments.join(" ").replace(&one, "…");
            watch.heard(&what, env.run(&arguments));
            watch.seen(&env);
        }
        watch.heard(
            name.replace(&one, "…").as_str(),
            env.feed(content.as_bytes(), &["token", "import", "-"]),
        );
        watch.seen(&env);
    }
    for arguments in [
        &["token", "import", &one][..],
        &["token", "import", "value.csv", "--ledger", &format!("/proc/absent/{one}")],
        &["token", "import", "value.csv", "--format", &one],
        &["token", "import", "value.csv", "-o", &format!("absent/{one}")],
    ] {
        watch.heard(
            "what cannot be",
            Outcome::of({
                let mut command = env.bearhug();
                command.args(arguments);
                command
            }),
        );
    }
    watch.seen(&env);
    assert!(env.root().join("home/.local/state/bearhug/ledger.db").exists());
}
