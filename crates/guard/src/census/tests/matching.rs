//! Which identity a listed token is, and whose it may be.

use std::collections::BTreeSet;

use bearhug_core::identity::{IdentityId, Suggestion};

use super::*;

#[test]
fn a_listed_token_is_found_by_identifier_or_by_all_its_marks() {
    let mut known = valued();
    let mut roster = Roster::default();
    roster.enter(&known);
    let maybe = Match::Possible(BTreeSet::from([known.id]));
    assert_eq!(roster.find(&entry("write")), maybe, "nobody asked whose it is");
    hear(&mut known, &by_value(0, alive(Role::Write)));
    roster.enter(&known);
    assert_eq!(roster.find(&entry("write")), Match::Known(known.id));
    for other in [
        Entry { last4: Some("Zk9q".to_owned()), ..entry("write") },
        Entry { account: Some("eve".to_owned()), ..entry("write") },
        Entry { issued_at: Some(day(-9)), ..entry("write") },
        entry("read"),
    ] {
        assert_eq!(roster.find(&other), Match::New, "{other:?}");
    }
    let vague = Entry { issued_at: None, ..entry("write") };
    assert_eq!(roster.find(&vague), maybe);
}

#[test]
fn what_was_taken_for_two_is_found_and_what_may_be_several_is_not_settled() {
    let listed_first = from_list(entry("write"));
    let mut known = valued();
    hear(&mut known, &by_value(0, alive(Role::Write)));
    let mut roster = Roster::default();
    roster.enter(&listed_first);
    assert_eq!(roster.find(&entry("write")), Match::Known(listed_first.id));
    roster.enter(&known);
    let twice = Match::Twice { listed: listed_first.id, valued: known.id };
    assert_eq!(roster.find(&entry("write")), twice);
    let mut twin = known.clone();
    twin.id = IdentityId::of_token(Fingerprint::of("twin"));
    roster.enter(&twin);
    let all = BTreeSet::from([listed_first.id, known.id, twin.id]);
    assert_eq!(roster.find(&entry("write")), Match::Ambiguous(all));
}

#[test]
fn descriptions_name_who_is_in_charge() {
    let named = |text: &str| {
        let description = Some(text.to_owned());
        let service = Service { name: None, description };
        suggest::by_service("acme-bot", &service).map(|one| one.owner)
    };
    for (text, owner) in [
        ("Deploys models, managed by team-x.", Some("team-x")),
        ("Owner: @alice; rotate yearly", Some("alice")),
        ("OWNED BY the platform team", Some("platform")),
        ("CI. Questions to ml-ops@acme.example please", Some("ml-ops@acme.example")),
        ("Deploys models", None),
        ("managed by", None),
        ("", None),
    ] {
        assert_eq!(named(text).as_deref(), owner, "{text}");
    }
}

#[test]
fn the_hub_is_better_evidence_than_a_commit_and_says_it_once() {
    let mut identity = valued();
    let by_commit = Suggestion { owner: "eve".to_owned(), evidence: "wrote it".to_owned() };
    identity.ownership.suggestions.push(by_commit);
    let told = suggest::by_member("bob", "acme", None);
    for _ in 0..2 {
        suggest::add(&mut identity, std::slice::from_ref(&told));
    }
    let owners: Vec<_> = identity.ownership.suggestions.iter().map(|one| &one.owner).collect();
    assert_eq!(owners, ["bob", "eve"]);
}
