//! Questions about tokens, with a token wherever one can be: given, found, named and told by the Hub.

use std::process::Command;

use bearhug_localhub::{Fault, FaultKind, RepoKind, TokenSpec};

use super::watch::Watch;
use crate::support::{Forge, LocalHub, Outcome, TestEnvironment};

/// The commands, with a canary in each argument.
fn commands(token: &str) -> Vec<Vec<String>> {
    let owned = |arguments: &[&str]| arguments.iter().map(|&a| a.to_owned()).collect::<Vec<_>>();
    let address = format!("https://huggingface.co/ada/model/resolve/{token}/{token}");
    let scope = format!("read:ada/{token}");
    let mut all = vec![
        owned(&["inspect"]),
        owned(&["inspect", "-v", "--format", "json", "-o", "report.json"]),
        owned(&["inspect", "--cache", "--repositories"]),
        owned(&["inspect", "-"]),
        owned(&["inspect", token]),
        owned(&["inspect", "--format", token]),
        owned(&["inspect", "--need", &scope, "--need", "write"]),
        owned(&["inspect", "--need", token]),
        owned(&["inspect", "--file", token]),
        owned(&["inspect", "--file", &format!("tree/{token}.env"), "--format", "jsonl"]),
        owned(&["inspect", "--env", token]),
        owned(&["inspect", "-o", &format!("absent/{token}")]),
        owned(&["check", "--require", &scope, "--forbid", "write", "--fine-grained"]),
        owned(&["check", "--require", &format!("read:{token}"), "--forbid", "write"]),
        owned(&["check", "--forbid", &format!("jobs:{token}")]),
        owned(&["check", "--require", token]),
        owned(&["check", "--max-age", token]),
        owned(&["check", "--not-leaked-in", "tree", "--format", "json"]),
        owned(&["check", "--not-leaked-in", token]),
        owned(&["check", "--not-leaked-in", "tree", "--format", "junit", "-o", "junit.xml"]),
        owned(&["check", "--file", &format!("tree/{token}.env")]),
    ];
    for question in
        [token, &address, &format!("ada/{token}"), &format!("model ada/{token} is gone")]
    {
        all.push(owned(&["why", question]));
        all.push(owned(&["why", "--format", "json", "--action", "write", question]));
    }
    all.push(owned(&["why"]));
    all
}

fn started(hub: &LocalHub, env: &TestEnvironment, token: &str, arguments: &[String]) -> Command {
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut command = hub.bearhug(env, &arguments);
    command.env("HF_TOKEN", token).env("GITHUB_ACTIONS", "true");
    command.env("GITHUB_STEP_SUMMARY", env.path("summary.md"));
    command
}

/// A token in a file whose name holds it, and in the place of clients.
fn planted(env: &TestEnvironment, token: &str) {
    env.write(format!("tree/{token}.env"), format!("HF_TOKEN={token}\n"));
    let home = env.root().join("home/.cache/huggingface");
    env.write(home.join("token"), token);
    env.write(home.join("stored_tokens"), format!("[{token}]\nhf_token = {token}\n"));
}

#[test]
fn questions_about_live_and_dead_tokens_leak_nothing() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    hub.repository(RepoKind::Model, "ada/model", true);
    let live = hub.token(TokenSpec::write("leaked"));
    let dead = Forge::new(51).token();
    let expired = hub.token(TokenSpec::read("gone").until("2020-01-01T00:00:00Z".parse().unwrap()));
    for token in [live, dead, expired] {
        planted(&env, &token);
        let watch = Watch::over(&env, &[token[3..].to_owned()]);
        for arguments in commands(&token) {
            let what = arguments.join(" ").replace(&token, "…");
            let input = format!("{token}\nx {token}\nOSError: model ada/{token} is gone\n");
            let command = started(&hub, &env, &token, &arguments);
            watch.heard(&what, Outcome::fed(command, input.as_bytes()));
        }
        watch.seen(&env);
        watch.asked(&hub.world().requests());
    }
}

#[test]
fn a_hub_that_repeats_what_it_hears_brings_nothing_out() {
    let (env, hub, other) = (TestEnvironment::new(), LocalHub::start(), LocalHub::start());
    hub.repository(RepoKind::Model, "ada/model", true);
    let token = hub.token(TokenSpec::write("leaked"));
    planted(&env, &token);
    let watch = Watch::over(&env, &[token[3..].to_owned()]);
    let message = Some(format!("Invalid token {token}"));
    let status = |status| FaultKind::Status { status, message: message.clone() };
    let faults = [
        status(401),
        status(403),
        status(404),
        status(500),
        FaultKind::Truncated { bytes: 10 },
        FaultKind::Redirect { status: 302, location: format!("{}/{token}", other.endpoint()) },
        FaultKind::Gigantic { bytes: 20 << 20 },
    ];
    for fault in faults {
        for path in ["/api/whoami-v2", "/api/models*"] {
            let what = format!("{path} {fault:?}").replace(&token, "…");
            let fault = fault.clone();
            hub.world().inject(Fault { method: None, path: path.to_owned(), times: 99, fault });
            for arguments in [
                &["inspect", "--format", "json", "--repositories"][..],
                &["check", "--require", "read:ada/model", "--require", "write:ada/model"],
                &["why", "ada/model"],
                &["why", "https://huggingface.co/ada/model/resolve/main/x"],
            ] {
                let arguments: Vec<_> = arguments.iter().map(|&a| a.to_owned()).collect();
                watch.heard(&what, Outcome::of(started(&hub, &env, &token, &arguments)));
            }
            hub.heal();
        }
    }
    watch.seen(&env);
    watch.asked(&hub.world().requests());
}
