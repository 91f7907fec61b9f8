//! The `hf-hub` crate: what people do with it, in `tests/clients/rust`.
//!
//! It is a program of its own, outside of the workspace, because it brings other versions of libraries
//! that the workspace has. It sends large files by Xet and in no other way.

use std::process::Command;

use super::python::say;
use crate::stage::Stage;

#[test]
fn the_rust_client_works() {
    let stage = Stage::with_xet();
    let program = std::env::var_os("BEARHUG_TEST_RUST_CLIENT").expect("run ./test once");
    let said = say(Command::new(program)
        .arg(stage.folder("work"))
        .env("HF_ENDPOINT", stage.hub.endpoint())
        .env("HF_HOME", stage.folder("home"))
        .env("ALICE", &stage.alice)
        .env("BOB", &stage.bob));
    assert!(said.ends_with("ok changes\n"), "{said}");
}
