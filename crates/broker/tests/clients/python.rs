//! `huggingface_hub` in four versions.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::stage::{Stage, say};

/// A program of the environment of one version. `./test` prepares one for each and says where they are.
pub(crate) fn program(version: &str, name: &str) -> PathBuf {
    let environments = std::env::var_os("BEARHUG_TEST_HUB_CLIENTS").expect("run ./test once");
    Path::new(&environments).join(version).join("bin").join(name)
}

fn run(version: &str, stage: &Stage, has_xet: bool) {
    let mut command = Command::new(program(version, "python"));
    stage.settle(&mut command);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../localhub/tests/clients/hub.py");
    command.arg("-B").arg(script).arg(stage.folder("work"));
    if has_xet {
        command.env("XET", "1");
    } else {
        command.env("HF_HUB_DISABLE_XET", "1");
    }
    let said = say(&mut command);
    assert!(said.ends_with("ok account\n"), "{said}");
    stage.assert_is_sound();
}

#[test]
fn huggingface_hub_0_23_works() {
    run("0.23.5", &Stage::new(), false);
}

#[test]
fn huggingface_hub_0_36_works() {
    run("0.36.2", &Stage::new(), false);
}

#[test]
fn huggingface_hub_1_works() {
    run("1.0.1", &Stage::new(), false);
}

#[test]
fn huggingface_hub_2_works() {
    run("2.4.0", &Stage::new(), false);
}

#[test]
fn huggingface_hub_0_36_works_with_xet() {
    run("0.36.2", &Stage::with_xet(), true);
}

#[test]
fn huggingface_hub_1_works_with_xet() {
    run("1.0.1", &Stage::with_xet(), true);
}

#[test]
fn huggingface_hub_2_works_with_xet() {
    run("2.4.0", &Stage::with_xet(), true);
}
