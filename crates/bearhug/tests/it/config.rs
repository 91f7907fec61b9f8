//! What bearhug takes its settings from, and what it does not believe.

mod allowing;
mod hostile;
mod layers;
mod mistakes;

use std::fs;

use serde_json::Value;

use crate::support::{Outcome, TestEnvironment};

/// A repository whose `bearhug.toml` says this.
fn repository(text: &str) -> TestEnvironment {
    let env = TestEnvironment::new();
    env.git(["init", "-q"]);
    env.write("bearhug.toml", text);
    env
}

/// Writes the user's own file.
fn write_own(env: &TestEnvironment, text: &str) {
    let folder = env.root().join("home/.config/bearhug");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), text).unwrap();
}

/// What `config show` says of a key: the value and where it comes from.
fn setting(env: &TestEnvironment, key: &str) -> (Value, String) {
    setting_of(env.run(["config", "show", "--format", "json"]), key)
}

fn setting_of(shown: Outcome, key: &str) -> (Value, String) {
    let shown: Value = serde_json::from_str(&shown.exits(0).stdout()).unwrap();
    assert_eq!(shown["schema"], "bearhug.config/1");
    let settings = shown["settings"].as_array().unwrap();
    let setting = settings.iter().find(|setting| setting["key"] == key).unwrap();
    (setting["value"].clone(), setting["origin"].as_str().unwrap().to_owned())
}
