//! Censuses as people and programs read them.

use bearhug_core::{
    Fingerprint, Kind,
    event::EventKind,
    identity::{IdentityId, Version},
    lifecycle::{Author, Discovery},
};
use serde_json::Value;

use super::*;
use crate::text::thousands;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn identity(name: &str) -> Identity {
    let fingerprint = Some(Fingerprint::of(name));
    let version = Version { fingerprint, hub_id: None, last4: None, since: NOW, until: None };
    let id = IdentityId::of_token(Fingerprint::of(name));
    let found = Discovery { id, name: name.to_owned(), kind: Kind::UserToken, version };
    Identity::discover(found, &Author { name: "ada@host".to_owned() }, NOW).0
}

fn event(kind: EventKind, details: &[(&str, &str)]) -> Happening {
    let details = details.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let actor = "ada@host".to_owned();
    Happening { at: NOW, kind, actor, identity: None, details: details.collect() }
}

fn census(changes: usize) -> Census {
    let events = || {
        vec![
            event(EventKind::Drifted, &[("last_used", "nothing → now"), ("lost", "read:acme/x")]),
            event(
                EventKind::Moved,
                &[("from", "active"), ("to", "revoked"), ("why", "it is dead")],
            ),
            event(EventKind::Condition, &[("cleared", "dormant"), ("why", "it was used again")]),
            event(EventKind::Versioned, &[("token", "…Zk9q"), ("replaces", "…Ab3x")]),
            event(EventKind::Judged, &[("breaks", "owner-required")]),
        ]
    };
    let id = identity("other").id;
    Census {
        endpoint: "http://hub".to_owned(),
        at: NOW,
        is_plan: false,
        interrupted: false,
        answered: vec![("the tokens of acme".to_owned(), 3)],
        gaps: vec![Gap { what: "the members of acme".to_owned(), why: "no.".to_owned() }],
        changes: (0..changes)
            .map(|n| {
                Change::new(&identity(&format!("ci {}\x1b[2J", thousands(n as u64))), events())
            })
            .collect(),
        unchanged: 7,
        strangers: vec![Stranger {
            token: "…Ab3x".to_owned(),
            place: "listed by acme".to_owned(),
            account: Some("bob".to_owned()),
            role: None,
        }],
        doubts: vec![Doubt {
            token: "…Ab3x".to_owned(),
            organisation: "acme".to_owned(),
            candidates: vec![id],
            why: "they end the same".to_owned(),
        }],
        left: vec![Left {
            account: "carol".to_owned(),
            organisation: "acme".to_owned(),
            owner: Some("carol-d".to_owned()),
            identities: 2,
        }],
        reassessed: 4,
    }
}

fn rendered(census: &Census, format: Format) -> String {
    let mut out = Vec::new();
    census.render(format, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_person_reads_first_what_somebody_could_do() {
    let text = rendered(&census(1), Format::Human);
    let expected = "\
! lost: read:acme/x
          last used: nothing → now
        ! now revoked: it is dead
          no longer dormant: it was used again
        ! new token …Zk9q in place of …Ab3x
        ! breaks: owner-required
";
    assert!(text.contains(expected), "{text}");
    for part in [
        "1 token not in the ledger; `--adopt` takes them in:",
        "…Ab3x of `acme` may be id_",
        "`carol` is no longer in `acme`; 2 identities speak for it.",
        "bearhug owner offboard carol-d",
        "the members of acme: no.\n",
        "the tokens of acme (3)",
        "1 identity changed, 7 as they were, 4 weighed anew.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains('\x1b'), "{text:?}");
}

#[test]
fn of_what_is_new_little_is_said() {
    let events = vec![
        event(EventKind::Discovered, &[("name", "ci")]),
        event(
            EventKind::Drifted,
            &[
                ("account", "nothing → bob"),
                ("role", "nothing → write"),
                ("issued", "nothing → now"),
            ],
        ),
        event(EventKind::Judged, &[("breaks", "owner-required")]),
    ];
    let mut census = census(0);
    census.changes.push(Change::new(&identity("ci"), events));
    let text = rendered(&census, Format::Human);
    let expected =
        "  new in the ledger; speaks for bob; role write\n        ! breaks: owner-required\n";
    assert!(text.contains(expected), "{text}");
    assert!(!text.contains("issued"), "{text}");
}

#[test]
fn many_changes_are_counted_and_all_are_there_for_programs() {
    let census = census(50);
    assert!(rendered(&census, Format::Human).contains("… and 30 more"));
    let json: Value = serde_json::from_str(&rendered(&census, Format::Json)).unwrap();
    assert_eq!(json["schema"], "bearhug.census/1");
    assert_eq!(json["changes"].as_array().unwrap().len(), 50);
    assert_eq!(json["changes"][0]["events"][1]["details"]["to"], "revoked");
    assert_eq!(json["left"][0]["owner"], "carol-d");
    let lines = rendered(&census, Format::Jsonl);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[50]["changes"]), (51, &50.into()));
    assert_eq!(lines[0]["schema"], "bearhug.census-change/1");
}
