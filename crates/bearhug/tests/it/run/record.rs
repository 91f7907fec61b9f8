//! What a command did is in the ledger.

use bearhug_localhub::RepoKind;

use super::Lender;
use crate::support::Outcome;

fn ask(lender: &Lender, path: &str) {
    let script = format!(
        "curl -s -o /dev/null -H \"Authorization: Bearer $HF_TOKEN\" $HF_ENDPOINT/api/models/{path}"
    );
    Outcome::of(lender.run(&["--quiet", "--", "sh", "-c", &script])).exits(0);
}

#[test]
fn every_request_is_an_event_of_the_tokens_identity() {
    let lender = Lender::new();
    lender.hub.repository(RepoKind::Model, "ada/model", true);
    let add = lender.hub.run_as(&lender.env, &lender.token, &["token", "add", "--env", "HF_TOKEN"]);
    add.exits(0);
    ask(&lender, "ada/model");
    ask(&lender, "ada/model/jwt");
    let events = lender.env.run(["event", "list", "--format", "jsonl"]).exits(0).records();
    let of = |kind: &str| {
        let found = events.iter().filter(|event| event["kind"] == kind);
        found.cloned().collect::<Vec<_>>()
    };
    assert_eq!(of("lease.issued").len(), 2);
    let (allowed, denied) = (of("request.allowed"), of("request.denied"));
    assert_eq!((allowed.len(), denied.len()), (1, 1), "{events:?}");
    assert_eq!(allowed[0]["details"]["needs"], "read:ada/model");
    assert_eq!(allowed[0]["details"]["status"], "200");
    assert_eq!(allowed[0]["details"]["ended"], "complete");
    assert_eq!(allowed[0]["actor"], "sh");
    assert!(allowed[0]["identity"].is_string(), "{allowed:?}");
    lender.env.run(["event", "verify"]).exits(0);
    // What is in the ledger is in no file beside it.
    let journals = lender.env.root().join("home/.local/state/bearhug/journals");
    assert_eq!(std::fs::read_dir(journals).unwrap().count(), 0);
}

#[test]
fn without_a_ledger_what_was_done_is_in_a_file() {
    let lender = Lender::new();
    ask(&lender, "ada/nothing");
    let journals = lender.env.root().join("home/.local/state/bearhug/journals");
    let files: Vec<_> = std::fs::read_dir(journals).unwrap().collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(files[0].as_ref().unwrap().path()).unwrap();
    let records: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 2, "{text}");
    assert_eq!((&records[0]["record"], &records[1]["status"]), (&"decision".into(), &404.into()));
}
