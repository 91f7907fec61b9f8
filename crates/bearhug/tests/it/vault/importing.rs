//! `bearhug vault import`, of what the real clients wrote.

use std::fs;

use bearhug_localhub::TokenSpec;

use super::*;
use crate::support::{Forge, fingerprint, hub_client};

/// Logs in with the real `hf`.
fn log_in(env: &TestEnvironment, hub: &LocalHub, token: &str) {
    let mut command = env.command(hub_client("2.4.0", "hf"));
    command.args(["auth", "login", "--token", token]).env("HF_ENDPOINT", hub.endpoint());
    Outcome::of(command).exits(0);
}

#[test]
fn logins_are_taken_over_by_name_and_their_files_are_rid_of_them() {
    let (env, hub) = (TestEnvironment::new(), LocalHub::start());
    let [one, two] = ["one", "two"].map(|name| hub.token(TokenSpec::read(name)));
    log_in(&env, &hub, &one);
    log_in(&env, &hub, &two);
    let folder = env.root().join("home/.cache/huggingface");
    let before = fs::read_to_string(folder.join("stored_tokens")).unwrap();
    let import = ["vault", "import", "--key", "file:key"];
    let said = env.run(import).exits(0).stderr();
    assert!(said.contains("`--replace` removes them"), "{said}");
    assert_eq!(fs::read_to_string(folder.join("stored_tokens")).unwrap(), before);
    let names: Vec<_> = listed(&env).iter().map(|entry| entry["name"].clone()).collect();
    assert_eq!(names, ["one", "two"]);
    let said = env.run(["vault", "import", "--replace"]).exits(0).stderr();
    assert!(said.contains("one: ") && said.contains("is there already"), "{said}");
    assert!(said.contains("bearhug run"), "{said}");
    assert!(!folder.join("token").exists() && !folder.join("stored_tokens").exists());
    check(&env, &hub).exits(0);
    let mut whoami = env.command(hub_client("2.4.0", "hf"));
    whoami.args(["auth", "whoami"]).env("HF_ENDPOINT", hub.endpoint());
    let whoami = Outcome::of(whoami);
    assert!(format!("{whoami}").contains("Not logged in"), "{whoami}");
    assert!(env.run(["vault", "import"]).exits(4).stderr().contains("no token is kept"));
}

#[test]
fn what_is_no_token_stays_in_the_file_and_names_that_are_taken_are_numbered() {
    let env = TestEnvironment::new();
    let mut forge = Forge::new(73);
    let [other, token] = [(); 2].map(|()| forge.token());
    add(&env, "my-ci", &other).exits(0);
    let folder = env.root().join("home/.cache/huggingface");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("stored_tokens");
    fs::write(&path, format!("[my ci]\nhf_token = {token}\n[empty]\nnote = x\n")).unwrap();
    let twin = env.path("twin");
    // A second name for the bytes on the disk shows that they are overwritten.
    fs::hard_link(&path, &twin).unwrap();
    env.run(["vault", "import", "--replace"]).exits(0);
    assert_eq!(fs::read_to_string(&path).unwrap(), "[empty]\nnote = x\n");
    assert!(fs::read(&twin).unwrap().iter().all(|byte| *byte == 0));
    let entries = listed(&env);
    assert_eq!(entries[1]["name"], "my-ci-2");
    assert_eq!(entries[1]["fingerprint"], fingerprint(&token));
}
