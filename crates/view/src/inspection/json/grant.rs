//! Whose a token is and what it may do.

use bearhug_core::grant::{
    Credential, Entity, FineGrained, Grant, OrgAccess, OrgRole, Permission, Plan, Power, Role,
};
use jiff::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct AccountModel<'a> {
    pub(super) kind: &'a str,
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) full_name: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct CredentialModel<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    name: Option<&'a str>,
    role: Option<&'a str>,
    created_at: Option<String>,
    age_days: Option<i64>,
    resource: Option<&'a str>,
}

impl<'a> CredentialModel<'a> {
    pub(super) fn of(credential: &'a Credential, now: Timestamp) -> Self {
        let none = |kind| Self {
            kind,
            name: None,
            role: None,
            created_at: None,
            age_days: None,
            resource: None,
        };
        match credential {
            Credential::AccessToken(token) => Self {
                name: Some(&token.display_name),
                role: Some(token.role.name()),
                created_at: token.created_at.map(|at| at.to_string()),
                age_days: token.created_at.map(|at| now.duration_since(at).as_hours() / 24),
                ..none("access_token")
            },
            Credential::Session(session) => {
                Self { resource: session.resource.as_deref(), ..none("session") }
            }
            Credential::App(scope) => {
                Self { role: scope.as_ref().map(|scope| scope.role.name()), ..none("app") }
            }
        }
    }
}

#[derive(Serialize)]
pub(super) struct OrgModel<'a> {
    name: &'a str,
    role: Option<&'a str>,
    plan: Option<&'a str>,
    restrictions: Vec<RestrictionModel<'a>>,
    resource_groups: Vec<GroupModel<'a>>,
}

#[derive(Serialize)]
struct RestrictionModel<'a> {
    name: &'a str,
    words: &'a str,
}

#[derive(Serialize)]
struct GroupModel<'a> {
    name: &'a str,
    role: &'a str,
}

impl<'a> OrgModel<'a> {
    pub(super) fn of(org: &'a OrgAccess) -> Self {
        let restrictions = org.restrictions.iter();
        let groups = org.resource_groups.iter();
        Self {
            name: &org.name,
            role: org.role.as_ref().map(OrgRole::name),
            plan: org.plan.as_ref().map(Plan::name),
            restrictions: restrictions
                .map(|r| RestrictionModel { name: r.name(), words: r.words() })
                .collect(),
            resource_groups: groups
                .map(|group| GroupModel { name: &group.name, role: group.role.name() })
                .collect(),
        }
    }
}

/// A permission, and what it is on: nothing where it holds everywhere.
#[derive(Serialize)]
pub(crate) struct PermissionModel<'a> {
    permission: &'a str,
    words: &'a str,
    power: &'static str,
    known: bool,
    on: Option<EntityModel<'a>>,
}

#[derive(Serialize, Clone, Copy)]
struct EntityModel<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    id: &'a str,
    name: Option<&'a str>,
}

impl<'a> EntityModel<'a> {
    fn of(entity: &'a Entity) -> Self {
        Self { kind: entity.kind.name(), id: &entity.id, name: entity.name.as_deref() }
    }
}

impl<'a> PermissionModel<'a> {
    fn of(permission: &'a Permission, on: Option<EntityModel<'a>>) -> Self {
        let power = match permission.power() {
            Power::Low => "low",
            Power::High => "high",
            Power::Critical => "critical",
        };
        Self {
            permission: permission.name(),
            words: permission.words(),
            power,
            known: !permission.is_unknown(),
            on,
        }
    }
}

pub(super) fn fine_grained(grant: &Grant) -> Option<&FineGrained> {
    match &grant.credential {
        Credential::AccessToken(token) => match &token.role {
            Role::FineGrained(fine) => Some(fine),
            _ => None,
        },
        _ => None,
    }
}

pub(crate) fn permissions(grant: &Grant) -> Vec<PermissionModel<'_>> {
    let fine = fine_grained(grant).into_iter();
    let listed = fine.flat_map(|fine| {
        let scoped = fine.scoped.iter().flat_map(|scoped| {
            let on = EntityModel::of(&scoped.entity);
            scoped.permissions.iter().map(move |p| PermissionModel::of(p, Some(on)))
        });
        scoped.chain(fine.global.iter().map(|p| PermissionModel::of(p, None)))
    });
    let scopes = match &grant.credential {
        Credential::Session(session) => session.scopes.as_deref().unwrap_or(&[]),
        _ => &[],
    };
    listed.chain(scopes.iter().map(|p| PermissionModel::of(p, None))).collect()
}
