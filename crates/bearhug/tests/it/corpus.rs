//! The planted corpora, which share no code with the detector, judge what is found in them.

use std::path::{Path, PathBuf};

use crate::support::{Outcome, TestEnvironment, python};

/// What `plant.py` writes, and how much of it goes wrong today. More than that is a step back;
/// less is one forward, and then these numbers go down.
struct Bed {
    name: &'static str,
    missed: &'static str,
    /// Counter-examples that are taken for tokens.
    invented: &'static str,
}

/// 572 values in text, and 120 counter-examples. Missed are base64 in base64 in base64, and three
/// that a program joins from pieces too short to give them away.
const TEXT: Bed = Bed { name: "text", missed: "4", invented: "0" };

/// 404 values in containers, and 102 counter-examples. Missed are ORC, tables of `RocksDB`, PDFs with
/// an owner's password, subset fonts or UTF-16 in octal, packed addresses, and references in base64.
/// Invented is a token of two lines that a notebook keeps side by side.
const CONTAINERS: Bed = Bed { name: "containers", missed: "11", invented: "1" };

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus").join(name)
}

fn ask(env: &TestEnvironment, name: &str, arguments: &[&str]) -> Outcome {
    let mut command = env.command(python());
    command.arg("-B").arg(script(name)).args(arguments);
    Outcome::of(command)
}

/// Plants a bed, scans it and returns the verdict.
fn judged(bed: &Bed, seed: &str) -> Outcome {
    let env = TestEnvironment::new();
    ask(&env, "plant.py", &["corpus", "--bed", bed.name, "--seed", seed]).exits(0);
    let outcome = env.run(["scan", "corpus/cases", "--format", "jsonl"]).exits(3);
    env.write("findings.jsonl", outcome.out);
    let allowed = ["--allow-missed", bed.missed, "--allow-false", bed.invented];
    ask(&env, "judge.py", &[&["corpus", "findings.jsonl"], &allowed[..]].concat())
}

#[test]
fn no_more_is_missed_or_invented_than_is_known() {
    for seed in ["1", "2026"] {
        let verdict = judged(&TEXT, seed).exits(0);
        assert!(verdict.stdout().contains("passed"), "{verdict}");
    }
}

#[test]
fn no_more_is_missed_or_invented_in_containers_than_is_known() {
    let verdict = judged(&CONTAINERS, "1").exits(0);
    assert!(verdict.stdout().contains("passed"), "{verdict}");
}

#[test]
fn the_judge_is_awake() {
    let env = TestEnvironment::new();
    ask(&env, "plant.py", &["corpus"]).exits(0);
    env.write("findings.jsonl", "{\"schema\":\"bearhug.scan/1\"}\n");
    let allowed = ["corpus", "findings.jsonl", "--allow-missed", "300", "--allow-false", "0"];
    ask(&env, "judge.py", &allowed).exits(1);
}

/// A report in which a value was found by these steps, in a corpus that wants a layer and a file
/// below it to be named.
fn report(steps: &[&str]) -> TestEnvironment {
    let env = TestEnvironment::new();
    let entry = serde_json::json!({
        "case": "layer-token", "path": "cases/007-layer-token/image.tar", "expect": "found",
        "kind": "user_token", "value_sha": "fp_a", "group": "image", "origin": ["layer", "token"],
    });
    let sighting = serde_json::json!({
        "path": "corpus/cases/007-layer-token/image.tar", "origin": steps,
    });
    let finding = serde_json::json!({
        "schema": "bearhug.finding/1", "fingerprint": "fp_a", "kind": "user_token",
        "confidence": "high", "placeholder": false, "sightings": [sighting],
    });
    env.write("corpus/manifest.json", serde_json::json!([entry]).to_string());
    env.write("corpus/values.txt", "");
    env.write("findings.jsonl", format!("{finding}\n{{\"schema\":\"bearhug.scan/1\"}}\n"));
    env
}

#[test]
fn the_judge_follows_the_steps_to_a_value() {
    let file = "file:corpus/cases/007-layer-token/image.tar";
    let strict = ["corpus", "findings.jsonl", "--origins"];
    ask(&report(&[file, "docker:layer 3", "root/token"]), "judge.py", &strict).exits(0);
    for steps in [&[file][..], &[file, "root/token", "docker:layer 3"]] {
        let env = report(steps);
        ask(&env, "judge.py", &strict).exits(1);
        ask(&env, "judge.py", &strict[..2]).exits(0);
    }
}
