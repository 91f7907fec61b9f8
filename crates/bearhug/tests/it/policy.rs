//! What a policy demands, who breaks it, and leave to do so.

use std::fs;

use serde_json::Value;

use crate::support::{Forge, Outcome, TestEnvironment, fingerprint};

/// A repository with so many tokens in its ledger, and their fingerprints.
fn recorded(policy: &str, tokens: usize) -> (TestEnvironment, Vec<String>) {
    let env = TestEnvironment::new();
    env.git(["init", "-q"]);
    env.write("bearhug.toml", policy);
    let tokens = Forge::new(1).tokens(tokens);
    env.write("tokens", tokens.join("\n"));
    env.run(["scan", ".", "--record"]).exits(3);
    (env, tokens.iter().map(|token| fingerprint(token)).collect())
}

fn check(env: &TestEnvironment, more: &[&str]) -> Outcome {
    env.run([&["policy", "check", "--format", "jsonl"], more].concat())
}

/// What is broken: the rule, the mode and whether it is waived, in order.
fn breaches(outcome: &Outcome) -> Vec<(String, String, bool)> {
    let records = outcome.records();
    let breaches = records.iter().filter(|record| record["schema"] == "bearhug.breach/1");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    breaches.map(|b| (text(&b["rule"]), text(&b["mode"]), !b["waived_until"].is_null())).collect()
}

#[test]
fn what_is_enforced_fails_and_the_rest_is_told() {
    let (env, _) =
        recorded("[policy]\nforbidden-storage = []\nmodes.owner-required = 'enforce'", 2);
    let outcome = check(&env, &[]).exits(3);
    let orphan = ("owner-required".to_owned(), "enforce".to_owned(), false);
    assert_eq!(breaches(&outcome), [orphan.clone(), orphan]);
    let summary = outcome.summary();
    assert_eq!((&summary["passed"], &summary["checked"]), (&false.into(), &2.into()));
    let human = env.run(["policy", "check"]).exits(3).stdout();
    assert!(human.contains("nobody answers for it.") && human.contains("bearhug token"), "{human}");
    assert!(
        human
            .contains("Failed: 2 of 2 tokens break a rule that is enforced · breaches: 2 enforced"),
        "{human}"
    );
}

/// The policy is that of now, and not the one by which a scan was recorded.
#[test]
fn a_policy_that_changes_holds_at_once() {
    let (env, _) = recorded("[policy]\nforbidden-storage = []\nmode = 'enforce'", 1);
    check(&env, &[]).exits(3);
    for (mode, fail_on, code) in [
        ("warn", "enforce", 0),
        ("warn", "warn", 3),
        ("observe", "warn", 0),
        ("observe", "observe", 3),
    ] {
        env.write("bearhug.toml", format!("[policy]\nforbidden-storage = []\nmode = '{mode}'"));
        let outcome = check(&env, &["--fail-on", fail_on]).exits(code);
        assert_eq!(breaches(&outcome), [("owner-required".to_owned(), mode.to_owned(), false)]);
    }
    env.write("bearhug.toml", "[policy]\nforbidden-storage = []\nowner-required = false");
    let outcome = check(&env, &["--fail-on", "observe"]).exits(0);
    assert!(breaches(&outcome).is_empty());
}

#[test]
fn a_check_can_be_narrowed() {
    let policy = "[policy]\nmode = 'enforce'\nenvironment-required = true\nforbidden-storage = []\n\
                  [scan.environments]\n'/**' = 'production'\n";
    let (env, _) = recorded(policy, 1);
    let rules = |more: &[&str], code| {
        let found = breaches(&check(&env, more).exits(code));
        found.into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>()
    };
    assert_eq!(rules(&[], 3), ["owner-required", "environment-required"]);
    assert_eq!(rules(&["--rule", "owner-required"], 3), ["owner-required"]);
    assert_eq!(rules(&["--rule", "max-age-days"], 0), [""; 0]);
    assert_eq!(rules(&["--environment", "production"], 3).len(), 2);
    assert_eq!(rules(&["--environment", "ci"], 0), [""; 0]);
    let told = env.run(["policy", "check", "--rule", "owner"]).exits(2).stderr();
    assert!(told.contains("owner-required"), "{told}");
}

#[test]
fn a_ledger_that_is_not_there_is_no_pass() {
    let env = TestEnvironment::new();
    let told = env.run(["policy", "check"]).exits(1).stderr();
    assert!(told.contains("there is no ledger yet"), "{told}");
    env.run(["policy", "check", "--ledger", "nowhere.db"]).exits(1);
    env.run(["policy", "waivers", "--ledger", "nowhere.db"]).exits(1);
    assert!(!env.path("nowhere.db").exists());
}

#[test]
fn leave_is_given_until_a_day_and_taken_back() {
    let (env, tokens) = recorded("[policy]\nforbidden-storage = []\nmode = 'enforce'", 1);
    let waive = |until: &str, reason: &str| {
        env.run([
            "policy",
            "waive",
            &tokens[0],
            "owner-required",
            "--until",
            until,
            "--reason",
            reason,
        ])
    };
    let waivers = |more: &[&str]| -> Vec<Value> {
        let outcome = env.run([&["policy", "waivers", "--format", "json"], more].concat()).exits(0);
        let json: Value = serde_json::from_str(&outcome.stdout()).unwrap();
        json["waivers"].as_array().unwrap().clone()
    };
    waive("2001-01-01", "late").exits(2);
    waive("2999-01-01", " ").exits(2);
    assert!(waivers(&["--all"]).is_empty());
    let said = waive("2999-01-01", "the team is not named yet").exits(0).stderr();
    assert!(said.contains("until the end of 2999-01-01 (UTC)"), "{said}");
    let listed = env.run(["policy", "waivers"]).exits(0).stdout();
    let shown = env.run(["token", "show", &tokens[0]]).exits(0).stdout();
    for text in [listed, shown] {
        assert!(text.contains("the end of 2999-01-01 (UTC)"), "{text}");
    }
    assert_eq!(
        breaches(&check(&env, &[]).exits(0)),
        [("owner-required".into(), "enforce".into(), true)]
    );
    let [waiver] = waivers(&[]).try_into().unwrap();
    assert_eq!(waiver["until"], "2999-01-02T00:00:00Z");
    assert_eq!(waiver["reason"], "the team is not named yet");
    assert_eq!(waiver["holds"], true);
    // Another day replaces the one before.
    waive("2998-01-01", "sooner").exits(0);
    assert_eq!(waivers(&[]).len(), 1);
    let unwaive = || env.run(["policy", "unwaive", &tokens[0], "owner-required"]);
    unwaive().exits(0);
    unwaive().exits(1);
    check(&env, &[]).exits(3);
    assert!(waivers(&[]).is_empty());
    assert_eq!(waivers(&["--all"])[0]["holds"], false);
}

#[test]
fn a_waiver_needs_an_identity_that_is_there() {
    let (env, tokens) = recorded("", 1);
    let waive = |id: &str| {
        let id = [id, "owner-required", "--until", "2999-01-01", "--reason", "x"];
        env.run([&["policy", "waive"], &id[..]].concat())
    };
    for id in ["id_", "nobody", "fp_n3g4p6t6dvaewwyzvcznr3thlu", ""] {
        waive(id).exits(1);
    }
    let outcome = check(&env, &[]).records();
    let id = outcome[0]["identity"].as_str().unwrap();
    waive(&id[..12]).exits(0);
    waive(&tokens[0]).exits(0);
}

#[test]
fn examples_come_out_as_they_say_or_it_is_told() {
    let env = TestEnvironment::new();
    env.git(["init", "-q"]);
    env.write("bearhug.toml", "[policy]\nmax-age-days = 30\n");
    let example = |breaks: &str, age: u32| {
        format!(
            "[[example]]\nname = 'aged {age}'\nbreaks = [{breaks}]\n\
             identity = {{ role = 'fineGrained', owner = 'ada', age-days = {age} }}\n"
        )
    };
    env.write("policy-examples.toml", example("'max-age-days'", 31) + &example("", 30));
    let outcome = env.run(["policy", "test"]).exits(0).stdout();
    assert_eq!(outcome, "Passed: 2 examples as expected\n");
    env.write("more.toml", example("'max-age-days', 'owner-required'", 29) + &example("", 99));
    let outcome = env.run(["policy", "test", "policy-examples.toml", "more.toml"]).exits(3);
    let told = outcome.stdout();
    for expected in [
        "failed  aged 29  (more.toml)",
        "it should break `max-age-days`, and does not.",
        "it should break `owner-required`, and does not.",
        "it breaks `max-age-days`: its token is 99 days old, and 30 is the most.",
        "Failed: 2 of 4 examples",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let json = env.run(["policy", "test", "more.toml", "--format", "json"]).exits(3).stdout();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["examples"][1]["surplus"][0]["rule"], "max-age-days");
}

#[test]
fn a_file_of_examples_is_read_as_strictly_as_a_configuration() {
    let env = TestEnvironment::new();
    for (text, expected) in [
        ("[[example]]\nname = 'x'\nbreaks = ['max-age']", "3: `example.breaks` is one of"),
        (
            "[[example]]\nname = 'x'\nbreaks = []\nidentity.rolle = 'write'",
            "4: there is no `example.identity.rolle`; did you mean `example.identity.role`?",
        ),
        ("[[example]]\nname = 'x'", "`breaks` is missing"),
        ("[[exmaple]]", "1: there is no `exmaple`; did you mean `example`?"),
    ] {
        env.write("policy-examples.toml", text);
        let told = env.run(["policy", "test"]).exits(1).stderr();
        assert!(
            told.contains(&format!("policy-examples.toml:{expected}")) || told.contains(expected),
            "{told}"
        );
    }
    env.write("policy-examples.toml", "example = []");
    assert!(env.run(["policy", "test"]).exits(1).stderr().contains("there is no example"));
    fs::remove_file(env.path("policy-examples.toml")).unwrap();
    assert!(env.run(["policy", "test"]).exits(1).stderr().contains("No such file"));
}

#[test]
fn the_rules_are_shown_as_they_are_set() {
    let env = TestEnvironment::new();
    env.git(["init", "-q"]);
    env.write("bearhug.toml", "[policy]\nmax-age-days = 7\nmodes.max-age-days = 'enforce'\n");
    let human = env.run(["policy", "show"]).exits(0).stdout();
    assert!(human.starts_with("enforce max-age-days = 7\n"), "{human}");
    assert!(human.contains("off     no-write-outside = []\n"), "{human}");
    let json = env.run(["policy", "show", "--format", "json"]).exits(0).stdout();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["rules"][0]["mode"], "enforce");
    assert_eq!(json["rules"][0]["applies"], true);
}
