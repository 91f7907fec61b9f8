//! The `hf-hub` crate.

use std::process::Command;

use crate::stage::{Stage, say};

#[test]
fn the_rust_client_works() {
    let stage = Stage::with_xet();
    let program = std::env::var_os("BEARHUG_TEST_RUST_CLIENT").expect("run ./test once");
    let mut command = Command::new(program);
    stage.settle(&mut command);
    let said = say(command.arg(stage.folder("work")));
    assert!(said.ends_with("ok changes\n"), "{said}");
    stage.assert_is_sound();
}
