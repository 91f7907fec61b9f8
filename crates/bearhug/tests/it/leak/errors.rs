//! What fails, in every way that is known, with a token wherever one can be.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::{plants::Plants, watch::Watch};
use crate::support::{Outcome, TestEnvironment};

/// An environment, a token to put everywhere in it, and who watches.
fn canary(seed: u64) -> (TestEnvironment, String, Watch) {
    let env = TestEnvironment::new();
    let mut plants = Plants::new(seed);
    let token = plants.token();
    let watch = Watch::over(&env, &plants.secrets);
    (env, token, watch)
}

#[test]
fn paths_that_are_not_there() {
    let (env, token, watch) = canary(11);
    let tokens = [
        token.clone(),
        format!("{token}.json"),
        format!("{token}x"),
        format!("a/{token}/b"),
        crate::support::base64(token.as_bytes()),
        crate::support::written("percent", &token),
    ];
    for path in tokens {
        let elsewhere = format!("{path}/report");
        for arguments in [
            &["scan", &path][..],
            &["scan", "-v", &path, "--format", "json"],
            &["scan", ".", "--baseline", &path],
            &["scan", ".", "-o", &elsewhere],
            &["scan", ".", "--write-baseline", &elsewhere],
        ] {
            let outcome = watch.heard(&format!("{arguments:?}"), env.run(arguments)).exits(1);
            assert!(outcome.stderr().contains("error: cannot "), "{outcome}");
        }
    }
    // What is redacted can still be recognised.
    let told = env.run(["scan", &format!("data/{token}.env")]).stderr();
    let shown = format!("error: cannot read `data/hf_…{}.env`: No such file", &token[33..]);
    assert!(told.starts_with(&shown), "{told}");
}

#[test]
fn arguments_that_cannot_be_understood() {
    let (env, token, watch) = canary(16);
    for arguments in [
        &[token.as_str()][..],
        &["scan", "--max-size", &token],
        &["scan", "--format", &token],
        &["scan", "--threads", &token],
        &["scan", "--color", &token],
        &["scan", "--min-confidence", &token],
        &["scan", &format!("--{token}")],
        &["scan", &format!("--{token}={token}")],
        &["scan", "-v", "-q", &token],
        &["scan", "--staged", &token],
        &["hook", &token],
        &["hook", "install", &token],
        &["hook", "run", &token],
    ] {
        let outcome = watch.heard(&format!("{arguments:?}"), env.run(arguments)).exits(2);
        assert!(outcome.stderr().contains("error: "), "{outcome}");
    }
}

#[test]
fn patterns_that_cannot_be_used() {
    let (env, token, watch) = canary(12);
    for glob in [format!("{{{token}"), format!("[{token}"), format!("{token}/**/[")] {
        let outcome = watch.heard(&glob, env.run(["scan", ".", "--exclude", &glob])).exits(2);
        assert!(outcome.stderr().contains("--exclude"), "{outcome}");
        let many = ["scan", ".", "--exclude", "a", "--exclude", &glob, "--exclude", &token];
        watch.heard(&glob, env.run(many)).exits(2);
    }
    watch.heard("a good one", env.run(["scan", ".", "-v", "--exclude", &token])).exits(0);
    env.write("tree/.gitignore", format!("{{{token}\n[{token}\n"));
    watch.heard("ignored", env.run(["scan", "tree", "-v", "--respect-gitignore"])).exits(3);
}

#[test]
fn baselines_that_hold_the_token_itself() {
    let (env, token, watch) = canary(13);
    let accepted =
        |entry: &str| format!("{{\"schema\":\"bearhug.baseline/1\",\"accepted\":[{entry}]}}");
    for text in [
        token.clone(),
        format!("HF_TOKEN={token}"),
        format!("\"{token}\""),
        format!("{{\"{token}\":1}}"),
        format!("{{\"schema\":\"{token}\",\"accepted\":[]}}"),
        accepted(&format!("\"{token}\"")),
        accepted(&format!("{{\"fingerprint\":\"{token}\",\"kind\":\"\",\"redacted\":\"\"}}")),
        accepted(&format!("{{\"{token}\":1}}")),
        accepted(&format!("{{\"fingerprint\":\"{token}x\",\"kind\":\"\",\"redacted\":\"\"}}")),
    ] {
        env.write("known.json", &text);
        let outcome = env.run(["scan", ".", "--baseline", "known.json"]);
        watch.heard(&text, outcome).exits(1);
    }
}

#[test]
fn what_may_not_be_read_or_written() {
    let (env, token, _) = canary(14);
    env.write(format!("tree/{token}"), &token);
    env.write(format!("tree/folder-{token}/file"), &token);
    env.folder(format!("shut-{token}"));
    env.write(format!("{token}.json"), "{}");
    let watch = Watch::over(&env, &[token[3..].to_owned()]);
    let modes = [
        (format!("tree/{token}"), 0o000),
        (format!("tree/folder-{token}"), 0o000),
        (format!("shut-{token}"), 0o555),
        (format!("{token}.json"), 0o000),
    ];
    for (path, mode) in &modes {
        fs::set_permissions(env.path(path), fs::Permissions::from_mode(*mode)).unwrap();
    }
    for arguments in [
        "scan tree -v".to_owned(),
        "scan tree -v --format json".to_owned(),
        "scan tree -v --format csv".to_owned(),
        format!("scan tree/{token} --format sarif"),
        format!("scan tree -o shut-{token}/report"),
        format!("scan tree --write-baseline shut-{token}/baseline"),
        format!("scan tree --baseline {token}.json"),
    ] {
        let outcome = Outcome::of(env.unprivileged(&format!("exec \"$0\" {arguments}")));
        let outcome = watch.heard(&arguments, outcome);
        assert!(outcome.to_string().contains("Permission denied"), "{arguments}: {outcome}");
    }
    for (path, _) in &modes {
        fs::set_permissions(env.path(path), fs::Permissions::from_mode(0o755)).unwrap();
    }
    watch.seen(&env);
}

#[test]
fn outputs_that_fail() {
    let env = TestEnvironment::new();
    let plants = Plants::everywhere(15, &env);
    let watch = Watch::over(&env, &plants.secrets);
    for format in ["human", "json", "jsonl", "csv", "sarif", "html"] {
        for (redirection, code) in
            [("> /dev/full", 1), ("2> /dev/full", 3), (">&-", 3), ("| true", 0), ("> out", 3)]
        {
            let mut command = env.command("bash");
            let script = format!("\"$0\" scan tree -v --format {format} {redirection}");
            command.args(["-c", &script]).arg(TestEnvironment::program());
            let outcome = watch.heard(&script, Outcome::of(command));
            assert_eq!(outcome.code, Some(code), "{script}: {outcome}");
        }
        let mut command = env.command("bash");
        let script = "ulimit -f 8; trap '' XFSZ; exec \"$0\" scan tree -o report --format \"$1\"";
        command.args(["-c", script]).arg(TestEnvironment::program()).arg(format);
        watch.heard("a limit on the size of files", Outcome::of(command)).exits(1);
        watch.seen(&env);
    }
}
