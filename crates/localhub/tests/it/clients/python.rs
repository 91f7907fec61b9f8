//! `huggingface_hub` in four versions: what people do with it, in `tests/clients/hub.py`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::stage::Stage;

/// A program of the environment of one version. `./test` prepares one for each and says where they are.
pub(super) fn program(version: &str, name: &str) -> PathBuf {
    let environments = std::env::var_os("BEARHUG_TEST_HUB_CLIENTS").expect("run ./test once");
    Path::new(&environments).join(version).join("bin").join(name)
}

/// The settings of all its programs.
pub(super) fn settle(command: &mut Command, stage: &Stage) {
    command
        .env("HF_ENDPOINT", stage.hub.endpoint())
        .env("HF_HOME", stage.folder("home"))
        .env("HF_HUB_DISABLE_TELEMETRY", "1")
        .env("HF_HUB_DISABLE_PROGRESS_BARS", "1");
}

/// Runs a command, which shall succeed, and gives what it printed.
pub(super) fn say(command: &mut Command) -> String {
    let output = command.output().expect("Python");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{said}\n{complained}");
    said
}

/// Whether large files travel by Xet.
#[derive(Clone, Copy)]
enum Xet {
    /// The user does not want it.
    Disabled,
    /// The Hub does not offer it.
    Missing,
    Used,
}

/// Runs the script with one version.
fn run(version: &str, stage: &Stage, xet: Xet) {
    let mut command = Command::new(program(version, "python"));
    settle(&mut command, stage);
    command
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/hub.py"))
        .arg(stage.folder("work"))
        .env("ALICE", &stage.alice)
        .env("BOB", &stage.bob);
    match xet {
        Xet::Disabled => {
            command.env("HF_HUB_DISABLE_XET", "1");
        }
        Xet::Missing => {}
        Xet::Used => {
            command.env("XET", "1");
        }
    }
    let said = say(&mut command);
    assert!(said.ends_with("ok account\n"), "{said}");
}

#[test]
fn huggingface_hub_0_23_works() {
    run("0.23.5", &Stage::new(), Xet::Disabled);
}

#[test]
fn huggingface_hub_0_36_works() {
    run("0.36.2", &Stage::new(), Xet::Disabled);
}

#[test]
fn huggingface_hub_1_works() {
    run("1.0.1", &Stage::new(), Xet::Disabled);
}

#[test]
fn huggingface_hub_2_works() {
    run("2.4.0", &Stage::new(), Xet::Disabled);
}

/// Clients that know Xet go on without it where the Hub has none; the newest does not.
#[test]
fn huggingface_hub_goes_on_without_xet() {
    run("0.36.2", &Stage::new(), Xet::Missing);
}

#[test]
fn huggingface_hub_0_36_works_with_xet() {
    run("0.36.2", &Stage::with_xet(), Xet::Used);
}

#[test]
fn huggingface_hub_1_works_with_xet() {
    run("1.0.1", &Stage::with_xet(), Xet::Used);
}

#[test]
fn huggingface_hub_2_works_with_xet() {
    run("2.4.0", &Stage::with_xet(), Xet::Used);
}
