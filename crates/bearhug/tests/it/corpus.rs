//! The planted corpus, which shares no code with the detector, judges what is found in it.

use std::path::{Path, PathBuf};

use crate::support::{Outcome, TestEnvironment, python};

/// How many of 572 planted values are missed today: base64 in base64 in base64, and three that a
/// program joins from pieces too short to give them away. More than that is a step back; fewer is
/// one forward, and then this number goes down.
const MISSED: &str = "4";

/// How many of 120 counter-examples are taken for tokens.
const FALSE: &str = "0";

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").join(name)
}

fn ask(env: &TestEnvironment, name: &str, arguments: &[&str]) -> Outcome {
    let mut command = env.command(python());
    command.arg("-B").arg(script(name)).args(arguments);
    Outcome::of(command)
}

fn judged(seed: &str, arguments: &[&str]) -> Outcome {
    let env = TestEnvironment::new();
    ask(&env, "plant.py", &["corpus", "--seed", seed]).exits(0);
    let outcome = env.run(["scan", "corpus/cases", "--format", "jsonl"]).exits(3);
    env.write("findings.jsonl", outcome.out);
    ask(&env, "judge.py", &[&["corpus", "findings.jsonl"], arguments].concat())
}

#[test]
fn no_more_is_missed_or_invented_than_is_known() {
    for seed in ["1", "2026"] {
        let verdict = judged(seed, &["--allow-missed", MISSED, "--allow-false", FALSE]).exits(0);
        assert!(verdict.stdout().contains("passed"), "{verdict}");
    }
}

#[test]
fn the_judge_is_awake() {
    let env = TestEnvironment::new();
    ask(&env, "plant.py", &["corpus"]).exits(0);
    env.write("findings.jsonl", "{\"schema\":\"bearhug.scan/1\"}\n");
    let allowed = ["corpus", "findings.jsonl", "--allow-missed", "300", "--allow-false", "0"];
    ask(&env, "judge.py", &allowed).exits(1);
}
