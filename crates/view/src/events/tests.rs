//! Events of every kind, held to what each format is.

use std::{
    env,
    io::Write as _,
    process::{Command, Stdio},
};

use bearhug_core::{
    Fingerprint,
    chain::FaultKind,
    event::{Event, EventKind, Happening},
    identity::IdentityId,
};
use serde_json::{Value, json};

use super::{Export, Listing};
use crate::Options;

const EXPORTS: [Export; 3] = [Export::Jsonl, Export::Ocsf, Export::CloudEvents];

fn identity() -> IdentityId {
    IdentityId::of_token(Fingerprint::of("sample"))
}

fn event(seq: u64, kind: EventKind, details: &[(&str, &str)]) -> Event {
    let is_of_one = !matches!(kind, EventKind::Scanned | EventKind::Census | EventKind::Owner);
    let happening = Happening {
        at: "2026-11-24T15:04:05.678901Z".parse().unwrap(),
        kind,
        actor: "ada@build-7".to_owned(),
        identity: is_of_one.then(identity),
        details: details.iter().map(|&(k, v)| (k.to_owned(), v.to_owned())).collect(),
    };
    Event { seq, happening, hash: [7; 32] }
}

/// Every kind without particulars, and with all that change what it means.
fn all() -> Vec<Event> {
    let plain = EventKind::ALL.iter().map(|kind| (kind.clone(), Vec::new()));
    let told = [
        (EventKind::named("moon.phase"), vec![("scope", "read")]),
        (EventKind::Adopted, vec![("from", "discovered"), ("to", "adopted"), ("owner", "ada")]),
        (EventKind::Moved, vec![("from", "adopted"), ("to", "active"), ("why", "it works")]),
        (EventKind::Moved, vec![("to", "rotating")]),
        (EventKind::Moved, vec![("to", "revoked")]),
        (EventKind::Moved, vec![("to", "retired")]),
        (EventKind::Condition, vec![("set", "compromised"), ("why", "it was on a forum")]),
        (EventKind::Condition, vec![("set", "dormant")]),
        (EventKind::Condition, vec![("cleared", "dormant")]),
        (EventKind::Versioned, vec![("token", "fp_b"), ("replaces", "fp_a")]),
        (EventKind::Sighted, vec![("places", "2"), ("where", "repo › file:a.env")]),
        (EventKind::Judged, vec![("breaks", "max-age, owner"), ("keeps", "storage")]),
        (EventKind::Judged, vec![("keeps", "storage")]),
        (EventKind::Waived, vec![("rule", "max-age"), ("why", "until the release")]),
        (EventKind::Owner, vec![("owner", "ada"), ("why", "she left")]),
        (EventKind::Scanned, vec![("tokens", "12"), ("sources", "1")]),
        (EventKind::Scanned, vec![("tokens", "many")]),
    ];
    (1..).zip(plain.chain(told)).map(|(seq, (kind, told))| event(seq, kind, &told)).collect()
}

fn written(export: Export, events: &[Event]) -> String {
    let mut out = Vec::new();
    for event in events {
        export.write(event, &mut out).unwrap();
    }
    String::from_utf8(out).unwrap()
}

fn parsed(export: Export, event: &Event) -> Value {
    serde_json::from_str(&written(export, std::slice::from_ref(event))).unwrap()
}

/// How many events a program in Python reads, which must find each well formed.
fn read_by_python(format: &str, text: &str) -> String {
    let python = env::var_os("BEARHUG_TEST_PYTHON").unwrap_or_else(|| {
        panic!("Run ./test, or: BEARHUG_TEST_PYTHON=$PWD/target/test-venv/bin/python cargo test")
    });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/oracles/events.py");
    let mut python = Command::new(python)
        .args(["-B", script, format])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn the_published_schema_of_ocsf_accepts_every_kind() {
    let events = all();
    let read = read_by_python("ocsf", &written(Export::Ocsf, &events));
    assert_eq!(read, events.len().to_string());
}

#[test]
fn the_sdk_of_cloudevents_reads_every_kind() {
    let events = all();
    let read = read_by_python("cloudevents", &written(Export::CloudEvents, &events));
    assert_eq!(read, events.len().to_string());
}

#[test]
fn an_event_has_the_documented_shape() {
    let moved = event(12, EventKind::Moved, &[("from", "active"), ("to", "revoked")]);
    let expected = json!({
        "schema": "bearhug.event/1", "seq": 12, "at": "2026-11-24T15:04:05.678901Z",
        "kind": "identity.moved", "actor": "ada@build-7", "identity": identity().to_string(),
        "details": {"from": "active", "to": "revoked"}, "hash": "07".repeat(32),
    });
    assert_eq!(parsed(Export::Jsonl, &moved), expected);
    let envelope = parsed(Export::CloudEvents, &moved);
    assert_eq!(envelope["data"], expected);
    assert_eq!(envelope["sequence"], "00000000000000000012");
    let record = parsed(Export::Ocsf, &moved);
    assert_eq!(
        (&record["type_uid"], &record["activity_name"]),
        (&json!(300_409), &json!("Disable"))
    );
    assert_eq!(record["time"], 1_795_532_645_678_i64);
    assert_eq!(record["unmapped"]["details"], expected["details"]);
}

#[test]
fn each_kind_has_the_class_that_is_documented() {
    let class = |kind: &EventKind, details: &[_]| {
        parsed(Export::Ocsf, &event(1, kind.clone(), details))["type_uid"].clone()
    };
    for (kind, details, expected) in [
        (EventKind::Discovered, &[][..], 300_401),
        (EventKind::Adopted, &[], 300_406),
        (EventKind::Moved, &[("to", "active")], 300_408),
        (EventKind::Moved, &[("to", "retired")], 300_404),
        (EventKind::Attested, &[], 300_499),
        (EventKind::Sighted, &[], 200_401),
        (EventKind::Cleared, &[], 200_403),
        (EventKind::Condition, &[("set", "compromised")], 200_401),
        (EventKind::Condition, &[("cleared", "compromised")], 200_403),
        (EventKind::Judged, &[("breaks", "max-age")], 200_301),
        (EventKind::Judged, &[("keeps", "max-age")], 200_302),
        (EventKind::Scanned, &[], 600_702),
        (EventKind::Census, &[], 600_302),
        (EventKind::named("moon.phase"), &[], 300_499),
    ] {
        assert_eq!(class(&kind, details), expected, "{kind:?} {details:?}");
    }
}

#[test]
fn no_event_loses_its_particulars_in_an_export() {
    for export in EXPORTS {
        for event in all() {
            let text = written(export, std::slice::from_ref(&event));
            assert_eq!(text.lines().count(), 1);
            for value in event.happening.details.values().chain([&event.happening.actor]) {
                assert!(text.contains(value.as_str()), "{export:?}: {value} in {text}");
            }
        }
    }
}

#[test]
fn what_hostile_names_do_is_harmless() {
    let evil = "\u{1b}[2J\u{202e}\u{2028}\n";
    let mut hostile = event(1, EventKind::Moved, &[(evil, evil), ("why", evil)]);
    hostile.happening.actor = evil.to_owned();
    let acts = |text: &str| text.contains(['\u{1b}', '\u{202e}', '\u{2028}']);
    for export in EXPORTS {
        let text = written(export, std::slice::from_ref(&hostile));
        assert!(!acts(&text) && text.lines().count() == 1, "{text}");
        let back: Value = serde_json::from_str(&text).unwrap();
        assert!(back.to_string().contains("2J"));
    }
    let listing = Listing { events: vec![hostile], next: Some(evil.to_owned()) };
    let mut page = Vec::new();
    listing.render(&Options::default(), &mut page).unwrap();
    assert!(!acts(&String::from_utf8(page).unwrap()));
}

#[test]
fn a_person_reads_who_did_what_when_and_why() {
    let moved = event(1_234, EventKind::Moved, &[("to", "revoked"), ("why", "it leaked")]);
    let listing = Listing { events: vec![moved], next: Some("n".to_owned()) };
    let mut page = Vec::new();
    listing.render(&Options::default(), &mut page).unwrap();
    let expected = format!(
        "  1,234  2026-11-24 15:04:05Z  identity.moved  {}\n        \
         by ada@build-7; to: revoked; why: it leaked\n\n  more: --after n\n",
        identity().short()
    );
    assert_eq!(String::from_utf8(page).unwrap(), expected);
    let mut page = Vec::new();
    Listing { events: Vec::new(), next: None }.render(&Options::default(), &mut page).unwrap();
    assert_eq!(page, b"No events.\n");
}

#[test]
fn a_list_fits_the_terminal() {
    let long =
        [("token", "fp_u4jntf2hzectka5mrwfuoqidmi"), ("why", "it was on a forum, and two more")];
    let mut events: Vec<_> =
        EventKind::ALL.iter().map(|kind| event(1_234_567, kind.clone(), &long)).collect();
    for event in &mut events {
        event.happening.actor = "a-long-name@a-longer-name".to_owned();
    }
    let mut page = Vec::new();
    let options = Options { width: Some(80), ..Options::default() };
    Listing { events, next: None }.render(&options, &mut page).unwrap();
    let page = String::from_utf8(page).unwrap();
    assert!(page.lines().all(|line| line.chars().count() <= 80), "{page}");
}

/// The first column of a table in the documentation, by the title of that column.
fn documented(title: &str) -> Vec<String> {
    let page = include_str!("../../../../docs/events.md");
    let rows = page.lines().skip_while(|line| !line.starts_with(&format!("| {title} | ")));
    let cells = rows.skip(2).map_while(|line| line.strip_prefix("| `")?.split('`').next());
    cells.map(str::to_owned).collect()
}

#[test]
fn the_documentation_names_every_kind_and_every_fault() {
    let kinds: Vec<_> = EventKind::ALL.iter().map(EventKind::name).collect();
    assert_eq!(documented("kind"), kinds);
    assert_eq!(documented("fault"), FaultKind::ALL.map(FaultKind::name));
    let Value::Object(fields) = parsed(Export::Jsonl, &all()[0]) else { panic!("no object") };
    let fields: std::collections::BTreeSet<_> =
        fields.keys().filter(|key| *key != "schema").collect();
    assert_eq!(fields, documented("field").iter().collect());
}
