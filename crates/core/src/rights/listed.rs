//! Credentials whose permissions are listed, or not told at all: fine-grained tokens, OAuth sessions,
//! trusted publishers and applications.

use super::{Basis, Right};
use crate::{
    grant::{
        Allows, AppScope, Entity, EntityKind, FineGrained, Grant, OrgAccess, OrgRole, Permission,
        Scoped, Session,
    },
    scope::{Access, Action, RepoKind, Resource},
};

const GATED: &str = "public gated repositories that the owner was let into";
const CONSENT: &str = "where the user consented to it";
const UNTOLD: &str = "the Hub does not tell what it may do";

/// The rights of a fine-grained token: those listed, and no other.
pub(super) fn of_fine_grained(grant: &Grant, fine: &FineGrained) -> Vec<Right> {
    let global = fine.global.iter().filter_map(|p| right(p, Resource::All(None), None));
    let scoped = fine.scoped.iter().flat_map(|scoped| of_scoped(grant, scoped));
    let gated = fine.can_read_gated.then(|| Right {
        access: Access { action: Action::Read, resource: Resource::All(None) },
        part: Some(GATED.to_owned()),
        by: Basis::Gated,
    });
    global.chain(scoped).chain(gated).collect()
}

/// A right within what its owner may: no token exceeds that, and the Hub lists permissions all the
/// same. Whether the owner was let into more, by a resource group say, is not told.
pub(super) fn bounded(grant: &Grant, right: Right) -> Right {
    let owner = right.access.resource.owner();
    let is_owner =
        |org: &&OrgAccess| owner.is_some_and(|o| org.name.eq_ignore_ascii_case(o.as_str()));
    let role = grant.orgs.iter().find(is_owner).and_then(|org| org.role.as_ref());
    let is_enough = match (right.access.action, role) {
        (_, None | Some(OrgRole::Admin | OrgRole::Unknown(_))) => true,
        (Action::Admin, _) | (_, Some(OrgRole::NoAccess)) => false,
        (Action::Read | Action::Discuss | Action::Infer, _) => true,
        (_, Some(role)) => *role == OrgRole::Write,
    };
    let bound = role
        .filter(|_| !is_enough)
        .map(|role| format!("if the owner may, whose role there is `{}`", role.name()));
    Right { part: right.part.or(bound), ..right }
}

fn of_scoped(grant: &Grant, scoped: &Scoped) -> Vec<Right> {
    let (resource, mut part) = place(grant, &scoped.entity);
    if !scoped.patterns.is_empty() {
        let names: Vec<_> = scoped.patterns.iter().flat_map(|p| p.wildcards.clone()).collect();
        part.get_or_insert_with(|| format!("those named {}", names.join(", ")));
    }
    let permissions = scoped.permissions.iter();
    permissions.filter_map(|p| right(p, resource.clone(), part.clone())).collect()
}

/// A permission on a resource, where it allows something to be done.
fn right(permission: &Permission, resource: Resource, part: Option<String>) -> Option<Right> {
    let Allows { action, part: own_part } = permission.allows()?;
    Some(Right {
        access: Access { action, resource },
        part: own_part.map(str::to_owned).or(part),
        by: Basis::Permission(permission.clone()),
    })
}

/// Where an entity is in the world of scopes, and which part of that place it is if it is not all.
fn place(grant: &Grant, entity: &Entity) -> (Resource, Option<String>) {
    let kind = match entity.kind {
        EntityKind::Model => RepoKind::Model,
        EntityKind::Dataset => RepoKind::Dataset,
        EntityKind::Space => RepoKind::Space,
        EntityKind::Bucket => RepoKind::Bucket,
        EntityKind::Kernel => RepoKind::Kernel,
        _ => return place_of_owner(grant, entity),
    };
    let named = entity.name.as_deref().and_then(|name| Resource::repository(kind, name));
    match named {
        Some(repository) => (repository, None),
        None => (Resource::All(Some(kind)), Some(unnamed(entity))),
    }
}

fn place_of_owner(grant: &Grant, entity: &Entity) -> (Resource, Option<String>) {
    let owner = match entity.kind {
        EntityKind::User | EntityKind::Org => {
            let name = entity.name.as_deref().or_else(|| name_of(grant, &entity.id));
            (name.and_then(Resource::namespace), None)
        }
        EntityKind::ResourceGroup => {
            let group = entity.name.as_deref().unwrap_or(&entity.id);
            let part = format!("resource group `{group}`");
            (org_of_group(grant, &entity.id).and_then(Resource::namespace), Some(part))
        }
        _ => (None, None),
    };
    match owner {
        (Some(namespace), part) => (namespace, part),
        (None, part) => (Resource::All(None), part.or_else(|| Some(unnamed(entity)))),
    }
}

fn unnamed(entity: &Entity) -> String {
    match &entity.name {
        Some(name) => format!("{} `{name}`", entity.kind.name()),
        None => format!("the {} with the id {}", entity.kind.name(), entity.id),
    }
}

fn name_of<'a>(grant: &'a Grant, id: &str) -> Option<&'a str> {
    let orgs = grant.orgs.iter().map(|org| (&org.id, &org.name));
    let mut accounts = orgs.chain([(&grant.account.id, &grant.account.name)]);
    accounts.find(|(own, _)| *own == id).map(|(_, name)| name.as_str())
}

fn org_of_group<'a>(grant: &'a Grant, id: &str) -> Option<&'a str> {
    let has_group = |org: &&OrgAccess| org.resource_groups.iter().any(|g| g.id == id);
    grant.orgs.iter().find(has_group).map(|org| org.name.as_str())
}

/// The rights of an OAuth session, or of a trusted publisher's token, which writes one repository
/// or reads what a user was let into (<https://huggingface.co/docs/hub/trusted-publishers>).
pub(super) fn of_session(grant: &Grant, session: &Session) -> Vec<Right> {
    if let Some(resource) = &session.resource {
        return vec![of_publisher(resource)];
    }
    let Some(scopes) = &session.scopes else { return untold() };
    let own = Resource::namespace(&grant.account.name).map(|own| (own, None));
    let orgs = grant.orgs.iter().filter_map(|org| Resource::namespace(&org.name));
    let orgs = orgs.map(|org| (org, Some(CONSENT.to_owned())));
    let places: Vec<_> = own.into_iter().chain(orgs).collect();
    let on_all = |permission| {
        places.iter().filter_map(move |(p, part)| right(permission, p.clone(), part.clone()))
    };
    scopes.iter().flat_map(on_all).collect()
}

fn of_publisher(resource: &str) -> Right {
    let is_repository = resource.contains('/');
    let repository = Resource::parse(resource).filter(|_| is_repository);
    let (access, part) = match repository {
        Some(resource) => (Access { action: Action::Write, resource }, None),
        None => {
            (Access { action: Action::Read, resource: Resource::All(None) }, Some(GATED.to_owned()))
        }
    };
    Right { access, part, by: Basis::TrustedPublisher }
}

/// The rights of an application's token: the Hub tells its role and the identifiers of its things.
pub(super) fn of_app(grant: &Grant, scope: Option<&AppScope>) -> Vec<Right> {
    let Some(scope) = scope else { return untold() };
    let action = match scope.role {
        OrgRole::Read | OrgRole::NoAccess => Action::Read,
        OrgRole::Write | OrgRole::Contributor => Action::Write,
        OrgRole::Admin => Action::Manage,
        OrgRole::Unknown(_) => return untold(),
    };
    let places = scope.entities.iter().map(|id| {
        let named = name_of(grant, id).and_then(Resource::namespace);
        named.map_or_else(
            || (Resource::All(None), Some(format!("the thing with the id {id}"))),
            |resource| (resource, None),
        )
    });
    let by = Basis::Role(scope.role.name().to_owned());
    places
        .map(|(resource, part)| Right { access: Access { action, resource }, part, by: by.clone() })
        .collect()
}

fn untold() -> Vec<Right> {
    Action::ALL
        .map(|action| Right {
            access: Access { action, resource: Resource::All(None) },
            part: Some(UNTOLD.to_owned()),
            by: Basis::Untold,
        })
        .into()
}
