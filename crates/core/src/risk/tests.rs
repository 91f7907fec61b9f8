//! Risks of grants, and of identities.

use proptest::prelude::*;

use super::*;
use crate::{
    grant::{Credential, Plan},
    grant::{EntityKind, FineGrained, OrgRole, PERMISSIONS, Permission, Restriction, Role, Scoped},
    impact::Impact,
    rights::samples::{fine, org, scoped, token},
};

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
    let all = [Factor::Scope, Factor::Rotation, Factor::Storage, Factor::Revocation];
    assert_eq!(all.map(Factor::limit).iter().sum::<u8>(), 100);
    assert_eq!(Impact::ALL.map(weight).iter().sum::<u8>(), Factor::Scope.limit());
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

fn an_entry() -> impl Strategy<Value = Scoped> {
    let kinds = prop::sample::select(vec!["model", "dataset", "space", "org", "user", "thing"]);
    let names = prop::sample::select(vec![
        Some("acme/a"),
        Some("acme/b"),
        Some("acme"),
        Some("beta"),
        Some("alice"),
        None,
    ]);
    let mut all: Vec<_> = PERMISSIONS.iter().map(|row| row.name).collect();
    all.extend(["repo.new.write", "new.read"]);
    let permissions = prop::collection::vec(prop::sample::select(all), 1..4);
    (kinds, names, permissions)
        .prop_map(|(kind, name, permissions)| scoped(kind.into(), name, &permissions))
}

fn listed(entries: &[Scoped], global: &[&str], gated: bool) -> Grant {
    token(Role::FineGrained(FineGrained {
        scoped: entries.to_vec(),
        global: global.iter().map(|&name| Permission::from(name)).collect(),
        can_read_gated: gated,
    }))
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
