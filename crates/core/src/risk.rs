//! How risky a credential is, as a number that can be taken apart.
//!
//! Each factor adds points up to a limit of its own, and says why. More scope never makes a
//! credential less risky, whatever else is true of it.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    grant::{Credential, Grant, Plan},
    impact::{BlastRadius, Evidence, Impact},
    rights::Basis,
    scope::Resource,
};

/// Something that makes a credential risky.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Factor {
    /// What it can reach.
    Scope,
    /// How long it has been the same.
    Rotation,
    /// Where it is kept.
    Storage,
    /// How fast it can be ended.
    Revocation,
}

impl Factor {
    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Rotation => "rotation",
            Self::Storage => "storage",
            Self::Revocation => "revocation",
        }
    }

    /// The most points that it adds. Together they are 100.
    pub fn limit(self) -> u8 {
        match self {
            Self::Scope => 40,
            Self::Rotation | Self::Storage | Self::Revocation => 20,
        }
    }
}

/// The points of one factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which factor.
    pub factor: Factor,
    /// Points from 0 to the factor's limit.
    pub points: u8,
    /// Why, in a sentence without a full stop.
    pub reason: String,
}

/// A risk with its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// One for each factor.
    pub parts: Vec<Part>,
}

/// A risk in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Below 25.
    Low,
    /// From 25.
    Moderate,
    /// From 50.
    High,
    /// From 75.
    Critical,
}

impl Level {
    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// How a credential is kept in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keeping {
    /// Sealed: in a vault or a keyring.
    Sealed,
    /// In the environment of a process.
    Environment,
    /// In a file that its owner alone can read.
    PrivateFile,
    /// Nobody said.
    Untold,
    /// In a file that other users of the computer can read.
    SharedFile,
    /// Where copies are made: a repository, a log, a notebook, a chat.
    Copied,
}

impl Risk {
    /// The risk of a credential with this grant, kept in these places, at a moment.
    pub fn of(grant: &Grant, kept: &[Keeping], now: Timestamp) -> Self {
        let radius = BlastRadius::of(grant);
        Self {
            parts: vec![
                scope(&radius),
                rotation(grant, now),
                storage(kept),
                revocation(grant, now),
            ],
        }
    }

    /// From 0, harmless, to 100.
    pub fn score(&self) -> u8 {
        self.parts.iter().map(|part| part.points).sum()
    }

    /// The score in a word.
    pub fn level(&self) -> Level {
        match self.score() {
            0..25 => Level::Low,
            25..50 => Level::Moderate,
            50..75 => Level::High,
            _ => Level::Critical,
        }
    }
}

/// How much of the Hub something concerns, in quarters of the worst.
fn breadth(evidence: &[Evidence]) -> u8 {
    let on = || evidence.iter().flat_map(|e| e.on.iter().map(move |resource| (e, resource)));
    let is_all = |(e, resource): (&Evidence, &Resource)| {
        let is_untold = e.by == Basis::Untold || e.part.is_none();
        matches!(resource, Resource::All(_)) && is_untold
    };
    let owners: BTreeSet<_> = on()
        .filter(|(_, resource)| matches!(resource, Resource::Namespace(..)))
        .filter_map(|(_, resource)| resource.owner())
        .collect();
    let repositories: BTreeSet<_> = on().map(|(_, resource)| resource).collect();
    match (owners.len(), repositories.len()) {
        (2.., _) => 4,
        _ if on().any(is_all) || evidence.iter().any(Evidence::is_critical) => 4,
        (1, _) | (_, 11..) => 3,
        (_, 1..) => 2,
        _ => 0,
    }
}

/// What each class weighs at its broadest. Together they are the limit of the factor.
fn weight(impact: Impact) -> u8 {
    match impact {
        Impact::Download => 8,
        Impact::Alter | Impact::Poison => 10,
        Impact::Pivot => 12,
    }
}

fn scope(radius: &BlastRadius) -> Part {
    let mut points = 0;
    let mut names = Vec::new();
    let mut widest = 0;
    for impact in Impact::ALL {
        let breadth = breadth(radius.evidence(impact));
        points += weight(impact) * breadth / 4;
        widest = widest.max(breadth);
        if breadth > 0 {
            names.push(impact.name());
        }
    }
    let over = match widest {
        0 => "nothing private",
        2 => "single repositories or services",
        3 => "all that one owner has, or many repositories",
        _ => "all that several owners have, or who may do what",
    };
    let reason = match names.as_slice() {
        [] => format!("it reaches {over}"),
        names => format!("it allows to {}, at most over {over}", names.join(", ")),
    };
    Part { factor: Factor::Scope, points, reason }
}

fn days(duration: SignedDuration) -> i64 {
    duration.as_hours().max(0) / 24
}

fn rotation(grant: &Grant, now: Timestamp) -> Part {
    let part = |points, reason| Part { factor: Factor::Rotation, points, reason };
    if let Some(expires_at) = grant.expires_at {
        let left = days(expires_at.duration_since(now));
        if left < 30 {
            return part(0, format!("it expires by itself within {} days", left + 1));
        }
    }
    let Credential::AccessToken(token) = &grant.credential else {
        return part(5, "it is renewed by the program that holds it, when is not told".to_owned());
    };
    let Some(created_at) = token.created_at else {
        return part(10, "its age is not told".to_owned());
    };
    let age = days(now.duration_since(created_at));
    let points = match age {
        ..=30 => 0,
        31..=90 => 5,
        91..=180 => 10,
        181..=365 => 15,
        _ => 20,
    };
    let ago = match age {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    };
    part(points, format!("it was made or rotated {ago}"))
}

fn storage(kept: &[Keeping]) -> Part {
    let worst = kept.iter().max().copied().unwrap_or(Keeping::Untold);
    let (points, reason) = match worst {
        Keeping::Sealed => (0, "it is kept in a vault or a keyring"),
        Keeping::Environment => {
            (8, "it stands in an environment, which every child process inherits")
        }
        Keeping::PrivateFile => (10, "it stands in clear in a file"),
        Keeping::Untold => (10, "where it is kept was not told"),
        Keeping::SharedFile => (16, "it stands in clear in a file that others can read"),
        Keeping::Copied => (20, "it stands where copies are made"),
    };
    Part { factor: Factor::Storage, points, reason: reason.to_owned() }
}

fn revocation(grant: &Grant, now: Timestamp) -> Part {
    let hours = grant.expires_at.map(|at| at.duration_since(now).as_hours());
    let (points, reason) = match (&grant.credential, hours) {
        (_, Some(..=0)) => (2, "it ends by itself within the hour"),
        (_, Some(..=24)) => (6, "it ends by itself within a day"),
        (Credential::AccessToken(_), _) if can_be_cut(grant) => (
            12,
            "an organisation's administrators can cut its access there; elsewhere it ends by hand, \
             or by reporting its value",
        ),
        (Credential::AccessToken(_), _) => {
            (15, "it ends by hand, or by reporting its value, and only a person makes the next one")
        }
        (Credential::Session(_), _) => {
            (15, "it ends when the user removes the application, which is done by hand")
        }
        (Credential::App(_), _) => (15, "it ends where its application was set up, by hand"),
    };
    Part { factor: Factor::Revocation, points, reason: reason.to_owned() }
}

/// Whether all it reaches beside its owner's own is of organisations that may revoke single
/// tokens, which Enterprise plans allow
/// (<https://huggingface.co/docs/hub/enterprise-tokens-management>).
fn can_be_cut(grant: &Grant) -> bool {
    let may_cut = |plan: &Option<Plan>| matches!(plan, Some(Plan::Enterprise | Plan::Plus));
    !grant.orgs.is_empty() && grant.orgs.iter().all(|org| may_cut(&org.plan))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        grant::{
            EntityKind, FineGrained, OrgRole, PERMISSIONS, Permission, Restriction, Role, Scoped,
        },
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
}
