//! What a list adds to a grant.
//!
//! A list tells what concerns its organisation. That part of the recorded grant is replaced and the rest
//! kept, so that a token that whoami described in full is not made less of by a list that sees less.

use bearhug_core::grant::{
    AccessToken, Account, AccountKind, Credential, Entity, EntityKind, FineGrained, Grant,
    OrgAccess, Restriction, Role, Scoped,
};

use super::Entry;

/// The grant with what a list says of it.
pub(super) fn updated(recorded: Option<&Grant>, entry: &Entry) -> Option<Grant> {
    let mut grant = recorded.cloned().or_else(|| first(entry))?;
    let Credential::AccessToken(token) = &mut grant.credential else { return Some(grant) };
    if let Some(name) = &entry.name {
        token.display_name.clone_from(name);
    }
    token.created_at = entry.issued_at.or(token.created_at);
    if let Some(role) = &entry.role {
        token.role = role_of(role, &token.role, entry);
    }
    grant.expires_at = entry.expires_at.or(grant.expires_at);
    settle_access(&mut grant, entry);
    Some(in_order(grant))
}

/// The grant without an organisation that its account left.
pub(super) fn without(grant: &Grant, organisation: &str) -> Grant {
    let mut grant = without_scopes(grant, organisation);
    grant.orgs.retain(|org| !org.name.eq_ignore_ascii_case(organisation));
    grant
}

/// The grant without what is listed on an organisation.
pub(super) fn without_scopes(grant: &Grant, organisation: &str) -> Grant {
    let mut grant = grant.clone();
    if let Credential::AccessToken(AccessToken { role: Role::FineGrained(fine), .. }) =
        &mut grant.credential
    {
        fine.scoped.retain(|scoped| !concerns(&scoped.entity, organisation));
    }
    grant
}

/// The same grant in an order that does not depend on who told it.
pub(super) fn in_order(mut grant: Grant) -> Grant {
    let key = |org: &OrgAccess| org.name.clone();
    grant.orgs.sort_by_key(key);
    for org in &mut grant.orgs {
        org.restrictions.sort();
        org.restrictions.dedup();
    }
    if let Credential::AccessToken(AccessToken { role: Role::FineGrained(fine), .. }) =
        &mut grant.credential
    {
        fine.global.sort();
        for scoped in &mut fine.scoped {
            scoped.permissions.sort();
            scoped.permissions.dedup();
        }
        let key = |scoped: &Scoped| {
            let entity = &scoped.entity;
            (entity.kind.clone(), entity.name.clone(), entity.id.clone())
        };
        fine.scoped.sort_by_key(key);
    }
    grant
}

/// What a list alone tells. The Hub's identifier of the account is not among it.
fn first(entry: &Entry) -> Option<Grant> {
    let (account, _) = entry.account.clone().zip(entry.role.as_ref())?;
    let token = AccessToken {
        display_name: entry.name.clone().unwrap_or_default(),
        role: Role::Unknown(String::new()),
        created_at: entry.issued_at,
    };
    Some(Grant {
        account: Account {
            kind: AccountKind::User,
            id: String::new(),
            name: account,
            full_name: None,
        },
        auth: "access_token".to_owned(),
        credential: Credential::AccessToken(token),
        orgs: Vec::new(),
        expires_at: entry.expires_at,
    })
}

fn role_of(name: &str, recorded: &Role, entry: &Entry) -> Role {
    match (name, &entry.fine_grained) {
        ("read", _) => Role::Read,
        ("write", _) => Role::Write,
        ("god", _) => Role::God,
        ("fineGrained", Some(listed)) => Role::FineGrained(merged(recorded, listed, entry)),
        // The list says no more than before, and may say less.
        ("fineGrained", None) if matches!(recorded, Role::FineGrained(_)) => recorded.clone(),
        _ => Role::Unknown(name.to_owned()),
    }
}

/// What is listed on the organisation, and what was known of other places.
fn merged(recorded: &Role, listed: &FineGrained, entry: &Entry) -> FineGrained {
    let nothing = FineGrained::default();
    let known = if let Role::FineGrained(known) = recorded { known } else { &nothing };
    let is_listed = |entity: &Entity| listed.scoped.iter().any(|one| is_same(&one.entity, entity));
    let elsewhere = known.scoped.iter().filter(|scoped| {
        !entry.is_service
            && !concerns(&scoped.entity, &entry.organisation)
            && !is_listed(&scoped.entity)
    });
    let here = listed.scoped.iter().filter(|scoped| !scoped.permissions.is_empty());
    let here = here.map(|scoped| {
        let known = known.scoped.iter().find(|one| is_same(&one.entity, &scoped.entity));
        Scoped {
            entity: known.map_or_else(|| scoped.entity.clone(), |one| one.entity.clone()),
            ..scoped.clone()
        }
    });
    // A list may leave out what is not about its organisation.
    let or_known = |listed: &[_], known: &[_]| {
        if listed.is_empty() { known.to_vec() } else { listed.to_vec() }
    };
    FineGrained {
        global: or_known(&listed.global, &known.global),
        can_read_gated: listed.can_read_gated || known.can_read_gated,
        scoped: elsewhere.cloned().chain(here).collect(),
    }
}

/// Whether two name one thing, by identifier or by name.
fn is_same(one: &Entity, other: &Entity) -> bool {
    let by_id = !one.id.is_empty() && one.id == other.id;
    let by_name = one.kind == other.kind && one.name.is_some() && one.name == other.name;
    by_id || by_name
}

fn concerns(entity: &Entity, organisation: &str) -> bool {
    let owner = entity.name.as_deref().and_then(|name| name.split('/').next());
    entity.kind != EntityKind::User
        && owner.is_some_and(|owner| owner.eq_ignore_ascii_case(organisation))
}

/// What the list says of the way into the organisation.
fn settle_access(grant: &mut Grant, entry: &Entry) {
    let is_it = |org: &OrgAccess| org.name.eq_ignore_ascii_case(&entry.organisation);
    let at = grant.orgs.iter().position(is_it).unwrap_or_else(|| {
        grant.orgs.push(OrgAccess {
            id: String::new(),
            name: entry.organisation.clone(),
            role: None,
            plan: None,
            restrictions: Vec::new(),
            resource_groups: Vec::new(),
        });
        grant.orgs.len() - 1
    });
    let Some(org) = grant.orgs.get_mut(at) else { return };
    if entry.member.is_some() {
        org.role.clone_from(&entry.member);
    }
    let restriction = match entry.approval.as_deref() {
        Some("revoked") => Some(Restriction::TokenRevoked),
        Some("pending" | "denied") => Some(Restriction::TokenPolicy),
        Some("approved") => None,
        // Nobody decides on it there: whatever was known stays.
        _ => return,
    };
    let is_decided =
        |one: &Restriction| matches!(one, Restriction::TokenRevoked | Restriction::TokenPolicy);
    org.restrictions.retain(|one| !is_decided(one));
    org.restrictions.extend(restriction);
}
