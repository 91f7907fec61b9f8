//! The classic roles of access tokens: `read`, `write` and `god`.
//!
//! `read` reaches whatever its owner can read and calls models; `write` reaches whatever its owner
//! may do with repositories (<https://huggingface.co/docs/hub/security-tokens>). The owner may do in
//! an organisation what the member's role there allows
//! (<https://huggingface.co/docs/hub/organizations-security>). That `write` reaches Jobs, endpoints,
//! webhooks and organisation settings as well is not documented, and assumed here.

use super::{Basis, Right, belongings};
use crate::{
    grant::{Grant, OrgAccess, OrgRole, Role},
    scope::{
        Access,
        Action::{
            self, Admin, Collections, Discuss, Endpoints, Infer, Jobs, Manage, Read, Webhooks,
        },
        Resource,
    },
};

const BY_GROUPS: &str = "the repositories of the owner's resource groups";
const OWN_REPOSITORIES: &str = "repositories that the owner created";
const ROLE_UNKNOWN: &str = "as far as the owner's role in the organisation allows";
const BILLING: &str = "if the organisation lets its members bill it";
const ELSEWHERE: &str = "what is public, and gated repositories that the owner was let into";

/// The actions that a member's role allows, each with the part of it.
type Allowed = &'static [(Action, Option<&'static str>)];

/// The rights of a role that lists no permissions.
pub(super) fn of(grant: &Grant, role: &Role) -> Vec<Right> {
    let writes = match role {
        Role::Read => false,
        Role::Write | Role::God => true,
        Role::FineGrained(_) | Role::Unknown(_) => return of_unknown(role),
    };
    let right = |action, (resource, part): (Resource, Option<String>)| Right {
        access: Access::new(action, resource),
        part,
        by: Basis::Role(role.name().to_owned()),
    };
    let elsewhere = || (Resource::All(None), Some(ELSEWHERE.to_owned()));
    let mut rights = vec![right(Read, elsewhere())];
    if writes {
        rights.push(right(Discuss, elsewhere()));
    }
    let namespaces = [(&grant.account.name, in_own_namespace(writes))];
    let orgs = grant.orgs.iter().map(|org| (&org.name, in_org(org, writes)));
    let groups = grant.orgs.iter().map(|org| (&org.name, by_groups(org, writes)));
    for (name, allowed) in namespaces.into_iter().chain(orgs).chain(groups) {
        let (resource, unnamed) = belongings(name);
        rights.extend(allowed.iter().map(|&(action, part)| {
            let part = part.map(str::to_owned).or_else(|| unnamed.clone());
            right(action, (resource.clone(), part))
        }));
    }
    rights
}

fn of_unknown(role: &Role) -> Vec<Right> {
    Action::ALL
        .map(|action| Right {
            access: Access::new(action, Resource::All(None)),
            part: Some(format!("what the role `{}` allows is not known", role.name())),
            by: Basis::Untold,
        })
        .into()
}

fn in_own_namespace(writes: bool) -> Allowed {
    if writes {
        &[
            (Manage, None),
            (Discuss, None),
            (Infer, None),
            (Endpoints, None),
            (Jobs, None),
            (Webhooks, None),
            (Collections, None),
        ]
    } else {
        &[(Read, None), (Infer, None)]
    }
}

/// What resource groups add: a member may have a stronger role in one than in the organisation
/// (<https://huggingface.co/docs/hub/security-resource-groups>).
fn by_groups(org: &OrgAccess, writes: bool) -> Allowed {
    let reads_only = |role: &OrgRole| matches!(role, OrgRole::Read | OrgRole::NoAccess);
    let groups = &org.resource_groups;
    if groups.is_empty() {
        &[]
    } else if writes && !groups.iter().all(|group| reads_only(&group.role)) {
        &[(Manage, Some(BY_GROUPS))]
    } else {
        &[(Read, Some(BY_GROUPS))]
    }
}

fn in_org(org: &OrgAccess, writes: bool) -> Allowed {
    match (org.role.as_ref(), writes) {
        (Some(OrgRole::NoAccess), _) => &[],
        (None | Some(OrgRole::Unknown(_)), false) => &[(Read, Some(ROLE_UNKNOWN))],
        (None | Some(OrgRole::Unknown(_)), true) => {
            &[(Manage, Some(ROLE_UNKNOWN)), (Admin, Some(ROLE_UNKNOWN))]
        }
        (Some(_), false) => &[(Read, None), (Infer, Some(BILLING))],
        (Some(OrgRole::Read), true) => &[(Read, None), (Discuss, None), (Infer, Some(BILLING))],
        (Some(OrgRole::Contributor), true) => &[
            (Read, None),
            (Discuss, None),
            (Manage, Some(OWN_REPOSITORIES)),
            (Infer, Some(BILLING)),
            (Jobs, Some(BILLING)),
        ],
        (Some(OrgRole::Write), true) => &[
            (Manage, None),
            (Discuss, None),
            (Collections, None),
            (Infer, Some(BILLING)),
            (Jobs, None),
            (Endpoints, None),
        ],
        (Some(OrgRole::Admin), true) => &[
            (Manage, None),
            (Discuss, None),
            (Collections, None),
            (Infer, Some(BILLING)),
            (Jobs, None),
            (Endpoints, None),
            (Admin, None),
        ],
    }
}
