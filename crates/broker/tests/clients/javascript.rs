//! `@huggingface/hub`.

use std::process::Command;

use crate::stage::{Stage, say};

fn run(stage: &Stage, xet: &str) {
    let packages = std::env::var_os("BEARHUG_TEST_JS_CLIENT").expect("run ./test once");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../localhub/tests/clients/hub.mjs");
    let mut command = Command::new("node");
    stage.settle(&mut command);
    command.arg(script).arg(stage.folder("work")).env("PACKAGES", packages).env("XET", xet);
    // What looks like a token is not asked about: it has no business here.
    let said = say(command.env("STRANGER", "403"));
    assert!(said.ends_with("ok changes\n"), "{said}");
    stage.assert_is_sound();
}

#[test]
fn the_javascript_client_works() {
    run(&Stage::new(), "0");
}

#[test]
fn the_javascript_client_works_with_xet() {
    run(&Stage::with_xet(), "1");
}
