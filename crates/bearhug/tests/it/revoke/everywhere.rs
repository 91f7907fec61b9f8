//! Tokens that die everywhere, wherever they come from.

use bearhug_localhub::TokenSpec;
use serde_json::Value;

use crate::support::{Forge, LocalHub, Outcome, TestEnvironment, fingerprint};

fn proof(outcome: &Outcome) -> Value {
    serde_json::from_str(&outcome.stdout()).unwrap()
}

#[test]
fn a_token_from_the_standard_input_dies_within_200_milliseconds() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::write("leaked"));
    assert!(hub.knows(&token));
    let outcome = hub.feed(&env, &token, &["revoke", "--format", "json"]).exits(0);
    assert!(!hub.knows(&token));
    let proof = proof(&outcome);
    let ending = &proof["tokens"][0];
    assert_eq!(proof["schema"], "bearhug.revocation/1");
    assert_eq!(ending["fingerprint"], fingerprint(&token));
    assert_eq!(ending["outcome"], "revoked");
    assert_eq!(ending["before"]["standing"], "alive");
    assert_eq!(ending["before"]["account"], "ada");
    assert_eq!(ending["after"]["standing"], "unknown_to_the_hub");
    for id in [
        &ending["before"]["request_id"],
        &ending["revocation_request_id"],
        &ending["after"]["request_id"],
    ] {
        assert!(id.as_str().is_some_and(|id| id.len() > 8), "{outcome}");
    }
    let milliseconds = ending["milliseconds_to_dead"].as_u64().unwrap();
    println!("time to dead: {milliseconds} ms");
    assert!(milliseconds < 200, "{milliseconds} ms");
}

#[test]
fn what_is_gone_already_is_a_success() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("leaked"));
    hub.feed(&env, &token, &["revoke"]).exits(0);
    let again = hub.feed(&env, &token, &["revoke", "--format", "json"]).exits(0);
    let ending = &proof(&again)["tokens"][0];
    assert_eq!(ending["outcome"], "already_gone");
    assert!(ending["revocation_request_id"].is_string(), "it is told all the same: {again}");
}

#[test]
fn a_scan_that_finds_more_than_one_is_a_dry_run_until_somebody_says_yes() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let tokens = [TokenSpec::read("one"), TokenSpec::write("two")].map(|spec| hub.token(spec));
    env.write("leaks/a.env", format!("HF_TOKEN={}\n", tokens[0]));
    env.write("leaks/b.py", format!("login('{}')\n", tokens[1]));
    let plan = hub.run(&env, &["revoke", "leaks"]).exits(0);
    assert!(plan.stdout().contains("2 tokens would be revoked"), "{plan}");
    assert!(plan.stderr().contains("--yes"), "{plan}");
    assert!(tokens.iter().all(|token| hub.knows(token)));
    let sure = hub.run(&env, &["revoke", "leaks", "--yes", "--dry-run"]);
    assert_eq!(sure.code, Some(2), "{sure}");
    let done = hub.run(&env, &["revoke", "leaks", "--yes", "-o", "proof.json", "--format", "json"]);
    done.exits(0);
    assert!(!tokens.iter().any(|token| hub.knows(token)));
    let proof: Value =
        serde_json::from_slice(&std::fs::read(env.path("proof.json")).unwrap()).unwrap();
    assert_eq!((&proof["revoked"], &proof["dry_run"]), (&Value::from(2), &Value::from(false)));
}

#[test]
fn what_a_scan_finds_dies_only_if_somebody_says_so() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("one"));
    env.write("leaks/a.env", &token);
    let plan = hub.run(&env, &["revoke", "leaks"]).exits(0);
    assert!(plan.stdout().contains("1 token would be revoked"), "{plan}");
    env.run(["scan", "leaks", "--format", "json", "-o", "report.json"]).exits(3);
    hub.run(&env, &["revoke", "leaks", "--from-scan", "report.json"]).exits(0);
    assert!(hub.knows(&token));
    hub.run(&env, &["revoke", "leaks", "--fingerprint", &fingerprint(&token)]).exits(0);
    assert!(!hub.knows(&token));
    for place in ["--file", "--env"] {
        let token = hub.token(TokenSpec::read("one"));
        env.write("one.env", &token);
        let mut command = hub.bearhug(&env, &["revoke", place]);
        command.arg(if place == "--env" { "LEAKED" } else { "one.env" });
        command.env("LEAKED", &token);
        Outcome::of(command).exits(0);
        assert!(!hub.knows(&token), "{place}");
    }
}

#[test]
fn what_a_scan_could_not_read_is_said_and_not_all_is_done() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("one"));
    env.write("leaks/a.env", &token);
    env.write("leaks/b.zip", b"PK\x03\x04 and no more");
    let outcome = hub.run(&env, &["revoke", "leaks", "--yes"]).exits(6);
    assert!(!hub.knows(&token));
    let told = outcome.stderr();
    assert!(told.contains("warning: not all could be read"), "{outcome}");
    assert!(told.contains("b.zip"), "{outcome}");
}

#[test]
fn what_looks_made_up_dies_only_by_name() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let made_up = format!("hf_{}", "x".repeat(34));
    env.write("leaks/a.env", format!("{made_up}\n{}\n", hub.token(TokenSpec::read("one"))));
    let plan = hub.run(&env, &["revoke", "leaks", "--format", "json"]).exits(0);
    assert_eq!(proof(&plan)["tokens"].as_array().unwrap().len(), 1, "{plan}");
    assert!(plan.stderr().contains("what looks made up is not revoked (1 found)"), "{plan}");
    let named = ["revoke", "leaks", "--fingerprint", &fingerprint(&made_up), "--format", "json"];
    let outcome = hub.run(&env, &named).exits(0);
    assert_eq!(proof(&outcome)["tokens"][0]["fingerprint"], fingerprint(&made_up), "{outcome}");
}

#[test]
fn a_line_that_is_no_token_stops_all() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::read("one"));
    let input = format!("{token}\n\nleaked token: hf_short\n");
    let outcome = hub.feed(&env, &input, &["revoke", "--yes"]).exits(1);
    assert!(outcome.stderr().contains("line 3 of the standard input"), "{outcome}");
    assert!(!outcome.stderr().contains("short"), "{outcome}");
    assert!(hub.knows(&token));
}

/// The Hub turns them down where access tokens are asked about, be they alive or dead.
#[test]
fn a_refresh_token_is_revoked_and_not_proved() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let body = Forge::new(8).letters(34);
    let refresh = format!("hf_oauth__refresh_{body}");
    let outcome = hub.feed(&env, &refresh, &["revoke", "--format", "json"]).exits(1);
    let ending = &proof(&outcome)["tokens"][0];
    assert_eq!(ending["outcome"], "unproven", "{outcome}");
    assert!(ending["revocation_request_id"].is_string(), "{outcome}");
}

#[test]
fn a_report_names_which_of_the_tokens_in_a_path_die() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let tokens = ["one", "two", "three"].map(|name| hub.token(TokenSpec::read(name)));
    env.write("leaks/all.env", tokens[..2].join("\n"));
    for (format, report) in [("json", "report.json"), ("jsonl", "report.jsonl")] {
        env.run(["scan", "leaks", "--format", format, "-o", report]).exits(3);
    }
    env.write("leaks/new.env", &tokens[2]);
    let name = fingerprint(&tokens[0]);
    let arguments = ["revoke", "leaks", "--from-scan", "report.json", "--fingerprint", &name];
    hub.run(&env, &arguments).exits(0);
    let alive: Vec<_> = tokens.iter().map(|token| hub.knows(token)).collect();
    assert_eq!(alive, [false, true, true]);
    hub.run(&env, &["revoke", "leaks", "--from-scan", "report.jsonl", "--yes"]).exits(0);
    let alive: Vec<_> = tokens.iter().map(|token| hub.knows(token)).collect();
    assert_eq!(alive, [false, false, true]);
}

#[test]
fn what_a_report_lists_and_a_path_no_longer_holds_is_told() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let tokens = ["one", "two"].map(|name| hub.token(TokenSpec::read(name)));
    env.write("leaks/a.env", tokens.join("\n"));
    env.run(["scan", "leaks", "--format", "jsonl", "-o", "report.jsonl"]).exits(3);
    env.write("leaks/a.env", &tokens[0]);
    let outcome =
        hub.run(&env, &["revoke", "leaks", "--from-scan", "report.jsonl", "--yes"]).exits(6);
    let warning = format!("warning: {} was not found", fingerprint(&tokens[1]));
    assert!(outcome.stderr().contains(&warning), "{outcome}");
    assert_eq!(tokens.map(|token| hub.knows(&token)), [false, true]);
}

#[test]
fn a_person_reads_what_happened_and_what_lives_on() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let token = hub.token(TokenSpec::write("leaked"));
    let text = hub.feed(&env, &token, &["revoke"]).exits(0).stdout();
    for part in [
        "  revoked  fp_",
        "was:  alive, ada's\n",
        "dead: the Hub does not know it, no later than",
        "ids:  asked    ",
        "        revoked  ",
        "Xet tokens",
        "1 of 1 token out of use",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains(&token[3..30]));
}

#[test]
fn what_the_hub_cannot_revoke_is_said() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let long =
        format!("hf_oauth_{}.{}.{}", "eyJh".repeat(20), "eyJz".repeat(60), "Zm9v".repeat(20));
    let outcome = hub.feed(&env, &long, &["revoke", "--format", "json"]).exits(1);
    let ending = &proof(&outcome)["tokens"][0];
    assert_eq!(ending["outcome"], "not_sent");
    assert!(ending["reason"].as_str().unwrap().contains("200 characters"), "{outcome}");
    let text = hub.feed(&env, &long, &["revoke"]).exits(1).stdout();
    assert!(text.contains("An OAuth grant is a family"), "{text}");
}
