//! The risk of what a credential can reach.

use std::collections::BTreeSet;

use super::Severity;
use crate::{
    grant::{Grant, Role},
    identity::Standing,
    impact::{BlastRadius, Evidence, Impact},
    rights::Basis,
    scope::Resource,
};

/// What is known of what a credential may do.
pub(super) enum Reach<'a> {
    /// All that the Hub tells.
    Granted(&'a Grant),
    /// No more than the name of its role.
    Role(&'a str),
    /// Nothing.
    Unknown,
}

impl<'a> Reach<'a> {
    pub(super) fn of_standing(standing: &'a Standing) -> Self {
        match (&standing.grant, &standing.role) {
            (Some(grant), _) => Self::Granted(grant),
            (None, Some(role)) => Self::Role(role),
            (None, None) => Self::Unknown,
        }
    }

    pub(super) fn severity(&self) -> Severity {
        match self {
            Self::Granted(grant) => of_radius(&BlastRadius::of(grant)),
            Self::Role(role) => of_role(role),
            Self::Unknown => Severity::new(750, "what it may do is not known"),
        }
    }
}

/// What a role comes to whose grant is not known: as if its owner belonged to several organisations.
fn of_role(role: &str) -> Severity {
    if role == Role::Read.name() {
        return Severity::new(500, "its role is `read`, over all that its owner can see");
    }
    if role == Role::Write.name() || role == Role::God.name() {
        return Severity::new(
            Severity::WORST,
            format!("its role is `{role}`, over all that its owner may change"),
        );
    }
    Severity::new(750, format!("its role is `{role}`, and what that allows it is not known"))
}

/// How much of the Hub something concerns, in quarters of the worst.
fn breadth(evidence: &[Evidence]) -> u16 {
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

/// What each class weighs at its broadest. Together they are a thousand.
pub(super) fn weight(impact: Impact) -> u16 {
    match impact {
        Impact::Download => 200,
        Impact::Alter | Impact::Poison => 250,
        Impact::Pivot => 300,
    }
}

fn of_radius(radius: &BlastRadius) -> Severity {
    let breadths = Impact::ALL.map(|impact| (impact, breadth(radius.evidence(impact))));
    let sum = breadths.iter().map(|(impact, breadth)| weight(*impact) * breadth).sum::<u16>();
    let over = match breadths.iter().map(|(_, breadth)| *breadth).max() {
        None | Some(0) => "nothing private",
        Some(2) => "single repositories or services",
        Some(3) => "all that one owner has, or many repositories",
        Some(_) => "all that several owners have, or who may do what",
    };
    let reached = breadths.iter().filter(|(_, breadth)| *breadth > 0);
    let names: Vec<_> = reached.map(|(impact, _)| impact.name()).collect();
    let reason = match names.as_slice() {
        [] => format!("it reaches {over}"),
        names => format!("it allows to {}, at most over {over}", names.join(", ")),
    };
    Severity::new(sum / 4, reason)
}
