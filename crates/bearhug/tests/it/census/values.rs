//! The tokens at hand.

use bearhug_localhub::TokenSpec;
use serde_json::Value;

use super::stage::{Census, Stage};
use crate::support::{Outcome, fingerprint};

#[test]
fn tokens_at_hand_are_taken_in_and_their_end_is_noticed() {
    let stage = Stage::new();
    let token = stage.hub.world().issue("ada", TokenSpec::read("laptop"));
    let run = |more: &[&str]| {
        let arguments = [&["census", "--format", "json"], more].concat();
        Census::of(&stage.hub.run_as(&stage.env, &token.value, &arguments).exits(0))
    };
    let told = run(&[]);
    assert!(told.changes().is_empty(), "{told:?}");
    assert_eq!(told.0["not_in_ledger"][0]["account"], "ada");
    assert!(told.0["not_in_ledger"][0]["place"].as_str().unwrap().contains("HF_TOKEN"));

    let told = run(&["--adopt", "--dry-run"]);
    assert_eq!((told.changes().len(), &told.0["dry_run"]), (1, &Value::Bool(true)));
    assert!(stage.ledger().identities.is_empty());

    run(&["--adopt"]);
    let stored = stage.ledger();
    let identity = &stored.identities[0];
    assert_eq!(identity["versions"][0]["fingerprint"], fingerprint(&token.value));
    assert_eq!(identity["name"], "laptop");
    assert_eq!(identity["state"], "discovered");
    assert_eq!(identity["standing"]["verdict"], "active");
    assert_eq!(identity["standing"]["role"], "read");
    assert!(identity["assessment"]["risk"].as_u64().unwrap() > 0);

    let again = run(&[]);
    assert!(again.changes().is_empty(), "{again:?}");
    assert_eq!(again.0["unchanged"], 1);
    assert_eq!(stage.ledger(), stored, "nothing changed, and nothing is written");

    stage.kill(&token);
    let told = run(&[]);
    assert!(told.told(identity).contains("the Hub no longer knows it"), "{told:?}");
    let after = stage.ledger();
    assert_eq!(after.identities[0]["state"], "revoked");
    assert_eq!(after.identities[0]["standing"]["verdict"], "inactive");
    assert!(run(&[]).changes().is_empty());
    assert_eq!(stage.ledger(), after);
}

#[test]
fn what_clients_keep_is_asked_about_too() {
    let stage = Stage::new();
    let [one, two] =
        ["one", "two"].map(|name| stage.hub.world().issue("ada", TokenSpec::read(name)).value);
    let home = stage.env.root().join("home/.cache/huggingface");
    stage.env.write(home.join("token"), &one);
    stage.env.write(home.join("stored_tokens"), format!("[x]\nhf_token = {two}\n"));
    let arguments = ["census", "--adopt", "--format", "jsonl"];
    let outcome = stage.hub.run(&stage.env, &arguments).exits(0);
    let records = outcome.records();
    let names: Vec<_> = records.iter().filter_map(|record| record["name"].as_str()).collect();
    assert_eq!(names.len(), 2, "{outcome}");
    assert!(names.contains(&"one") && names.contains(&"two"), "{names:?}");
    let last = records.last().unwrap();
    assert_eq!((last["schema"].as_str(), &last["changes"]), (Some("bearhug.census/1"), &2.into()));
}

#[test]
fn a_person_reads_what_changed_and_what_is_new() {
    let stage = Stage::new();
    let words = stage.run(&["census"]).exits(0).stdout();
    for part in ["not in the ledger", "--adopt", "from: ", "0 identities changed"] {
        assert!(words.contains(part), "{part}\n{words}");
    }
    let words = stage.run(&["census", "--adopt"]).exits(0).stdout();
    for part in ["administration", "new in the ledger", "1 identity changed"] {
        assert!(words.contains(part), "{part}\n{words}");
    }
    let nothing = stage.hub.run(&stage.env, &["census"]);
    let garbage = stage.hub.run_as(&stage.env, "garbage", &["census"]);
    for outcome in [nothing.exits(4), garbage.exits(4)] {
        assert!(outcome.stderr().contains("hint: log in"), "{outcome}");
    }
    let mut command = stage.hub.bearhug(&stage.env, &["census", "--format", "json"]);
    command.env("HF_TOKEN", &stage.admin.value).env("HUGGING_FACE_HUB_TOKEN", &stage.admin.value);
    assert_eq!(Census::of(&Outcome::of(command).exits(0)).0["unchanged"], 1);
}
