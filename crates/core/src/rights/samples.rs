//! Grants for tests.

use crate::grant::{
    AccessToken, Account, AccountKind, Credential, Entity, EntityKind, FineGrained, Grant,
    OrgAccess, OrgRole, Permission, Role, Scoped,
};

pub(crate) fn org(name: &str, role: OrgRole) -> OrgAccess {
    OrgAccess {
        id: format!("id-{name}"),
        name: name.to_owned(),
        role: Some(role),
        plan: None,
        restrictions: Vec::new(),
        resource_groups: Vec::new(),
    }
}

/// `alice` with this credential, a member of `acme` (write) and `beta` (read).
pub(crate) fn grant(credential: Credential) -> Grant {
    Grant {
        account: Account {
            kind: AccountKind::User,
            id: "id-alice".to_owned(),
            name: "alice".to_owned(),
            full_name: None,
        },
        auth: "access_token".to_owned(),
        credential,
        orgs: vec![org("acme", OrgRole::Write), org("beta", OrgRole::Read)],
        expires_at: None,
    }
}

pub(crate) fn token(role: Role) -> Grant {
    let display_name = "ci".to_owned();
    grant(Credential::AccessToken(AccessToken { display_name, role, created_at: None }))
}

pub(crate) fn scoped(kind: EntityKind, name: Option<&str>, permissions: &[&str]) -> Scoped {
    let id = format!("id-{}", name.unwrap_or("nameless"));
    Scoped {
        entity: Entity { kind, id, name: name.map(str::to_owned) },
        permissions: permissions.iter().map(|&name| Permission::from(name)).collect(),
        patterns: Vec::new(),
    }
}

pub(crate) fn fine(scoped: Vec<Scoped>) -> Grant {
    token(Role::FineGrained(FineGrained { scoped, ..FineGrained::default() }))
}
