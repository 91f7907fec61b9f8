//! Identities as every format writes them.

use std::collections::{BTreeMap, BTreeSet};

use bearhug_core::{
    Fingerprint, Kind,
    event::{EventKind, Happening},
    identity::{Breach, IdentityId, Suggestion, Version, Weighed},
    lifecycle::{Author, Discovery},
    place::Presence,
    risk::Keeping,
};
use serde_json::Value;

use super::*;

fn moment() -> Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

fn identity(name: &str) -> Identity {
    let fingerprint = Fingerprint::of(name);
    let version = Version {
        fingerprint: Some(fingerprint),
        hub_id: None,
        last4: Some("Ab3x".to_owned()),
        since: moment(),
        until: None,
    };
    let id = IdentityId::of_token(fingerprint);
    let found = Discovery { id, name: name.to_owned(), kind: Kind::UserToken, version };
    let author = Author { name: "ada@box".to_owned() };
    let (mut identity, _) = Identity::discover(found, &author, moment());
    identity.ownership.suggestions = vec![Suggestion {
        owner: "Ada Example <ada@example.org>".to_owned(),
        evidence: "wrote commit abc, which brought it".to_owned(),
    }];
    identity.assessment.risk = 78;
    identity.assessment.parts = vec![Weighed {
        factor: "storage".to_owned(),
        points: 20,
        limit: 20,
        reason: "it stands where copies are made".to_owned(),
    }];
    identity.assessment.breaches = vec![Breach {
        rule: "owner-required".to_owned(),
        mode: "warn".to_owned(),
        what: "nobody answers for it".to_owned(),
        fix: "adopt it".to_owned(),
    }];
    identity.assessment.to_do = vec!["it stands where copies are made: replace it".to_owned()];
    identity
}

fn place(origin: &str, presence: Presence) -> Sighting {
    let fingerprint = Fingerprint::of("one");
    Sighting {
        fingerprint,
        identity: IdentityId::of_token(fingerprint),
        source: "https://github.com/acme/model".to_owned(),
        origin: origin.to_owned(),
        path: Some("train.ipynb".to_owned()),
        line: Some(41),
        commit: Some("a".repeat(40)),
        author: Some("Ada Example <ada@example.org>".to_owned()),
        keeping: Keeping::Copied,
        environment: Some("ci".to_owned()),
        presence,
        first_seen: moment(),
        last_seen: moment(),
    }
}

fn event(seq: u64) -> Event {
    let happening = Happening {
        at: moment(),
        kind: EventKind::Discovered,
        actor: "ada@box".to_owned(),
        identity: None,
        details: BTreeMap::from([("name".to_owned(), "one".to_owned())]),
    };
    Event { seq, happening, hash: [0; 32] }
}

fn portrait(name: &str) -> Portrait {
    Portrait {
        identity: identity(name),
        places: vec![
            place("file:train.ipynb", Presence::Present),
            place("file:old.py", Presence::InHistory),
            place("file:gone.py", Presence::Gone { since: moment() }),
        ],
        has_more_places: false,
        past: vec![event(2), event(1)],
        now: moment(),
    }
}

fn listing(identities: Vec<Identity>) -> Listing {
    Listing { identities, next: None, is_filtered: false, now: moment() }
}

const ALL: [Format; 4] = [Format::Human, Format::Json, Format::Jsonl, Format::Csv];

fn listed(listing: &Listing, format: Format, width: Option<usize>) -> String {
    let mut out = Vec::new();
    let options = Options { width, ..Options::default() };
    listing.render(format, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn shown(portrait: &Portrait, format: Format) -> String {
    let mut out = Vec::new();
    portrait.render(format, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_list_fits_the_terminal_and_names_what_to_do() {
    let listing = listing(vec![identity("hf_…Ab3x"), identity(&"long name ".repeat(20))]);
    for width in [40, 53, 54, 60, 67, 68, 81, 82, 90, 98, 100] {
        let text = listed(&listing, Format::Human, Some(width));
        let widest = text.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap();
        assert!(widest <= width, "{width}: {widest}\n{text}");
        assert!(text.contains("78") && text.contains("it stands"), "{text}");
    }
    let text = listed(&listing, Format::Human, Some(100));
    let head = text.lines().next().unwrap();
    let columns: Vec<_> = head.split_whitespace().collect();
    assert_eq!(columns, ["risk", "id", "name", "state", "owner", "env"]);
    assert!(text.contains("nobody") && text.contains("2 tokens"), "{text}");
}

#[test]
fn what_to_run_can_be_copied_from_a_list_of_any_width() {
    let command = "`bearhug token add - --replaces id_4xq7abcd`";
    let mut identity = identity("hf_…Ab3x");
    let reason = "it stands where copies are made, and may work: end it with `bearhug revoke`";
    identity.assessment.to_do = vec![format!("{reason}, and replace it with {command}")];
    let listing = listing(vec![identity]);
    for width in [50, 60, 80, 100, 200] {
        let text = listed(&listing, Format::Human, Some(width));
        assert!(text.lines().any(|line| line.contains(command)), "{width}:\n{text}");
        assert!(text.contains("`bearhug revoke`") && !text.contains(" …"), "{width}:\n{text}");
        assert!(text.lines().all(|line| line.chars().count() <= width), "{width}:\n{text}");
    }
}

#[test]
fn an_empty_list_says_how_to_fill_it() {
    let text = listed(&listing(Vec::new()), Format::Human, None);
    assert!(text.contains("bearhug scan . --record"), "{text}");
}

#[test]
fn one_identity_is_told_with_everything() {
    let text = shown(&portrait("one"), Format::Human);
    for part in [
        "one  user access token",
        "life: discovered; taken to be alive",
        "who:  nobody",
        "perhaps Ada Example <ada@example.org>: wrote commit abc",
        "risk: 78 of 100, critical",
        "storage      ■■■■■■■■■■  20  it stands where copies are made",
        "do:   1. it stands where copies are made",
        "owner-required (warn): nobody answers for it",
        "fix: adopt it",
        "in https://github.com/acme/model (ci)",
        "file:train.ipynb:41: since 2026-11-24",
        "its git history still has it",
        "gone since 2026-11-24",
        "identity.discovered",
        "bearhug token adopt id_",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn programs_read_the_same() {
    let json: Value = serde_json::from_str(&shown(&portrait("one"), Format::Json)).unwrap();
    assert_eq!(json["schema"], "bearhug.identity/1");
    assert_eq!(json["risk"]["level"], "critical");
    assert_eq!(json["sightings"].as_array().unwrap().len(), 3);
    assert_eq!(json["sightings"][1]["presence"], "in_history");
    assert_eq!(json["events"][0]["seq"], 2);
    let listing = Listing { next: Some("x".to_owned()), ..listing(vec![identity("one")]) };
    let json: Value = serde_json::from_str(&listed(&listing, Format::Json, None)).unwrap();
    assert_eq!((&json["schema"], &json["next"]), (&"bearhug.identities/1".into(), &"x".into()));
    let lines = listed(&listing, Format::Jsonl, None);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["name"], &lines[1]["identities"]), (&"one".into(), &1.into()));
    let table = listed(&listing, Format::Csv, None);
    assert_eq!(table.lines().count(), 2);
    assert!(table.starts_with("id,name,kind,state"), "{table}");
}

#[test]
fn hostile_names_are_harmless() {
    let evil = "\u{1b}[2J\u{202e}";
    let mut hostile = portrait(evil);
    hostile.identity.ownership.owner = Some(evil.to_owned());
    hostile.identity.purpose.tags = BTreeSet::from([evil.to_owned()]);
    hostile.places[0].origin = evil.to_owned();
    hostile.places[0].source = evil.to_owned();
    hostile.past[0].happening.actor = evil.to_owned();
    for format in ALL {
        let mut text = shown(&hostile, format);
        text += &listed(&listing(vec![hostile.identity.clone()]), format, None);
        assert!(!text.contains('\u{1b}'), "{format:?}: {text}");
        let past = Past { events: hostile.past.clone(), next: None };
        let mut out = Vec::new();
        past.render(format, &Options::default(), &mut out).unwrap();
        assert!(!out.contains(&0x1b));
    }
}
