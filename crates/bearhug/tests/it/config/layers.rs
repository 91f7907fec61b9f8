//! Who has the last word.

use std::fs;

use serde_json::{Value, json};

use super::{repository, setting, setting_of, write_own};
use crate::support::{Forge, Outcome, TestEnvironment};

#[test]
fn the_later_word_holds_and_its_place_is_told() {
    let env = repository("[policy]\nmode = \"enforce\"\nmax-age-days = 30\n");
    let own = env.root().join("home/.config/bearhug/config.toml");
    assert_eq!(setting(&env, "policy.mode"), (json!("enforce"), "bearhug.toml:2".to_owned()));
    write_own(&env, "\n[policy]\nmode = \"observe\"\n[ledger]\naddress = \"a.db\"\n");
    let mode = (json!("observe"), format!("{}:3", own.display()));
    assert_eq!(setting(&env, "policy.mode"), mode);
    assert_eq!(setting(&env, "policy.max-age-days"), (json!(30), "bearhug.toml:3".to_owned()));
    assert_eq!(setting(&env, "ledger.address").0, "a.db");
    assert_eq!(setting(&env, "policy.owner-required"), (json!(true), "default".to_owned()));
    let mut command = env.bearhug();
    command.args(["config", "show", "--format", "json"]).env("BEARHUG_LEDGER", "b.db");
    let ledger = setting_of(Outcome::of(command), "ledger.address");
    assert_eq!(ledger, (json!("b.db"), "BEARHUG_LEDGER".to_owned()));
}

#[test]
fn flags_have_the_last_word() {
    let env = TestEnvironment::new();
    env.write("tree/a", Forge::new(1).token());
    env.write("tree/b", "clean");
    let scan = |arguments: &[&str]| env.run([&["scan", "tree"][..], arguments].concat());
    scan(&[]).exits(3);
    write_own(&env, "scan.exclude = ['a']");
    scan(&[]).exits(0);
    scan(&["--exclude", "b"]).exits(3);
    write_own(&env, "scan.max-size = '3B'");
    scan(&["--strict"]).exits(6);
    scan(&["--max-size", "1K"]).exits(3);
    write_own(&env, "scan.strict = true\nscan.max-size = 3");
    scan(&[]).exits(6);
    write_own(&env, "scan.min-confidence = 'high'");
    let doubtful = env.write("doubtful", format!("HFAK{}", "7Q2ZX9M4T1V8K3PB"));
    let doubtful = doubtful.to_str().unwrap();
    let gate = |arguments: &[&str]| {
        let mut command = env.bearhug();
        command.args(["scan", doubtful, "--fail-on", "low"]).args(arguments);
        Outcome::of(command)
    };
    gate(&[]).exits(0);
    gate(&["--min-confidence", "low"]).exits(3);
}

#[test]
fn variables_set_what_they_are_named_for() {
    let env = TestEnvironment::new();
    for (variable, text, key, value) in [
        ("BEARHUG_LEDGER", "7", "ledger.address", json!("7")),
        ("BEARHUG_SCAN_FAIL_ON", "high", "scan.fail-on", json!("high")),
        ("BEARHUG_SCAN_MIN_CONFIDENCE", "medium", "scan.min-confidence", json!("medium")),
        ("BEARHUG_SCAN_MAX_SIZE", "20M", "scan.max-size", json!("20M")),
        ("BEARHUG_SCAN_RESPECT_GITIGNORE", "true", "scan.respect-gitignore", json!(true)),
        ("BEARHUG_SCAN_STRICT", "true", "scan.strict", json!(true)),
        ("BEARHUG_SCAN_THREADS", "2", "scan.threads", json!(2)),
    ] {
        let show = |text: &str| {
            let mut command = env.bearhug();
            command.args(["config", "show", "--format", "json"]).env(variable, text);
            Outcome::of(command)
        };
        assert_eq!(setting_of(show(text), key), (value, variable.to_owned()));
        // What is empty is not set.
        assert_eq!(setting_of(show(""), key).1, "default");
    }
    let mut command = env.bearhug();
    command.args(["config", "show"]).env("BEARHUG_SCAN_THREADS", "many");
    let told = Outcome::of(command).exits(1).stderr();
    assert!(told.contains("BEARHUG_SCAN_THREADS: `scan.threads`: "), "{told}");
}

#[test]
fn a_misspelt_variable_is_remarked_on() {
    let env = TestEnvironment::new();
    let show = |name: &str, more: &[&str]| {
        let mut command = env.bearhug();
        command.args(["config", "show"]).args(more).env(name, "high");
        Outcome::of(command).exits(0).stderr()
    };
    let told = show("BEARHUG_SCAN_FAILON", &[]);
    assert!(told.contains("did you mean `BEARHUG_SCAN_FAIL_ON`?"), "{told}");
    assert_eq!(show("BEARHUG_SCAN_FAILON", &["--quiet"]), "");
    assert_eq!(show("BEARHUG_TEST_PYTHON", &[]), "");
}

/// A file made of what is shown sets the same.
#[test]
fn what_is_shown_as_toml_is_a_file_that_sets_the_same() {
    let env = repository(
        "[policy]\nmodes.max-age-days = 'enforce'\nno-write-outside = ['ci']\n\
         max-age-days-by-environment.production = 30\n\
         [scan.environments]\n'/srv/**' = 'production'\n'https://github.com/acme/\"x' = 'ci'\n\
         [scan.allow]\nfp_n3g4p6t6dvaewwyzvcznr3thlu = \"a \\\"quoted\\\" reason\"\n",
    );
    let values = |env: &TestEnvironment| -> Vec<(Value, Value)> {
        let shown = env.run(["config", "show", "--format", "json"]).exits(0).stdout();
        let shown: Value = serde_json::from_str(&shown).unwrap();
        let settings = shown["settings"].as_array().unwrap();
        settings.iter().map(|s| (s["key"].clone(), s["value"].clone())).collect()
    };
    let before = values(&env);
    assert!(before.len() > 30);
    for arguments in [
        &["config", "show", "--format", "toml"][..],
        &["config", "show", "--format", "toml", "--origin"],
    ] {
        let text = env.run(arguments).exits(0).stdout();
        let other = TestEnvironment::new();
        write_own(&other, &text);
        assert_eq!(values(&other), before, "{text}");
    }
}

#[test]
fn a_password_is_not_shown() {
    let env = TestEnvironment::new();
    for format in ["human", "json", "toml"] {
        let mut command = env.bearhug();
        command.args(["config", "show", "--origin", "--format", format]);
        command.env("BEARHUG_LEDGER", "postgres://ada:open-sesame@db.example/ledger");
        let outcome = Outcome::of(command).exits(0);
        let shown = outcome.stdout();
        assert!(shown.contains("db.example/ledger") && !shown.contains("sesame"), "{shown}");
    }
}

#[test]
fn the_files_are_told_with_what_became_of_them() {
    let env = repository("");
    env.folder("below");
    let mut command = env.bearhug();
    command.args(["config", "path", "--format", "json"]).current_dir(env.path("below"));
    let told: Value = serde_json::from_str(&Outcome::of(command).exits(0).stdout()).unwrap();
    let [repository, user] = told["files"].as_array().unwrap().as_slice() else { panic!("{told}") };
    let path = |value: &Value| fs::canonicalize(value["path"].as_str().unwrap()).ok();
    assert_eq!(
        (&repository["whose"], &repository["is_read"]),
        (&json!("repository"), &json!(true))
    );
    assert_eq!(path(repository), fs::canonicalize(env.path("bearhug.toml")).ok());
    assert_eq!((&user["is_read"], &user["remark"]), (&json!(false), &json!("it is not there")));
    let human = env.run(["config", "path"]).exits(0).stdout();
    assert!(human.lines().count() == 2 && human.contains("home/.config/bearhug/config.toml"));
}
