//! Grants for tests.

use jiff::Timestamp;
use proptest::prelude::*;

use crate::grant::{
    AccessToken, Account, AccountKind, AppScope, Credential, Entity, EntityKind, FineGrained,
    Grant, OrgAccess, OrgRole, PERMISSIONS, Pattern, Permission, Plan, ResourceGroup, Restriction,
    Role, Scoped, Session,
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

/// A line of a fine-grained token's list.
pub(crate) fn an_entry() -> impl Strategy<Value = Scoped> {
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

pub(crate) fn listed(entries: &[Scoped], global: &[&str], gated: bool) -> Grant {
    token(Role::FineGrained(FineGrained {
        scoped: entries.to_vec(),
        global: global.iter().map(|&name| Permission::from(name)).collect(),
        can_read_gated: gated,
    }))
}

/// A moment of the years around 2025, to the second.
pub(crate) fn a_moment() -> impl Strategy<Value = Timestamp> {
    (1_600_000_000_i64..1_900_000_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn a_role() -> impl Strategy<Value = Role> {
    let of_list = prop::collection::vec(an_entry(), 0..4).prop_map(|mut scoped| {
        if let Some(first) = scoped.first_mut() {
            let wildcards = vec!["endpoint-*".to_owned()];
            first.patterns.push(Pattern { resource: "inference-endpoint".to_owned(), wildcards });
        }
        let global = vec![Permission::from("discussion.write"), Permission::from("new.read")];
        Role::FineGrained(FineGrained { scoped, global, can_read_gated: true })
    });
    prop_oneof![
        Just(Role::Read),
        Just(Role::Write),
        Just(Role::God),
        Just(Role::Unknown("new".to_owned())),
        of_list,
    ]
}

fn a_credential() -> impl Strategy<Value = Credential> {
    let token = (a_role(), prop::option::of(a_moment())).prop_map(|(role, created_at)| {
        Credential::AccessToken(AccessToken { display_name: "ci".to_owned(), role, created_at })
    });
    let scopes = prop::option::of(Just(vec![Permission::from("read-repos")]));
    let resource = prop::option::of(Just("acme/model".to_owned()));
    let session = (scopes, resource)
        .prop_map(|(scopes, resource)| Credential::Session(Session { scopes, resource }));
    let app = prop::option::of(Just(AppScope {
        role: OrgRole::Write,
        entities: vec!["a-repository".to_owned()],
    }));
    prop_oneof![4 => token, 1 => session, 1 => app.prop_map(Credential::App)]
}

fn an_org() -> impl Strategy<Value = OrgAccess> {
    let role =
        prop::sample::select(vec!["admin", "write", "contributor", "read", "no_access", "new"]);
    let plan = prop::option::of(prop::sample::select(vec!["team", "enterprise", "new"]));
    let bars = prop::collection::vec(prop::sample::select(vec!["mfa", "sso", "new"]), 0..2);
    let name = prop::sample::select(vec!["acme", "beta", "omega"]);
    (name, role, plan, bars).prop_map(|(name, role, plan, bars)| {
        let group = ResourceGroup {
            id: "a-group".to_owned(),
            name: "group".to_owned(),
            role: OrgRole::from(role),
        };
        OrgAccess {
            plan: plan.map(Plan::from),
            restrictions: bars.into_iter().map(Restriction::from).collect(),
            resource_groups: vec![group],
            ..org(name, OrgRole::from(role))
        }
    })
}

/// Anything that the Hub may tell of a credential.
pub(crate) fn a_grant() -> impl Strategy<Value = Grant> {
    let orgs = prop::collection::vec(an_org(), 0..3);
    (a_credential(), orgs, prop::option::of(a_moment()))
        .prop_map(|(credential, orgs, expires_at)| Grant { orgs, expires_at, ..grant(credential) })
}
