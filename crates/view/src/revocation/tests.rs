//! A proof as people and programs read it.

use std::time::Duration;

use bearhug_core::{
    Fingerprint, Kind,
    revocation::{Check, Ending, Namesake, Outcome, Standing},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Proof;
use crate::{Options, Wording};

fn ending(outcome: Outcome) -> Ending {
    Ending {
        fingerprint: Fingerprint::of("sample"),
        kind: Kind::UserToken,
        redacted: "hf_…Ab3x".to_owned(),
        outcome,
        before: None,
        revoked_by: None,
        after: None,
        proved_within: None,
        namesakes: Vec::new(),
    }
}

fn check(standing: Standing, account: Option<&str>, id: &str) -> Check {
    Check { standing, account: account.map(str::to_owned), request_id: Some(id.to_owned()) }
}

fn proof(endings: Vec<Ending>) -> Proof {
    Proof {
        endpoint: "https://huggingface.co".to_owned(),
        started: Timestamp::UNIX_EPOCH,
        organisation: None,
        is_plan: false,
        interrupted: false,
        endings,
    }
}

fn dead() -> Ending {
    Ending {
        before: Some(check(Standing::Alive, Some("alice"), "one")),
        revoked_by: Some("two".to_owned()),
        after: Some(check(Standing::Unknown, None, "three")),
        proved_within: Some(Duration::from_micros(38_200)),
        ..ending(Outcome::Revoked)
    }
}

fn rendered(proof: &Proof, wording: Wording) -> String {
    let mut out = Vec::new();
    proof.render(wording, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_death_has_the_documented_shape() {
    let json: Value = serde_json::from_str(&rendered(&proof(vec![dead()]), Wording::Json)).unwrap();
    let token = json!({
        "schema": "bearhug.ending/1",
        "fingerprint": Fingerprint::of("sample").to_string(),
        "kind": "user_token", "redacted": "hf_…Ab3x", "outcome": "revoked", "reason": null,
        "before": {"standing": "alive", "reason": null, "account": "alice", "request_id": "one"},
        "revocation_request_id": "two",
        "after": {"standing": "unknown_to_the_hub", "reason": null, "account": null, "request_id": "three"},
        "milliseconds_to_dead": 39, "candidates": [],
    });
    assert_eq!(json["tokens"][0], token);
    let head =
        json!([json["schema"], json["revoked"], json["not_sent"], json["slowest_milliseconds"]]);
    assert_eq!(head, json!(["bearhug.revocation/1", 1, 0, 39]));
    let lines = rendered(&proof(vec![dead(), dead()]), Wording::Jsonl);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0], &lines[2]["tokens"]), (&token, &json!(2)));
}

#[test]
fn a_person_reads_the_proof_and_what_lives_on() {
    let text = rendered(&proof(vec![dead()]), Wording::Human);
    assert!(text.starts_with("hf_…Ab3x  user access token  revoked  fp_"), "{text}");
    for part in [
        "  was:  alive, alice's\n",
        "  now:  dead: the Hub does not know it, no later than 38 ms after the revocation\n",
        "  ids:  asked    one\n        revoked  two\n        asked    three\n",
        "1 of 1 token out of use",
        "Xet tokens",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn failures_are_never_among_what_is_left_out() {
    let mut endings = vec![ending(Outcome::StillAlive)];
    endings.extend((0..50).map(|_| dead()));
    endings.push(ending(Outcome::Unproven("no answer".to_owned())));
    let text = rendered(&proof(endings), Wording::Human);
    assert!(text.contains("… and 30 more"), "{text}");
    assert!(text.contains("STILL ALIVE") && text.contains("no answer."), "{text}");
    assert!(text.contains("50 of 52 tokens out of use"), "{text}");
}

#[test]
fn what_a_hostile_hub_sends_is_harmless() {
    let evil = "\u{1b}[2J\u{202e}";
    let mut hostile = dead();
    hostile.before = Some(check(Standing::Alive, Some(evil), evil));
    hostile.revoked_by = Some(evil.to_owned());
    hostile.namesakes = vec![Namesake {
        id: evil.to_owned(),
        owner: Some(evil.to_owned()),
        display_name: Some(evil.to_owned()),
        created_at: None,
        last_used_at: None,
    }];
    hostile.outcome = Outcome::NotSent(evil.to_owned());
    for wording in [Wording::Human, Wording::Json, Wording::Jsonl] {
        let text = rendered(&proof(vec![hostile.clone()]), wording);
        assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
    }
}

#[test]
fn a_plan_says_that_nothing_was_done() {
    let plan = Proof { is_plan: true, ..proof(vec![ending(Outcome::Planned)]) };
    let text = rendered(&plan, Wording::Human);
    assert!(text.contains("1 token would be revoked at https://huggingface.co. Nothing was done."));
}
