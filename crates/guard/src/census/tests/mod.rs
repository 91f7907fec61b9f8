//! Answers of the Hub, laid against identities.

mod matching;
mod repeats;

use bearhug_core::{
    Fingerprint, Kind, Verdict,
    event::{EventKind, Happening},
    grant::{
        AccessToken, Account, AccountKind, Credential, Entity, EntityKind, FineGrained, Grant,
        OrgAccess, OrgRole, Permission, Role, Scoped,
    },
    identity::{Condition, Identity, Life, State},
    lifecycle::{Author, Move},
};
use jiff::{SignedDuration, Timestamp};

use super::*;

fn author() -> Author {
    Author { name: "ada@host".to_owned() }
}

/// Days after a day in 2026.
fn day(n: i64) -> Timestamp {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(24 * n)
}

fn fine(listed: &[(&str, &[&str])]) -> FineGrained {
    let scoped = listed.iter().map(|(name, permissions)| Scoped {
        entity: Entity {
            kind: if name.contains('/') { EntityKind::Model } else { EntityKind::Org },
            id: format!("id of {name}"),
            name: Some((*name).to_owned()),
        },
        permissions: permissions.iter().map(|&one| Permission::from(one)).collect(),
        patterns: Vec::new(),
    });
    FineGrained { scoped: scoped.collect(), ..FineGrained::default() }
}

fn grant(role: Role) -> Grant {
    Grant {
        account: Account {
            kind: AccountKind::User,
            id: "a".repeat(24),
            name: "bob".to_owned(),
            full_name: None,
        },
        auth: "access_token".to_owned(),
        credential: Credential::AccessToken(AccessToken {
            display_name: "laptop".to_owned(),
            role,
            created_at: Some(day(-10)),
        }),
        orgs: vec![OrgAccess {
            id: "b".repeat(24),
            name: "acme".to_owned(),
            role: Some(OrgRole::Write),
            plan: None,
            restrictions: Vec::new(),
            resource_groups: Vec::new(),
        }],
        expires_at: None,
    }
}

fn shown(said: Said) -> Shown {
    Shown {
        fingerprint: Fingerprint::of("x"),
        kind: Kind::UserToken,
        redacted: "hf_…Ab3x".to_owned(),
        last4: "Ab3x".to_owned(),
        said,
    }
}

fn alive(role: Role) -> Shown {
    shown(Said::Alive(Box::new(grant(role))))
}

fn entry(role: &str) -> Entry {
    Entry {
        organisation: "acme".to_owned(),
        is_service: false,
        hub_id: "c".repeat(24),
        last4: Some("Ab3x".to_owned()),
        account: Some("bob".to_owned()),
        name: None,
        role: Some(role.to_owned()),
        issued_at: Some(day(-10)),
        expires_at: None,
        last_used_at: None,
        approval: None,
        fine_grained: None,
        member: Some(OrgRole::Write),
        suggestions: vec![suggest::by_member("bob", "acme", None)],
    }
}

fn by_value(at: i64, shown: Shown) -> Testimony {
    Testimony { shown: Some(shown), ..Testimony::new(day(at)) }
}

fn by_list(at: i64, word: Word) -> Testimony {
    Testimony { lists: vec![word], ..Testimony::new(day(at)) }
}

fn listed(entry: Entry) -> Word {
    Word::Listed(Box::new(entry))
}

fn missing() -> Word {
    Word::Missing { organisation: "acme".to_owned() }
}

fn valued() -> Identity {
    newcomer::shown(&alive(Role::Write), &author(), day(0)).0
}

fn from_list(entry: Entry) -> Identity {
    let (mut identity, _) = newcomer::listed("http://hub", &entry, &author(), day(0));
    hear(&mut identity, &by_list(0, listed(entry)));
    identity
}

fn hear(identity: &mut Identity, testimony: &Testimony) -> Option<Vec<Happening>> {
    examine(identity, testimony, Some(SignedDuration::from_hours(90 * 24)), &author())
}

fn kinds(events: Option<&Vec<Happening>>) -> Vec<EventKind> {
    events.into_iter().flatten().map(|event| event.kind.clone()).collect()
}

fn detail(events: Option<&Vec<Happening>>, key: &str) -> String {
    let found = events.into_iter().flatten().find_map(|event| event.details.get(key).cloned());
    found.unwrap_or_default()
}

#[test]
fn what_whoami_says_is_learned_once() {
    let mut identity = valued();
    let events = hear(&mut identity, &by_value(0, alive(Role::Write)));
    assert_eq!(kinds(events.as_ref()), [EventKind::Drifted]);
    assert_eq!(detail(events.as_ref(), "verdict"), "unverified → active");
    assert_eq!(detail(events.as_ref(), "name"), "hf_…Ab3x → laptop");
    assert_eq!(identity.standing.account.as_deref(), Some("bob"));
    assert_eq!(hear(&mut identity, &by_value(1, alive(Role::Write))), None);
    let events = hear(&mut identity, &by_value(3, alive(Role::Write)));
    assert_eq!(events, Some(Vec::new()), "that it was asked again is worth a write after a day");
    assert_eq!(identity.standing.asked_at, Some(day(3)));
}

#[test]
fn what_the_hub_takes_has_not_ended_though_an_organisation_keeps_it_out() {
    let mut identity = valued();
    let ends = Grant { expires_at: Some(day(2)), ..grant(Role::Write) };
    hear(&mut identity, &by_value(0, shown(Said::Alive(Box::new(ends)))));
    hear(&mut identity, &by_value(3, shown(Said::KeptOut)));
    assert_eq!(identity.standing.verdict, Verdict::BlockedByOrg);
    assert_eq!((identity.state, identity.expires_at()), (State::Discovered, None));
    assert_eq!(identity.life(day(3)), Life::Alive);
}

#[test]
fn a_token_that_the_hub_no_longer_knows_is_revoked_and_doubt_is_no_answer() {
    let mut identity = valued();
    hear(&mut identity, &by_value(0, alive(Role::Write)));
    let before = identity.clone();
    assert_eq!(hear(&mut identity, &by_value(1, shown(Said::Nothing))), None);
    assert_eq!(identity, before);
    let events = hear(&mut identity, &by_value(1, shown(Said::Unknown)));
    assert_eq!(kinds(events.as_ref()), [EventKind::Moved, EventKind::Drifted]);
    assert_eq!(detail(events.as_ref(), "why"), "the Hub no longer knows it");
    assert_eq!((identity.state, identity.standing.verdict), (State::Revoked, Verdict::Inactive));
    assert_eq!(hear(&mut identity, &by_value(1, shown(Said::Unknown))), None);
    assert_eq!(hear(&mut identity, &by_value(2, shown(Said::Nothing))), None);
}

#[test]
fn a_list_does_not_raise_the_dead() {
    let mut identity = valued();
    hear(&mut identity, &by_value(0, alive(Role::Write)));
    hear(&mut identity, &by_list(0, listed(entry("write"))));
    hear(&mut identity, &by_value(1, shown(Said::Unknown)));
    hear(&mut identity, &by_list(2, listed(entry("write"))));
    assert_eq!(identity.standing.verdict, Verdict::Inactive);
}

#[test]
fn expiry_is_noticed_by_word_and_by_date() {
    let mut identity = valued();
    hear(&mut identity, &by_value(0, alive(Role::Read)));
    let events = hear(&mut identity, &by_value(1, shown(Said::Expired)));
    assert_eq!(detail(events.as_ref(), "to"), "revoked");
    assert_eq!(identity.standing.verdict, Verdict::Expired);

    let ends = Entry { is_service: true, expires_at: Some(day(5)), ..entry("fineGrained") };
    let ends = Entry { fine_grained: Some(fine(&[("acme", &["repo.write"])])), ..ends };
    let mut identity = from_list(ends.clone());
    assert_eq!(identity.standing.verdict, Verdict::Active);
    let events = hear(&mut identity, &by_list(6, listed(ends)));
    assert_eq!(detail(events.as_ref(), "why"), "the end that the Hub told is over");
    assert_eq!(identity.standing.verdict, Verdict::Expired);
}

#[test]
fn drift_is_told_by_rights() {
    let of = |listed: &[(&str, &[&str])]| alive(Role::FineGrained(fine(listed)));
    let mut identity = valued();
    hear(&mut identity, &by_value(0, of(&[("acme/a", &["repo.content.read"])])));
    let more = of(&[("acme/b", &["repo.write"]), ("acme/a", &["repo.content.read"])]);
    let events = hear(&mut identity, &by_value(1, more));
    assert_eq!(kinds(events.as_ref()), [EventKind::Drifted]);
    assert!(detail(events.as_ref(), "gained").contains("manage:acme/b"), "{events:?}");
    assert_eq!(detail(events.as_ref(), "lost"), "");
    let events = hear(&mut identity, &by_value(1, of(&[("acme/b", &["repo.write"])])));
    assert!(detail(events.as_ref(), "lost").contains("read:acme/a"), "{events:?}");
}

#[test]
fn a_list_replaces_its_own_part_of_a_grant_and_no_other() {
    let all = fine(&[("acme/a", &["repo.write"]), ("other/b", &["repo.write"])]);
    let mut identity = valued();
    hear(&mut identity, &by_value(0, alive(Role::FineGrained(all))));
    let here = |listed: &[(&str, &[&str])]| Entry {
        fine_grained: Some(fine(listed)),
        ..entry("fineGrained")
    };
    let events = hear(&mut identity, &by_list(0, listed(here(&[("acme/a", &["repo.write"])]))));
    assert_eq!(
        (detail(events.as_ref(), "gained"), detail(events.as_ref(), "lost")),
        Default::default()
    );
    let read = here(&[("acme/a", &["repo.content.read"])]);
    let events = hear(&mut identity, &by_list(1, listed(read)));
    assert!(detail(events.as_ref(), "lost").contains("manage:acme/a"), "{events:?}");
    let rights: Vec<_> =
        identity.standing.grant.unwrap().rights().iter().map(|r| r.access.to_string()).collect();
    assert!(rights.contains(&"manage:other/b".to_owned()), "{rights:?}");
    assert!(rights.contains(&"read:acme/a".to_owned()), "{rights:?}");
}

#[test]
fn an_administrators_decision_is_drift_and_no_end() {
    let mut identity = from_list(entry("write"));
    let revoked = Entry { approval: Some("revoked".to_owned()), ..entry("write") };
    let events = hear(&mut identity, &by_list(1, listed(revoked)));
    assert_eq!(detail(events.as_ref(), "kept_out_by"), "acme (token-revoked)");
    assert!(detail(events.as_ref(), "lost").contains("acme/*"), "{events:?}");
    assert_eq!(identity.state, State::Discovered, "it works elsewhere");
    let approved = Entry { approval: Some("approved".to_owned()), ..entry("write") };
    let events = hear(&mut identity, &by_list(2, listed(approved)));
    assert_eq!(detail(events.as_ref(), "let_in_again_by"), "acme (token-revoked)");
}

#[test]
fn a_new_value_of_the_same_credential_is_a_version() {
    let mut identity = from_list(entry("write"));
    let adopt = Move::Adopt { owner: "ml".to_owned(), why: String::new() };
    identity.apply(adopt, &author(), day(0)).unwrap();
    let renewed =
        Entry { last4: Some("Zk9q".to_owned()), issued_at: Some(day(1)), ..entry("write") };
    let events = hear(&mut identity, &by_list(2, listed(renewed.clone())));
    assert_eq!(
        kinds(events.as_ref()),
        [EventKind::Moved, EventKind::Versioned, EventKind::Drifted],
        "{events:?}"
    );
    assert_eq!(identity.versions.len(), 2);
    assert_eq!(identity.versions[1].last4.as_deref(), Some("Zk9q"));
    assert!(identity.versions[0].until.is_some());
    assert_eq!((identity.state, identity.standing.verdict), (State::Active, Verdict::Active));
    assert_eq!(identity.standing.role.as_deref(), Some("write"), "the rights stayed");
    assert_eq!(hear(&mut identity, &by_list(2, listed(renewed))), None);
}

#[test]
fn a_new_value_needs_no_owner_to_be_noticed_and_outdates_the_value_at_hand() {
    let mut identity = valued();
    hear(&mut identity, &by_value(0, alive(Role::Write)));
    hear(&mut identity, &by_list(0, listed(entry("write"))));
    let renewed =
        Entry { last4: Some("Zk9q".to_owned()), issued_at: Some(day(1)), ..entry("write") };
    let testimony = Testimony { shown: Some(shown(Said::Unknown)), ..by_list(2, listed(renewed)) };
    let events = hear(&mut identity, &testimony);
    assert_eq!(kinds(events.as_ref()), [EventKind::Versioned, EventKind::Drifted]);
    assert_eq!(identity.standing.verdict, Verdict::Active, "the old value is dead, not this");
    assert_eq!(identity.state, State::Discovered);
}

#[test]
fn absence_ends_what_nothing_else_explains() {
    let mut classic = from_list(entry("write"));
    let events = hear(&mut classic, &by_list(1, missing()));
    assert_eq!(detail(events.as_ref(), "verdict"), "active → inactive", "{events:?}");
    assert_eq!(detail(events.as_ref(), "missing_from"), "nothing → acme");
    assert_eq!((classic.state, classic.life(day(1))), (State::Discovered, Life::Dead));
    let listed_rights =
        Entry { fine_grained: Some(fine(&[("acme/a", &["repo.write"])])), ..entry("fineGrained") };
    let mut narrowed = from_list(listed_rights.clone());
    let events = hear(&mut narrowed, &by_list(1, missing()));
    assert!(detail(events.as_ref(), "lost").contains("manage:acme/a"), "{events:?}");
    assert_eq!(narrowed.state, State::Discovered, "it may have lost its permissions there");
    let mut service = from_list(Entry { is_service: true, ..listed_rights });
    hear(&mut service, &by_list(1, missing()));
    assert_eq!(service.standing.verdict, Verdict::Inactive);
    assert_eq!(hear(&mut service, &by_list(1, missing())), None);
}

#[test]
fn what_a_list_lacked_a_list_brings_back() {
    let mut identity = from_list(entry("write"));
    let adopt = Move::Adopt { owner: "ml".to_owned(), why: String::new() };
    identity.apply(adopt, &author(), day(0)).unwrap();
    let before = identity.clone();
    hear(&mut identity, &by_list(1, missing()));
    assert_eq!(identity.life(day(1)), Life::Dead);
    let events = hear(&mut identity, &by_list(2, listed(entry("write"))));
    assert_eq!(detail(events.as_ref(), "missing_from"), "acme → nothing");
    assert_eq!((identity.state, &identity.standing.verdict), (State::Adopted, &Verdict::Active));
    assert_eq!(identity.versions, before.versions);
    // Death that was told is not undone, though a list lacked it before.
    hear(&mut identity, &by_list(3, missing()));
    identity.apply(Move::Revoke { why: String::new() }, &author(), day(3)).unwrap();
    hear(&mut identity, &by_list(4, listed(entry("write"))));
    assert_eq!(identity.life(day(4)), Life::Dead);
}

#[test]
fn one_list_that_has_it_outweighs_another_that_lacks_it() {
    let elsewhere = || listed(Entry { organisation: "beta".to_owned(), ..entry("write") });
    for lists in [vec![missing(), elsewhere()], vec![elsewhere(), missing()]] {
        let mut identity = from_list(entry("write"));
        hear(&mut identity, &Testimony { lists, ..Testimony::new(day(1)) });
        assert_eq!(identity.life(day(1)), Life::Alive);
    }
}

#[test]
fn an_end_that_is_over_was_not_the_end_of_what_the_hub_takes() {
    let mut identity = valued();
    let over = || listed(Entry { expires_at: Some(day(-1)), ..entry("write") });
    let told = Testimony { shown: Some(alive(Role::Write)), ..by_list(0, over()) };
    hear(&mut identity, &told);
    assert_eq!((identity.life(day(0)), identity.expires_at()), (Life::Alive, None));
    let ahead = listed(Entry { expires_at: Some(day(9)), ..entry("write") });
    hear(&mut identity, &by_list(1, ahead));
    hear(&mut identity, &by_value(1, alive(Role::Write)));
    assert_eq!(identity.expires_at(), Some(day(9)), "whoami tells no other");
    assert_eq!(identity.life(day(9)), Life::Dead, "by then it is over");
}

#[test]
fn who_left_takes_rights_along_and_the_token_may_live_on() {
    let mut identity = from_list(entry("write"));
    let nobody = Accounts::default();
    assert!(is_former(&identity, "acme", &nobody));
    assert!(!is_former(&identity, "other", &nobody));
    let left = Word::Left { organisation: "acme".to_owned() };
    let events = hear(&mut identity, &by_list(1, left));
    assert_eq!(detail(events.as_ref(), "left"), "acme");
    assert_eq!(identity.state, State::Discovered);
    assert!(!is_former(&identity, "acme", &nobody), "it is told once");
    assert_eq!(hear(&mut identity, &by_list(1, missing())), None, "nor is it gone by that");
}

#[test]
fn dormancy_comes_and_goes_with_use() {
    let idle = Entry { last_used_at: Some(day(-100)), ..entry("write") };
    let mut identity = from_list(idle);
    assert!(identity.conditions.contains(&Condition::Dormant));
    let used = Entry { last_used_at: Some(day(1)), ..entry("write") };
    let events = hear(&mut identity, &by_list(2, listed(used)));
    assert_eq!(kinds(events.as_ref()), [EventKind::Condition, EventKind::Drifted]);
    assert!(identity.conditions.is_empty());
    assert!(detail(events.as_ref(), "last_used").contains(" → "), "{events:?}");
}

#[test]
fn the_name_follows_the_hub_unless_somebody_gave_another() {
    let mut identity = valued();
    hear(&mut identity, &by_value(0, alive(Role::Write)));
    let mut renamed = grant(Role::Write);
    let Credential::AccessToken(token) = &mut renamed.credential else { panic!("a token") };
    token.display_name = "desktop".to_owned();
    let renamed = shown(Said::Alive(Box::new(renamed)));
    let events = hear(&mut identity, &by_value(1, renamed));
    assert_eq!(detail(events.as_ref(), "name"), "laptop → desktop");
    identity.rename("Bob's own".to_owned(), &author(), day(1)).unwrap();
    hear(&mut identity, &by_value(2, alive(Role::Write)));
    assert_eq!(identity.name, "Bob's own");
}
