//! `huggingface_hub` in four versions: what people do with it, in `tests/clients/hub.py`.

use std::process::Command;

use crate::stage::Stage;

/// Runs the script with one version. `./test` prepares an environment for each and says where they are.
fn run(version: &str) {
    let stage = Stage::new();
    let environments = std::env::var_os("BEARHUG_TEST_HUB_CLIENTS").expect("run ./test once");
    let python = std::path::Path::new(&environments).join(version).join("bin/python");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/hub.py");
    let output = Command::new(python)
        .arg(script)
        .arg(stage.folder("work"))
        .env("HF_ENDPOINT", stage.hub.endpoint())
        .env("HF_HOME", stage.folder("home"))
        .env("HF_HUB_DISABLE_XET", "1")
        .env("HF_HUB_DISABLE_TELEMETRY", "1")
        .env("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        .env("ALICE", &stage.alice)
        .env("BOB", &stage.bob)
        .output()
        .expect("Python");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{version}\n{said}\n{complained}");
}

#[test]
fn huggingface_hub_0_23_works() {
    run("0.23.5");
}

#[test]
fn huggingface_hub_0_36_works() {
    run("0.36.2");
}

#[test]
fn huggingface_hub_1_works() {
    run("1.0.1");
}

#[test]
fn huggingface_hub_2_works() {
    run("2.4.0");
}
