//! Risks of grants, and of identities.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    Verdict,
    grant::{Credential, EntityKind, OrgRole, Plan, Restriction, Role},
    identity::{
        Condition, Criticality,
        samples::{an_identity, seen},
    },
    impact::Impact,
    rights::samples::{an_entry, fine, listed, org, scoped, token},
};

mod worse;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn points(grant: &Grant, factor: Factor) -> u8 {
    let risk = Risk::of(grant, &[], moment("2026-11-24T00:00:00Z"));
    risk.parts.iter().find(|part| part.factor == factor).unwrap().points
}

fn made(at: &str) -> Grant {
    let mut grant = token(Role::Read);
    if let Credential::AccessToken(token) = &mut grant.credential {
        token.created_at = Some(moment(at));
    }
    grant
}

#[test]
fn the_limits_are_a_hundred_together() {
    let risk = Risk::of(&token(Role::Read), &[], moment("2026-11-24T00:00:00Z"));
    assert_eq!(risk.parts.iter().map(|part| part.limit).sum::<u8>(), 100);
    assert_eq!(Impact::ALL.map(reach::weight).iter().sum::<u16>(), Severity::WORST);
}

#[test]
fn the_classic_roles_are_riskier_than_what_is_listed() {
    let one = fine(vec![scoped(EntityKind::Model, Some("acme/model"), &["repo.content.read"])]);
    let read = points(&token(Role::Read), Factor::Scope);
    let write = points(&token(Role::Write), Factor::Scope);
    assert_eq!(points(&one, Factor::Scope), 4);
    assert!(points(&one, Factor::Scope) < read && read < write, "{read} {write}");
    assert_eq!(write, 40);
    assert_eq!(points(&fine(Vec::new()), Factor::Scope), 0);
}

#[test]
fn age_counts_until_it_expires_by_itself() {
    let of = |at| points(&made(at), Factor::Rotation);
    assert_eq!(of("2026-11-23T00:00:00Z"), 0);
    assert_eq!(of("2026-09-01T00:00:00Z"), 5);
    assert_eq!(of("2026-01-01T00:00:00Z"), 15);
    assert_eq!(of("2024-01-01T00:00:00Z"), 20);
    assert_eq!(of("2030-01-01T00:00:00Z"), 0, "a clock may be wrong");
    let mut expiring = made("2024-01-01T00:00:00Z");
    expiring.expires_at = Some(moment("2026-11-25T00:00:00Z"));
    assert_eq!(points(&expiring, Factor::Rotation), 0);
}

#[test]
fn the_worst_place_counts() {
    let at = moment("2026-11-24T00:00:00Z");
    let of = |kept: &[Keeping]| Risk::of(&token(Role::Read), kept, at).parts[2].points;
    assert_eq!(of(&[Keeping::Sealed]), 0);
    assert_eq!(of(&[Keeping::Sealed, Keeping::Copied, Keeping::PrivateFile]), 20);
    assert_eq!(of(&[]), 10);
}

#[test]
fn an_enterprise_can_cut_what_a_person_cannot() {
    let mut grant = token(Role::Read);
    let before = points(&grant, Factor::Revocation);
    for org in &mut grant.orgs {
        org.plan = Some(Plan::Enterprise);
    }
    assert!(points(&grant, Factor::Revocation) < before);
}

proptest! {
    #[test]
    fn more_scope_is_never_less_risk(
        entries in prop::collection::vec(an_entry(), 0..24), cut in 0_usize..24, gated: bool
    ) {
        let at = moment("2026-11-24T00:00:00Z");
        let score = |grant: &Grant| Risk::of(grant, &[], at).score();
        let less = listed(&entries[..cut.min(entries.len())], &[], false);
        let more = listed(&entries, &["discussion.write", "new.write"], gated);
        prop_assert!(score(&less) <= score(&more));
        prop_assert!(score(&more) <= 100);
        prop_assert!(score(&less) <= score(&token(Role::Unknown("new".to_owned()))));
    }

    #[test]
    fn a_stronger_role_or_membership_is_never_less_risk(
        roles in prop::collection::vec(0_usize..5, 0..4), bars in prop::collection::vec(any::<bool>(), 4)
    ) {
        let by_strength = [OrgRole::NoAccess, OrgRole::Read, OrgRole::Contributor, OrgRole::Write, OrgRole::Admin];
        let grant = |role: Role, stronger: usize, bars: &[bool]| {
            let mut grant = token(role);
            grant.orgs = roles.iter().zip(bars).enumerate().map(|(i, (&at, &barred))| {
                let mut org = org(&format!("org-{i}"), by_strength[(at + stronger).min(4)].clone());
                org.restrictions = if barred { vec![Restriction::Sso] } else { Vec::new() };
                org
            }).collect();
            grant
        };
        let scope = |grant: &Grant| points(grant, Factor::Scope);
        let read = scope(&grant(Role::Read, 0, &bars));
        let write = scope(&grant(Role::Write, 0, &bars));
        prop_assert!(read <= write);
        prop_assert!(write <= scope(&grant(Role::God, 0, &bars)));
        prop_assert!(write <= scope(&grant(Role::Write, 1, &bars)));
        prop_assert!(write <= scope(&grant(Role::Write, 0, &[false; 4])));
    }
}

fn weights() -> impl Strategy<Value = Weights> {
    let any = prop::array::uniform7(prop_oneof![Just(0), 0_u16..100, any::<u16>()]);
    any.prop_filter_map("something must weigh", |weights| Weights::new(weights).ok())
}

proptest! {
    #[test]
    fn limits_share_out_a_hundred_in_proportion(weights in weights()) {
        let limits = weights.limits();
        prop_assert_eq!(limits.iter().map(|(_, limit)| u32::from(*limit)).sum::<u32>(), 100);
        let table = serde_json::to_value(&weights).unwrap();
        let total = table.as_object().unwrap().values().map(|w| w.as_f64().unwrap()).sum::<f64>();
        for (factor, limit) in limits {
            let exact = table[factor.name()].as_f64().unwrap() * 100.0 / total;
            prop_assert!((f64::from(limit) - exact).abs() < 1.0, "{factor:?} {limit} {exact}");
        }
        prop_assert_eq!(serde_json::from_value::<Weights>(table).unwrap(), weights);
    }

    #[test]
    fn what_no_longer_works_is_no_risk(identity in an_identity(), weights in weights()) {
        let now = moment("2026-11-24T00:00:00Z");
        let mut identity = identity;
        identity.standing.verdict = Verdict::Inactive;
        prop_assert_eq!(Risk::of_identity(&identity, &weights, &BTreeSet::new(), now).score(), 0);
    }
}

#[test]
fn weights_are_read_from_configuration() {
    let read = |text: &str| toml::from_str::<Weights>(text);
    assert_eq!(read("").unwrap(), Weights::default());
    assert_eq!(read("exposure = 0").unwrap().limits()[4], (Factor::Exposure, 0));
    assert!(read("exposur = 1").unwrap_err().to_string().contains("exposur"));
    assert!(read("scope = -1").is_err());
    let zeros: String = Factor::ALL.map(|factor| format!("{} = 0\n", factor.name())).concat();
    assert!(read(&zeros).unwrap_err().to_string().contains("above 0"));
    assert_eq!(Weights::default().limits().map(|(_, limit)| limit), [30, 15, 15, 10, 10, 10, 10]);
}

#[test]
fn what_is_not_known_is_never_cheaper_than_the_least_that_it_may_be() {
    let severity = |reach: Reach<'_>| reach.severity().of_thousand;
    let least = |role| {
        let mut grant = token(role);
        grant.orgs.clear();
        severity(Reach::Granted(&grant))
    };
    for role in [Role::Read, Role::Write, Role::God] {
        assert!(severity(Reach::Role(role.name())) >= least(role.clone()), "{role:?}");
        assert!(severity(Reach::Unknown) >= least(role));
    }
    assert!(severity(Reach::Role("fineGrained")) >= severity(Reach::Granted(&fine(Vec::new()))));
    let now = moment("2026-11-24T00:00:00Z");
    let unknown = Risk::of_identity(&seen(), &Weights::default(), &BTreeSet::new(), now);
    assert!(unknown.parts.iter().all(|part| part.points > 0 || part.factor == Factor::Exposure));
}

#[test]
fn both_risks_are_one_sum() {
    let now = moment("2026-11-24T00:00:00Z");
    let grant = made("2026-01-01T00:00:00Z");
    let mut identity = seen();
    identity.standing.grant = Some(grant.clone());
    identity.standing.verdict = Verdict::Active;
    identity.exposure.keepings = [Keeping::SharedFile].into();
    let weights = Weights::new([40, 20, 20, 20, 0, 0, 0]).unwrap();
    let risk = Risk::of_identity(&identity, &weights, &BTreeSet::new(), now);
    assert_eq!(risk.parts[..4], Risk::of(&grant, &[Keeping::SharedFile], now).parts[..]);
}

/// The points of an identity for one factor that is all that counts: its grade in percent.
fn grade(identity: &Identity, factor: Factor) -> u8 {
    let weights = Factor::ALL.map(|other| u16::from(other == factor));
    let weights = Weights::new(weights).unwrap();
    Risk::of_identity(identity, &weights, &BTreeSet::new(), identity.created_at).score()
}

#[test]
fn exposure_is_the_worst_of_places_sources_and_environments() {
    let of = |places: u64, present: u64, sources: usize, environments: usize| {
        let mut identity = seen();
        let names = |count| (0..count).map(|n| n.to_string()).collect();
        identity.exposure.places = places;
        identity.exposure.present = present;
        identity.exposure.sources = names(sources);
        identity.exposure.environments = names(environments);
        grade(&identity, Factor::Exposure)
    };
    assert_eq!([of(0, 0, 0, 0), of(3, 0, 0, 0)], [0, 20]);
    assert_eq!([1, 2, 3, 4, 9, 10, 99].map(|n| of(n, n, 0, 0)), [40, 60, 60, 80, 80, 100, 100]);
    assert_eq!([1, 2, 4, 10].map(|n| of(1, 1, n, 0)), [40, 60, 80, 100]);
    assert_eq!([1, 2, 3].map(|n| of(1, 1, 1, n)), [40, 80, 100]);
    let mut identity = seen();
    identity.conditions.insert(Condition::Compromised);
    assert_eq!(grade(&identity, Factor::Exposure), 100);
}

#[test]
fn an_age_that_is_not_told_is_at_least_what_it_is_known_for() {
    let of = |since: &str| {
        let mut identity = seen();
        identity.versions[0].since = moment(since);
        grade(&identity, Factor::Rotation)
    };
    assert_eq!(of("2026-01-01T00:00:00Z"), 50);
    assert_eq!(of("2025-03-01T00:00:00Z"), 75);
    assert_eq!(of("2020-01-01T00:00:00Z"), 100);
}

#[test]
fn owners_and_what_depends_on_it_are_graded_as_documented() {
    let with = |owner: Option<&str>, backup: Option<&str>| {
        let mut identity = seen();
        identity.ownership.owner = owner.map(str::to_owned);
        identity.ownership.backup = backup.map(str::to_owned);
        grade(&identity, Factor::Ownership)
    };
    assert_eq!(with(Some("a"), Some("b")), 0);
    assert_eq!([with(Some("a"), None), with(Some("a"), Some("a")), with(None, Some("b"))], [40; 3]);
    assert_eq!(with(None, None), 100);
    let of = |criticality, resources: &[&str]| {
        let mut identity = seen();
        identity.purpose.criticality = criticality;
        identity.purpose.resources = resources.iter().map(|&name| name.to_owned()).collect();
        grade(&identity, Factor::Criticality)
    };
    assert_eq!(Criticality::ALL.map(|level| of(level, &[])), [0, 40, 50, 100]);
    assert_eq!(Criticality::ALL.map(|level| of(level, &["acme/model"])), [80, 80, 80, 100]);
}

#[test]
fn who_left_answers_for_nothing() {
    let graded = |owner: Option<&str>, backup: Option<&str>| {
        let mut identity = seen();
        identity.ownership.owner = owner.map(str::to_owned);
        identity.ownership.backup = backup.map(str::to_owned);
        let weights = Weights::new([0, 0, 0, 0, 0, 1, 0]).unwrap();
        let leavers = BTreeSet::from(["gone".to_owned(), "left".to_owned()]);
        let risk = Risk::of_identity(&identity, &weights, &leavers, identity.created_at);
        (risk.score(), risk.parts[5].reason.clone())
    };
    for (owner, backup, points, reason) in [
        (Some("gone"), None, 100, "nobody answers for it: gone left"),
        (Some("gone"), Some("gone"), 100, "nobody answers for it: gone left"),
        (Some("gone"), Some("left"), 100, "nobody answers for it: gone and left left"),
        (Some("gone"), Some("bob"), 40, "bob alone answers for it: gone left"),
        (Some("alice"), Some("left"), 40, "alice alone answers for it: left left"),
        (Some("alice"), Some("bob"), 0, "alice answers for it, or else bob"),
    ] {
        assert_eq!(graded(owner, backup), (points, reason.to_owned()));
    }
}

#[test]
fn the_documentation_has_the_weights() {
    let page = include_str!("../../../../docs/risk.md");
    for (factor, limit) in Weights::default().limits() {
        let row = format!("| {} | {limit} |", factor.name());
        assert!(page.contains(&row), "{row}");
    }
}
