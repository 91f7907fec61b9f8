//! `bearhug check` against a local Hub: what passes, what fails, and what nobody knows.

use std::{fs, process::Stdio};

use bearhug_localhub::{Fault, FaultKind, OrgRole, Plan, RepoKind, TokenPolicy, TokenSpec};
use serde_json::Value;

use crate::support::{Forge, LocalHub, Outcome, TestEnvironment};

/// A Hub with private repositories of an organisation that ada may write in.
fn hub() -> LocalHub {
    let hub = LocalHub::start();
    hub.world().add_org("acme", Some(Plan::Enterprise));
    hub.world().set_role("acme", "ada", OrgRole::Write);
    hub.repository(RepoKind::Model, "acme/model", true);
    hub.repository(RepoKind::Dataset, "acme/train", true);
    hub
}

fn verdict(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout()).unwrap_or_else(|error| panic!("{error}: {outcome}"))
}

/// The outcomes of all conditions but the first, which is that the token is live.
fn outcomes(outcome: &Outcome) -> Vec<String> {
    let verdict = verdict(outcome);
    assert_eq!(verdict["schema"], "bearhug.check/1");
    let conditions = verdict["conditions"].as_array().unwrap();
    conditions.iter().skip(1).map(|c| c["outcome"].as_str().unwrap().to_owned()).collect()
}

/// A shell with `pipefail` goes by the code, whoever stopped reading.
#[test]
fn a_gate_that_nobody_reads_stays_shut() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let writer = hub.token(TokenSpec::write("ci"));
    let mut command = hub.bearhug(&env, &["check", "--forbid", "write"]);
    command.env("HF_TOKEN", &writer).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(3));
}

#[test]
fn what_a_token_may_decides() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let reader = hub.fine_grained(&[("model", "acme/model", &["repo.content.read"])]);
    let writer = hub.token(TokenSpec::write("old-ci"));
    let caller = hub.fine_grained(&[("user", "ada", &["inference.endpoints.infer.write"])]);
    let cases: [(&str, &[&str], i32, &[&str]); 12] = [
        // What is not sure passes neither way.
        (&caller, &["--require", "inference:ada"], 3, &["failed"]),
        (&caller, &["--forbid", "inference:ada"], 3, &["failed"]),
        (&reader, &["--require", "read:acme/model", "--forbid", "write"], 0, &["passed", "passed"]),
        (&reader, &["--require", "read:datasets/acme/train"], 3, &["failed"]),
        (&reader, &["--require", "write:acme/model"], 3, &["failed"]),
        (&reader, &["--fine-grained", "--max-age", "90d"], 0, &["passed", "passed"]),
        (&writer, &["--require", "write:datasets/acme/train"], 0, &["passed"]),
        (
            &writer,
            &["--require", "read:acme/*", "--require", "manage:acme/model"],
            0,
            &["passed", "passed"],
        ),
        (&writer, &["--forbid", "write"], 3, &["failed"]),
        (&writer, &["--forbid", "write:acme/model", "--forbid", "admin"], 3, &["failed", "passed"]),
        (&writer, &["--fine-grained"], 3, &["failed"]),
        (&writer, &["--require", "read:acme/absent"], 3, &["failed"]),
    ];
    for (token, conditions, code, expected) in cases {
        let arguments = [&["check", "--format", "json"], conditions].concat();
        let outcome = hub.run_as(&env, token, &arguments).exits(code);
        assert_eq!(outcomes(&outcome), expected, "{outcome}");
        assert_eq!(verdict(&outcome)["passed"], code == 0);
    }
}

#[test]
fn a_rule_that_keeps_it_out_for_now_does_not_make_it_harmless() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let writer = hub.token(TokenSpec::write("old-ci"));
    hub.world().state().orgs.get_mut("acme").unwrap().policy = TokenPolicy::FineGrainedOnly;
    for (conditions, code) in [
        (["--forbid", "write:acme/*"], 3),
        (["--forbid", "write:acme/model"], 3),
        (["--require", "write:acme/*"], 3),
        (["--forbid", "admin:acme"], 0),
    ] {
        let arguments = [&["check", "--format", "json"][..], &conditions].concat();
        hub.run_as(&env, &writer, &arguments).exits(code);
    }
}

#[test]
fn an_unknown_permission_rules_nothing_out() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.fine_grained(&[("org", "acme", &["repo.contribute.read"])]);
    for scope in ["write", "jobs", "webhooks", "write:acme/*"] {
        let arguments = ["check", "--forbid", scope, "--format", "json"];
        let outcome = hub.run_as(&env, &token, &arguments).exits(3);
        let reason = verdict(&outcome)["conditions"][1]["reason"].to_string();
        assert!(reason.contains("`repo.contribute.read` is a permission that is not"), "{reason}");
    }
    // Of one thing the Hub itself can be asked.
    hub.run_as(&env, &token, &["check", "--forbid", "write:acme/model"]).exits(0);
}

#[test]
fn a_failed_condition_comes_with_its_cure() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::write("old-ci"));
    let arguments = ["check", "--require", "read:acme/*", "--forbid", "write"];
    let words = hub.run_as(&env, &token, &arguments).exits(3).stdout();
    let cure = format!(
        "{}/settings/tokens/new?tokenType=fineGrained&orgs=acme&orgPermissions=repo.content.read",
        hub.endpoint()
    );
    assert!(words.contains("failed  forbid write\n") && words.contains(&cure), "{words}");
    assert!(words.contains("passed  require read:acme/*\n"), "{words}");
}

#[test]
fn a_token_that_is_old_dead_or_missing_does_not_pass() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let expired = hub.token(TokenSpec::read("gone").until("2020-01-01T00:00:00Z".parse().unwrap()));
    let outcome = hub.run_as(&env, &expired, &["check", "--format", "json"]).exits(4);
    assert_eq!(verdict(&outcome)["conditions"][0]["outcome"], "failed");
    hub.run_as(&env, &Forge::new(3).token(), &["check", "--require", "read:acme/model"]).exits(4);
    hub.run(&env, &["check"]).exits(4);
    let token = hub.token(TokenSpec::read("laptop"));
    let mut command = hub.bearhug(&env, &["check", "--env", "DEPLOY_TOKEN", "--max-age", "1h"]);
    command.env("DEPLOY_TOKEN", &token);
    Outcome::of(command).exits(0);
    hub.run_as(&env, &token, &["check", "--max-age", "soon"]).exits(2);
}

#[test]
fn what_could_not_be_asked_neither_passes_nor_fails() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.fine_grained(&[("model", "acme/model", &["repo.content.read"])]);
    for path in ["/api/whoami-v2", "/api/models/acme/model/auth-check"] {
        let fault = FaultKind::Status { status: 500, message: None };
        hub.world().inject(Fault { method: None, path: path.to_owned(), times: 9, fault });
        let arguments = ["check", "--require", "read:acme/model", "--format", "json"];
        let outcome = hub.run_as(&env, &token, &arguments).exits(1);
        let verdict = verdict(&outcome);
        assert_eq!(verdict["passed"], Value::Null, "{outcome}");
        let told: Vec<_> = verdict["conditions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["outcome"].as_str())
            .collect();
        assert!(told.contains(&Some("unknown")) && !told.contains(&Some("failed")), "{outcome}");
        hub.heal();
    }
}

#[test]
fn a_refusal_that_is_no_clear_no_settles_nothing() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.fine_grained(&[("org", "acme", &["repo.contribute"])]);
    for status in [400, 405, 408] {
        let fault = FaultKind::Status { status, message: None };
        let path = "/api/models/acme/model/auth-check/write".to_owned();
        hub.world().inject(Fault { method: None, path, times: 9, fault });
        for option in ["--forbid", "--require"] {
            let arguments = ["check", option, "write:acme/model", "--format", "json"];
            let outcome = hub.run_as(&env, &token, &arguments).exits(1);
            assert_eq!(outcomes(&outcome), ["unknown"], "{outcome}");
        }
        hub.heal();
    }
}

#[test]
fn what_could_not_be_searched_may_hold_the_token() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::read("laptop"));
    env.write("cut/readme", "nothing\n");
    env.write("cut/all.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b");
    let arguments = ["check", "--not-leaked-in", "cut", "--format", "json"];
    let outcome = hub.run_as(&env, &token, &arguments).exits(1);
    assert_eq!(outcomes(&outcome), ["unknown"]);
    let reason = verdict(&outcome)["conditions"][1]["reason"].to_string();
    assert!(reason.contains("all.gz (damaged)"), "{reason}");
    env.write("cut/.env", format!("HF_TOKEN={token} # bearhug:allow\n"));
    let outcome = hub.run_as(&env, &token, &arguments).exits(3);
    assert_eq!(outcomes(&outcome), ["failed"]);
    // Nothing would find what looks like no token.
    env.write("clean/readme", "nothing\n");
    hub.world().inject(Fault {
        method: None,
        path: "/api/whoami-v2".to_owned(),
        times: 9,
        fault: FaultKind::Status { status: 500, message: None },
    });
    let arguments = ["check", "--not-leaked-in", "clean", "--format", "json"];
    let outcome = hub.run_as(&env, "a password", &arguments).exits(1);
    assert_eq!(outcomes(&outcome), ["unknown"]);
}

#[test]
fn a_token_from_the_future_has_no_age() {
    let (env, hub) =
        (TestEnvironment::new(), LocalHub::fast_by(jiff::SignedDuration::from_hours(9)));
    let token = hub.token(TokenSpec::read("laptop"));
    let arguments = ["check", "--max-age", "90d", "--format", "json"];
    let outcome = hub.run_as(&env, &token, &arguments).exits(1);
    assert_eq!(outcomes(&outcome), ["unknown"]);
    assert!(verdict(&outcome)["conditions"][1]["fix"].to_string().contains("clock"), "{outcome}");
}

#[test]
fn an_account_that_is_called_like_a_token_is_redacted_in_markup_too() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let name = Forge::new(77).token();
    hub.world().add_user(&name);
    let token = hub.world().issue(&name, TokenSpec::write("mirror")).value;
    let summary = env.write("summary.md", "");
    for format in ["human", "json", "junit"] {
        let mut command = hub.bearhug(&env, &["check", "--forbid", "write", "--format", format]);
        command.env("HF_TOKEN", &token).env("GITHUB_ACTIONS", "true");
        command.env("GITHUB_STEP_SUMMARY", &summary);
        let outcome = Outcome::of(command).exits(3);
        let text = fs::read_to_string(&summary).unwrap();
        for written in [outcome.stdout(), outcome.stderr(), text.clone()] {
            assert!(!written.contains(&name[3..20]), "{format}");
        }
        assert!(text.contains("…"), "{text}");
    }
}

#[test]
fn a_token_in_a_history_is_leaked() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::read("laptop"));
    env.folder("repo");
    let repo = env.path("repo");
    env.git_in(&repo, ["init", "-q"]);
    env.write("repo/.env", format!("HF_TOKEN={token}\n"));
    env.git_in(&repo, ["add", "."]);
    env.git_in(&repo, ["commit", "-qm", "one"]);
    env.git_in(&repo, ["rm", "-q", ".env"]);
    env.git_in(&repo, ["commit", "-qm", "two"]);
    env.write("clean/readme", Forge::new(9).token());
    let arguments =
        ["check", "--not-leaked-in", "repo", "--not-leaked-in", "clean", "--format", "json"];
    let outcome = hub.run_as(&env, &token, &arguments).exits(3);
    assert_eq!(outcomes(&outcome), ["failed"]);
    hub.run_as(&env, &token, &["check", "--not-leaked-in", "clean"]).exits(0);
    let reason = verdict(&outcome)["conditions"][1]["reason"].as_str().unwrap().to_owned();
    let commit = env.git_in(&repo, ["rev-parse", "HEAD~1"]);
    assert!(reason.contains(".env:1 in commit") && reason.contains(&commit[..12]), "{reason}");
}

#[test]
fn github_shows_annotations_and_a_summary() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::write("old-ci"));
    let summary = env.write("summary.md", "# Before\n");
    let mut command = hub
        .bearhug(&env, &["check", "--forbid", "write", "--format", "json", "-o", "verdict.json"]);
    command
        .env("HF_TOKEN", &token)
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", &summary);
    let outcome = Outcome::of(command).exits(3);
    assert_eq!(outcome.stdout(), "");
    let annotations: Vec<String> = outcome.stderr().lines().map(str::to_owned).collect();
    assert_eq!(annotations.len(), 1, "{outcome}");
    assert!(
        annotations[0].starts_with("::error title=bearhug check forbid::`forbid write`"),
        "{outcome}"
    );
    let text = fs::read_to_string(summary).unwrap();
    assert!(text.starts_with("# Before\n### bearhug check\n"), "{text}");
    assert!(text.contains("| ❌ failed | forbid write |"), "{text}");
    let written: Value =
        serde_json::from_slice(&fs::read(env.path("verdict.json")).unwrap()).unwrap();
    assert_eq!(written["passed"], false);
}

#[test]
fn a_summary_that_cannot_be_written_changes_no_verdict() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::write("old-ci"));
    let summary = env.folder("summary");
    let mut command = hub.bearhug(&env, &["check", "--forbid", "write"]);
    command.env("HF_TOKEN", &token).env("GITHUB_ACTIONS", "true");
    command.env("GITHUB_STEP_SUMMARY", summary);
    let outcome = Outcome::of(command).exits(3);
    assert!(outcome.stderr().contains("warning: the summary is not written to"), "{outcome}");
}

/// GitLab reads `JUnit`; Python reads the XML here.
#[test]
fn gitlab_reads_a_junit_report() {
    let (env, hub) = (TestEnvironment::new(), hub());
    let token = hub.token(TokenSpec::write("old-ci"));
    let arguments = ["check", "--forbid", "write", "--format", "junit", "-o", "report.xml"];
    hub.run_as(&env, &token, &arguments).exits(3);
    let mut python = env.command("python3");
    let script = "import sys, xml.etree.ElementTree as x\n\
                  s = x.parse('report.xml').getroot()\n\
                  print(s.get('tests'), s.get('failures'), [c.get('name') for c in s])";
    python.args(["-c", script]);
    assert_eq!(Outcome::of(python).exits(0).stdout(), "2 1 ['live', 'forbid write']\n");
}
