//! Credentials whose permissions are listed, or not told at all: fine-grained tokens, OAuth sessions,
//! trusted publishers and applications.

use super::{Basis, Right, belongings};
use crate::{
    grant::{
        Allows, AppScope, Credential, Entity, EntityKind, FineGrained, Grant, OrgAccess, OrgRole,
        Permission, Role, Scoped, Session,
    },
    scope::{Access, Action, RepoKind, Resource},
};

const GATED: &str = "public gated repositories that the owner was let into";
const CONSENT: &str = "where the user consented to it";
const UNTOLD: &str = "the Hub does not tell what it may do";
const UNKNOWN: &str = "what exactly is not documented";

/// The rights of a fine-grained token: those listed, and no other.
pub(super) fn of_fine_grained(grant: &Grant, fine: &FineGrained) -> Vec<Right> {
    let listed = of_list(grant, fine);
    let gated = fine.can_read_gated.then(|| Right {
        access: Access::new(Action::Read, Resource::All(None)),
        part: Some(GATED.to_owned()),
        by: Basis::Gated,
    });
    listed.iter().filter_map(Placed::right).chain(gated).collect()
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

/// A permission, where it holds, and for which part of that if not for all.
struct Placed<'a> {
    permission: &'a Permission,
    resource: Resource,
    part: Option<String>,
}

impl Placed<'_> {
    /// What is known or guessed of it, where it allows something to be done.
    fn right(&self) -> Option<Right> {
        let Allows { action, part } = self.permission.allows()?;
        let part = part.map(str::to_owned).or_else(|| self.part.clone());
        Some(self.allowing(action, part))
    }

    fn allowing(&self, action: Action, part: Option<String>) -> Right {
        let access = Access::new(action, self.resource.clone());
        Right { access, part, by: Basis::Permission(self.permission.clone()) }
    }
}

/// What permissions allow indirectly, which is anything: those that are not documented, since their names
/// suggest something and prove nothing, and those that make tokens, which may do what their maker may not.
pub(super) fn indirect(grant: &Grant) -> Vec<Right> {
    let placed = match &grant.credential {
        Credential::AccessToken(token) => match &token.role {
            Role::FineGrained(fine) => of_list(grant, fine),
            _ => Vec::new(),
        },
        Credential::Session(session) => of_scopes(grant, session),
        Credential::App(_) => Vec::new(),
    };
    let anything = |placed: &Placed<'_>| {
        let part = placed.permission.is_unknown().then(|| UNKNOWN.to_owned());
        Action::ALL.map(|action| placed.allowing(action, part.clone()))
    };
    let is_indirect = |p: &&Placed<'_>| p.permission.is_unknown() || p.permission.makes_tokens();
    placed.iter().filter(is_indirect).flat_map(anything).collect()
}

fn of_list<'a>(grant: &Grant, fine: &'a FineGrained) -> Vec<Placed<'a>> {
    let everywhere = |permission| Placed { permission, resource: Resource::All(None), part: None };
    let scoped = fine.scoped.iter().flat_map(|scoped| of_scoped(grant, scoped));
    fine.global.iter().map(everywhere).chain(scoped).collect()
}

fn of_scoped<'a>(grant: &Grant, scoped: &'a Scoped) -> impl Iterator<Item = Placed<'a>> {
    let (resource, mut part) = place(grant, &scoped.entity);
    if !scoped.patterns.is_empty() {
        let names: Vec<_> = scoped.patterns.iter().flat_map(|p| p.wildcards.clone()).collect();
        part.get_or_insert_with(|| format!("those named {}", names.join(", ")));
    }
    scoped.permissions.iter().map(move |permission| Placed {
        permission,
        resource: resource.clone(),
        part: part.clone(),
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
        return of_publisher(resource);
    }
    if session.scopes.is_none() {
        return untold();
    }
    of_scopes(grant, session).iter().filter_map(Placed::right).collect()
}

fn of_scopes<'a>(grant: &Grant, session: &'a Session) -> Vec<Placed<'a>> {
    let own = belongings(&grant.account.name);
    let orgs = grant.orgs.iter().map(|org| (belongings(&org.name).0, Some(CONSENT.to_owned())));
    let places: Vec<_> = std::iter::once(own).chain(orgs).collect();
    let on_all = |permission| {
        places.iter().map(move |(resource, part)| Placed {
            permission,
            resource: resource.clone(),
            part: part.clone(),
        })
    };
    session.scopes.iter().flatten().flat_map(on_all).collect()
}

/// The subject is the path of a repository, or the name of a user. Any other is not understood.
fn of_publisher(subject: &str) -> Vec<Right> {
    let (access, part) = match Resource::parse(subject) {
        Some(resource @ Resource::Repository(..)) if subject.contains('/') => {
            (Access::new(Action::Write, resource), None)
        }
        Some(Resource::Repository(..)) => {
            (Access::new(Action::Read, Resource::All(None)), Some(GATED.to_owned()))
        }
        _ => return untold(),
    };
    vec![Right { access, part, by: Basis::TrustedPublisher }]
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
        .map(|(resource, part)| Right {
            access: Access::new(action, resource),
            part,
            by: by.clone(),
        })
        .collect()
}

fn untold() -> Vec<Right> {
    Action::ALL
        .map(|action| Right {
            access: Access::new(action, Resource::All(None)),
            part: Some(UNTOLD.to_owned()),
            by: Basis::Untold,
        })
        .into()
}
