//! What comes first, and what a waiver does.

use proptest::prelude::*;

use super::*;
use crate::{
    Verdict,
    identity::{
        Breach, Condition, Ownership, State,
        samples::{an_identity, seen},
    },
    risk::Keeping,
};

fn now() -> Timestamp {
    "2026-02-01T00:00:00Z".parse().unwrap()
}

fn assessed(identity: &Identity) -> Assessment {
    assess(identity, &Scales::default(), now())
}

fn owned(owner: &str) -> Identity {
    let ownership = Ownership { owner: Some(owner.to_owned()), ..Ownership::default() };
    Identity { state: State::Active, ownership, ..seen() }
}

fn compromise(identity: &mut Identity) {
    identity.conditions.insert(Condition::Compromised);
}

fn changed(change: impl FnOnce(&mut Identity)) -> Identity {
    let mut identity = owned("alice");
    change(&mut identity);
    identity
}

/// Identities with one thing to do each, the most urgent first, and the start of what is told.
fn by_urgency() -> Vec<(Identity, &'static str)> {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let copied = |i: &mut Identity| {
        i.exposure.present = 1;
        i.exposure.keepings.insert(Keeping::Copied);
    };
    vec![
        (
            changed(|i| {
                i.standing.verdict = Verdict::Active;
                i.conditions.insert(Condition::Compromised);
            }),
            "it is compromised, and works",
        ),
        (changed(compromise), "it is compromised, and may work"),
        (
            changed(|i| {
                i.state = State::Revoked;
                i.standing.verdict = Verdict::Active;
            }),
            "it is revoked here, and the Hub lets it in",
        ),
        (
            changed(|i| {
                copied(i);
                i.standing.verdict = Verdict::Active;
            }),
            "it stands where copies are made, and works",
        ),
        (changed(copied), "it stands where copies are made, and may work"),
        (changed(|i| i.ownership.owner = None), "nobody answers for it"),
        (changed(|i| i.state = State::Rotating), "its rotation is not finished"),
        (changed(|i| i.standing.role = Some("write".to_owned())), "its role is `write`"),
        (changed(|i| i.created_at = at("2025-01-01T00:00:00Z")), "nobody confirmed it"),
        (
            changed(|i| i.standing.last_used_at = Some(at("2025-01-01T00:00:00Z"))),
            "it was last used",
        ),
        (
            changed(|i| i.standing.verdict = Verdict::Inactive),
            "the Hub says that it no longer works",
        ),
        (owned("alice"), ""),
    ]
}

#[test]
fn what_is_most_urgent_comes_first() {
    let mut last = u16::MAX;
    for (identity, start) in by_urgency() {
        let Assessment { to_do, urgency, .. } = assessed(&identity);
        let told = to_do.first().map_or("", String::as_str);
        assert!(told.starts_with(start) && to_do.len() <= 1, "{start}: {to_do:?}");
        assert!(urgency < last, "{start}: {urgency} after {last}");
        last = urgency;
    }
    assert_eq!(last, 0);
}

#[test]
fn an_enforced_rule_comes_before_one_that_warns_and_after_a_leak() {
    let policy: Policy =
        toml::from_str("modes = { fine-grained-only = 'enforce', max-age-days = 'observe' }")
            .unwrap();
    let mut identity = seen();
    identity.standing.role = Some("write".to_owned());
    identity.standing.issued_at = Some("2020-01-01T00:00:00Z".parse().unwrap());
    let scales = Scales { policy, ..Scales::default() };
    let told = |identity: &Identity| assess(identity, &scales, now());
    let Assessment { to_do, breaches, .. } = told(&identity);
    assert_eq!(breaches.len(), 3, "what is observed is recorded");
    assert_eq!(to_do.len(), 2, "and asks for nothing: {to_do:?}");
    assert!(
        to_do[0].starts_with("its role") && to_do[1].starts_with("nobody answers"),
        "{to_do:?}"
    );
    identity.exposure.present = 1;
    identity.exposure.keepings.insert(Keeping::Copied);
    let to_do = told(&identity).to_do;
    assert!(to_do[0].starts_with("it stands where copies are made"), "{to_do:?}");
    assert_eq!(to_do.len(), 3, "the same is not told twice: {to_do:?}");
}

#[test]
fn a_waiver_covers_its_rule_until_it_ends() {
    let identity = seen();
    let waiver = |until: &str| Waiver {
        rule: "owner-required".to_owned(),
        identity: identity.id,
        reason: "it goes next month".to_owned(),
        by: "bob".to_owned(),
        given_at: now(),
        until: until.parse().unwrap(),
    };
    let with = |waivers: &[Waiver]| {
        assess(&identity, &Scales { waivers: waivers.into(), ..Scales::default() }, now())
    };
    let rules =
        |breaches: &[Breach]| breaches.iter().map(|breach| breach.rule.clone()).collect::<Vec<_>>();
    let ended = waiver("2026-02-01T00:00:00Z");
    let other = Waiver { rule: "max-age-days".to_owned(), ..waiver("2027-01-01T00:00:00Z") };
    assert_eq!(rules(&with(&[ended.clone(), other]).breaches), ["owner-required"]);
    let held = with(&[waiver("2026-02-02T00:00:00Z"), waiver("2026-03-01T00:00:00Z"), ended]);
    assert_eq!((held.breaches.len(), held.to_do.len(), held.urgency), (0, 0, 0));
    assert_eq!(held.waived[0].until, "2026-03-01T00:00:00Z".parse().unwrap());
    assert_eq!(
        (held.waived[0].by.as_str(), held.waived[0].reason.as_str()),
        ("bob", "it goes next month")
    );
    assert_eq!(held.waived[0].breach.rule, "owner-required");
}

#[test]
fn whose_value_nobody_has_is_ended_elsewhere() {
    let mut identity = changed(compromise);
    identity.versions[0].fingerprint = None;
    assert!(assessed(&identity).to_do[0].contains("in the Hub's settings"));
}

proptest! {
    #[test]
    fn the_same_facts_give_the_same_assessment(identity in an_identity()) {
        let assessment = assessed(&identity);
        prop_assert_eq!(&assessment, &assessed(&identity));
        prop_assert_eq!(assessment.urgency == 0, assessment.to_do.is_empty());
        let sum: u8 = assessment.parts.iter().map(|part| part.points).sum();
        prop_assert_eq!(assessment.risk, sum);
        let mut again = identity;
        again.assessment = assessment.clone();
        prop_assert_eq!(assessed(&again), assessment, "what was weighed before does not weigh");
    }
}
