//! Files that say how bearhug is to work, with a token wherever one can be.

use std::fs;

use super::{plants::Plants, watch::Watch};
use crate::support::{Outcome, TestEnvironment, base64};

/// Every command that reads the configuration.
const COMMANDS: &[&[&str]] = &[
    &["config", "show", "--origin"],
    &["config", "show", "--format", "json"],
    &["config", "show", "--format", "toml", "--origin"],
    &["config", "path"],
    &["policy", "show"],
    &["policy", "show", "--format", "json"],
    &["policy", "test"],
    &["policy", "test", "--format", "json", "-v"],
    &["policy", "check"],
    &["scan", ".", "-v"],
    &["hook", "run", "pre-commit"],
];

fn canary(seed: u64) -> (TestEnvironment, String, Watch) {
    let env = TestEnvironment::new();
    let mut plants = Plants::new(seed);
    let token = plants.token();
    let watch = Watch::over(&env, &plants.secrets);
    env.git(["init", "-q"]);
    (env, token, watch)
}

/// Texts of configuration with a token as a key, a value, both, or what makes it none.
fn texts(token: &str) -> Vec<String> {
    let fp = "fp_n3g4p6t6dvaewwyzvcznr3thlu";
    let mut texts = vec![
        token.to_owned(),
        format!("{token} = 1"),
        format!("'{token}' = 1"),
        format!("[{token}]"),
        format!("[policy]\n{token} = true"),
        format!("[policy]\nmode = '{token}'"),
        format!("[policy]\nmode = \"{token}"),
        format!("[policy]\nmax-age-days = '{token}'"),
        format!("[policy]\nmax-age-days = {token}"),
        format!("[policy.modes]\n{token} = 'warn'"),
        format!("[policy]\nforbidden-storage = ['{token}']"),
        format!("[policy]\nno-write-outside = ['{token}']"),
        format!("[policy.max-age-days-by-environment]\n{token} = 3"),
        format!("[risk]\n{token} = 3"),
        format!("[risk]\nscope = '{token}'"),
        format!("[scan.allow]\n{token} = 'mine'"),
        format!("[scan.allow]\n{fp} = '{token}'"),
        format!("[scan.environments]\n'{token}' = '{token}'"),
        format!("[scan.environments]\n'{token}[' = 'x'"),
        format!("[scan]\nexclude = ['{token}']"),
        format!("[scan]\nmax-size = '{token}'"),
        format!("[ledger]\naddress = '{token}'"),
        format!("[ledger]\naddress = 'postgres://ada:{token}@127.0.0.1:1/x'"),
        format!("# {token}\n[polcy]"),
    ];
    texts.push(texts[11].replace(token, &base64(token.as_bytes())));
    texts
}

#[test]
fn configuration_that_holds_a_token() {
    let (env, token, watch) = canary(41);
    let own = env.root().join("home/.config/bearhug/config.toml");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    for text in texts(&token) {
        for is_own in [false, true] {
            let path = if is_own { own.clone() } else { env.path("bearhug.toml") };
            fs::write(&path, &text).unwrap();
            for command in COMMANDS {
                let what = format!("{command:?} with {}", text.replace(&token, "TOKEN"));
                watch.heard(&what, env.run(*command));
            }
            fs::remove_file(&path).unwrap();
        }
    }
    watch.seen(&env);
}

#[test]
fn variables_and_paths_that_hold_a_token() {
    let (env, token, watch) = canary(42);
    for name in [
        "BEARHUG_LEDGER",
        "BEARHUG_SCAN_FAIL_ON",
        "BEARHUG_SCAN_MAX_SIZE",
        "BEARHUG_SCAN_THREADS",
        "BEARHUG_SCAN_STRICT",
        "BEARHUG_SCAN_FAILON",
        "XDG_CONFIG_HOME",
    ] {
        for value in [
            token.clone(),
            format!("/nowhere/{token}"),
            format!("postgres://a:{token}@127.0.0.1:1/x"),
        ] {
            for command in COMMANDS {
                let mut run = env.bearhug();
                run.args(*command).env(name, &value);
                watch.heard(&format!("{command:?} with {name}"), Outcome::of(run));
            }
        }
    }
    let misspelt = format!("BEARHUG_SCAN_FAIL_ON_{token}");
    let mut run = env.bearhug();
    run.args(["config", "show"]).env(misspelt, "x");
    watch.heard("a variable of that name", Outcome::of(run)).exits(0);
    // A repository in a folder that is named so.
    let folder = env.folder(format!("home-{token}/below"));
    env.git_in(folder.parent().unwrap(), ["init", "-q"]);
    for text in ["[polcy]", "[policy]\nmax-age-days = 3"] {
        fs::write(folder.parent().unwrap().join("bearhug.toml"), text).unwrap();
        for command in COMMANDS {
            let mut run = env.bearhug();
            run.current_dir(&folder).args(*command);
            watch.heard(&format!("{command:?} below it"), Outcome::of(run));
        }
    }
}

#[test]
fn policy_commands_that_are_given_a_token() {
    let (env, token, watch) = canary(43);
    let example = |text: &str| format!("[[example]]\nname = '{token}'\nbreaks = []\n{text}");
    for text in [
        token.clone(),
        example(""),
        example("identity = { owner = 'x', role = 'write' }"),
        example(&format!("identity = {{ environment = '{token}', role = '{token}' }}")),
        example(&format!("{token} = 1")),
        format!("[[example]]\nname = 'x'\nbreaks = ['{token}']"),
    ] {
        env.write("policy-examples.toml", &text);
        for format in ["human", "json"] {
            let outcome = env.run(["policy", "test", "-v", "--format", format]);
            watch.heard(&text.replace(&token, "TOKEN"), outcome);
        }
    }
    fs::remove_file(env.path("policy-examples.toml")).unwrap();
    for arguments in [
        &["policy", "test", &token][..],
        &["policy", "waive", &token, "owner-required", "--until", "2999-01-01", "--reason", "x"],
        &["policy", "waive", "id_a", &token, "--until", "2999-01-01", "--reason", "x"],
        &["policy", "waive", "id_a", "owner-required", "--until", &token, "--reason", "x"],
        &["policy", "waive", "id_a", "owner-required", "--until", "2999-01-01", "--reason", &token],
        &["policy", "unwaive", &token, "owner-required"],
        &["policy", "check", "--rule", &token],
        &["policy", "check", "--environment", &token, "--ledger", &token],
        &["policy", "check", "--fail-on", &token],
        &["config", "show", "--format", &token],
        &["config", &token],
    ] {
        watch.heard(&format!("{arguments:?}").replace(&token, "TOKEN"), env.run(arguments));
    }
    watch.seen(&env);
}
