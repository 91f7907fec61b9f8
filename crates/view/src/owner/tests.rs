//! Owners as every format writes them.

use std::collections::BTreeSet;

use bearhug_core::{
    Fingerprint, Kind,
    identity::{IdentityId, Version},
    lifecycle::{Author, Discovery},
    owner::OwnerKind,
};
use jiff::SignedDuration;
use serde_json::Value;

use super::*;

const EVIL: &str = "\u{1b}[2J\u{202e}";

fn now() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn owner(name: &str) -> Owner {
    Owner {
        name: name.to_owned(),
        revision: 1,
        kind: OwnerKind::Person,
        email: Some(format!("{name}@example.org")),
        aliases: BTreeSet::from([format!("{name}-hub")]),
        left_at: None,
    }
}

fn identity(name: &str, owner: &str) -> Identity {
    let fingerprint = Fingerprint::of(name);
    let version = Version {
        fingerprint: Some(fingerprint),
        hub_id: None,
        last4: None,
        since: now(),
        until: None,
    };
    let id = IdentityId::of_token(fingerprint);
    let found = Discovery { id, name: name.to_owned(), kind: Kind::UserToken, version };
    let (mut identity, _) = Identity::discover(found, &Author { name: "x".to_owned() }, now());
    identity.ownership.owner = Some(owner.to_owned());
    identity
}

fn rounds() -> Rounds {
    let due = |name: &str, days: i64| Due {
        identity: identity(name, "ada"),
        at: now() + SignedDuration::from_hours(days * 24),
    };
    Rounds { due: vec![due("late", -3), due("soon", 3)], orphans: 2, days: 90, now: now() }
}

fn written(
    render: impl Fn(Format, &Options, &mut dyn io::Write) -> io::Result<()>,
    format: Format,
) -> String {
    let mut out = Vec::new();
    render(format, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn owners_are_listed_with_what_they_have_and_what_nobody_has() {
    let holding = Holding { owner: owner("ada"), owns: 3, backs: 1, riskiest: Some(78) };
    let holdings = Holdings { owners: vec![holding], orphans: 2 };
    let text = written(|f, o, out| holdings.render(f, o, out), Format::Human);
    assert!(text.contains("ada") && text.contains("78") && text.contains("ada-hub"), "{text}");
    assert!(text.contains("nobody answers for 2 tokens"), "{text}");
    let json = written(|f, o, out| holdings.render(f, o, out), Format::Json);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["owners"][0]["owns"], &json["orphans"]), (&3.into(), &2.into()));
    let csv = written(|f, o, out| holdings.render(f, o, out), Format::Csv);
    assert_eq!(csv.lines().nth(1).unwrap(), "ada,person,ada@example.org,ada-hub,,3,1,78");
}

#[test]
fn what_is_overdue_is_told_from_what_is_due() {
    let rounds = rounds();
    let text = written(|f, o, out| rounds.render(f, o, out), Format::Human);
    assert!(text.contains("2026-11-21  overdue: late"), "{text}");
    assert!(text.contains("2026-11-27  soon"), "{text}");
    assert!(text.contains("every 90 days: 1 overdue, 1 due soon, and 2 that nobody"), "{text}");
    let lines = written(|f, o, out| rounds.render(f, o, out), Format::Jsonl);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["overdue"], &lines[2]["overdue"]), (&true.into(), &1.into()));
}

#[test]
fn hostile_names_are_harmless() {
    let held = Possessions {
        owner: owner(EVIL),
        is_team: false,
        owned: vec![identity(EVIL, EVIL)],
        backed: Vec::new(),
        now: now(),
    };
    for format in [Format::Human, Format::Json, Format::Jsonl, Format::Csv] {
        let text = written(|f, o, out| held.render(f, o, out), format);
        assert!(!text.contains('\u{1b}'), "{format:?}: {text}");
    }
}
