//! `@huggingface/hub`: what people do with it, in `tests/clients/hub.mjs`.

use std::process::Command;

use super::python::say;
use crate::stage::Stage;

/// Runs the script. `./test` installs the package and says where.
fn run(stage: &Stage, xet: &str) {
    let packages = std::env::var_os("BEARHUG_TEST_JS_CLIENT").expect("run ./test once");
    let said = say(Command::new("node")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/hub.mjs"))
        .arg(stage.folder("work"))
        .env("HF_ENDPOINT", stage.hub.endpoint())
        .env("PACKAGES", packages)
        .env("ALICE", &stage.alice)
        .env("BOB", &stage.bob)
        .env("XET", xet));
    assert!(said.ends_with("ok changes\n"), "{said}");
}

#[test]
fn the_javascript_client_works() {
    run(&Stage::new(), "0");
}

#[test]
fn the_javascript_client_works_with_xet() {
    run(&Stage::with_xet(), "1");
}
