//! Signing in and out with the `hf` command and `huggingface_hub`, in `tests/clients/accounts.py`.

use std::{collections::BTreeMap, process::Command};

use bearhug_localhub::{OrgRole, Plan, Publisher, RepoKind, RepoName, Resource, Seed, TokenSpec};

use super::python::{program, say, settle};
use crate::stage::Stage;

#[test]
fn people_and_workflows_sign_in() {
    let stage = Stage::new();
    let world = stage.hub.world();
    world.add_org("acme", Some(Plan::Team));
    assert!(world.set_role("acme", "alice", OrgRole::Admin));
    let seed = "[[users]]\nname = \"alice\"\n[[repos]]\nname = \"acme/llm\"\ncreator = \"alice\"\n";
    let seed = Seed::parse(seed).expect("a seed");
    stage.hub.plant(&seed).expect("a repository");
    world.add_publisher(Publisher {
        resource: Resource::Repo(RepoName::new(RepoKind::Model, "acme", "llm").expect("a name")),
        issuer: world.issuer_url(),
        claims: BTreeMap::from([("sub".to_owned(), "repo:acme/app:main".to_owned())]),
        read_only: false,
    });
    let token = |name| world.issue("alice", TokenSpec::write(name)).value;
    let mut command = Command::new(program("2.4.0", "python"));
    settle(&mut command, &stage);
    let said = say(command
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/accounts.py"))
        .arg(stage.folder("work"))
        .env("ALICE", token("laptop"))
        .env("LEAKED", token("leaked")));
    assert!(said.ends_with("ok with_a_leaked_token\n"), "{said}");
}
