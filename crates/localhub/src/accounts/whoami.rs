//! `GET /api/whoami-v2`: who holds a credential and what it may do.

use axum::Json;
use serde_json::{Map, Value, json};

use crate::{
    Caller, Credential, Denial, FineGrained, Member, Org, Owner, Power, ServicePower, State, User,
    World, caller::Session, clock::iso,
};

pub(super) async fn show(caller: Caller) -> Result<Json<Value>, Denial> {
    let session = caller.session()?;
    let now = caller.world().clock.now();
    let mut state = caller.world().state();
    let account = match &session.owner {
        Owner::User(name) => {
            let orgs: Vec<String> = state.orgs.keys().cloned().collect();
            for org in orgs {
                state.request_authorization(session, &org, now);
            }
            let user = state.users.get(name).ok_or_else(Denial::invalid_credentials)?;
            person(&state, user, session)
        }
        Owner::Service { org, user } => service_account(&state, org, user, session)?,
        Owner::App { name } if matches!(session.power, Power::Publisher { .. }) => json!({
            "type": "user",
            "id": session.id,
            "name": name,
            "fullname": name,
            "avatarUrl": avatar_url(name),
            "isPro": false,
            "orgs": [],
        }),
        Owner::App { name } => json!({ "type": "app", "id": session.id, "name": name }),
    };
    let mut answer = json!({ "auth": auth(caller.world(), &state, session) });
    if let (Some(answer), Value::Object(account)) = (answer.as_object_mut(), account) {
        answer.extend(account);
    }
    Ok(Json(answer))
}

/// Where the pictures of accounts would be.
pub(crate) fn avatar_url(name: &str) -> String {
    format!("/avatars/{name}.svg")
}

fn auth(world: &World, state: &State, credential: &Credential) -> Value {
    let mut auth = Map::new();
    let kind = match (&credential.owner, &credential.power) {
        (Owner::App { .. }, _) => "app_token",
        (_, Power::OAuth(_) | Power::Publisher { .. }) => "oauth",
        _ => "access_token",
    };
    auth.insert("type".to_owned(), json!(kind));
    match &credential.power {
        Power::Role(role) => {
            auth.insert("accessToken".to_owned(), access_token(credential, role.name()));
        }
        Power::FineGrained(fine) => {
            let mut token = access_token(credential, "fineGrained");
            token["fineGrained"] = fine_grained(fine);
            auth.insert("accessToken".to_owned(), token);
        }
        Power::Service(service) => {
            let mut token = access_token(credential, "fineGrained");
            token["fineGrained"] = json!({ "scoped": service_scopes(world, state, service) });
            auth.insert("accessToken".to_owned(), token);
        }
        Power::Publisher { repo, .. } => {
            auth.insert("resource".to_owned(), json!({ "sub": repo.web_path() }));
        }
        Power::OAuth(_) => {}
    }
    // The expiry of an access token is not shown to who holds it; a session's is.
    if let (Power::OAuth(_) | Power::Publisher { .. }, Some(end)) =
        (&credential.power, credential.expires_at)
    {
        auth.insert("expiresAt".to_owned(), json!(iso(end)));
    }
    Value::Object(auth)
}

fn access_token(credential: &Credential, role: &str) -> Value {
    json!({
        "displayName": credential.display_name,
        "role": role,
        "createdAt": iso(credential.created_at),
    })
}

pub(super) fn fine_grained(fine: &FineGrained) -> Value {
    json!({
        "canReadGatedRepos": fine.can_read_gated_repos,
        "global": fine.global,
        "scoped": fine.scoped.iter().map(|scoped| json!({
            "entity": {
                "_id": scoped.entity.id,
                "type": scoped.entity.kind,
                "name": scoped.entity.name,
            },
            "permissions": scoped.permissions,
        })).collect::<Vec<_>>(),
    })
}

/// The organisation with the permissions on all of it, and the repositories that have others.
fn service_scopes(world: &World, state: &State, power: &ServicePower) -> Vec<Value> {
    let Some(org) = state.orgs.get(&power.org) else { return Vec::new() };
    let mut scopes = vec![json!({
        "entity": { "_id": org.id, "type": "org", "name": org.name },
        "permissions": power.permissions,
    })];
    for repo in world.repositories.names() {
        let facts = world.repositories.facts(&repo);
        if let Some(facts) = facts.filter(|facts| power.repo_ids.contains(&facts.id)) {
            scopes.push(json!({
                "entity": { "_id": facts.id, "type": repo.kind.singular(), "name": repo.id() },
                "permissions": power.repo_permissions,
            }));
        }
    }
    scopes
}

fn person(state: &State, user: &User, session: &Session) -> Value {
    let orgs: Vec<Value> = state
        .orgs
        .values()
        .filter_map(|org| Some(organization(state, org, org.members.get(&user.name)?, session)))
        .collect();
    let mut answer = json!({
        "type": "user",
        "id": user.id,
        "name": user.name,
        "fullname": user.fullname,
        "canPay": false,
        "billingMode": "prepaid",
        "avatarUrl": avatar_url(&user.name),
        "periodEnd": null,
        "isPro": user.pro,
        "orgs": orgs,
    });
    let sees_email = match &session.power {
        Power::Role(_) => true,
        Power::OAuth(scopes) => scopes.contains("email"),
        _ => false,
    };
    if sees_email {
        answer["email"] = json!(user.email);
        answer["emailVerified"] = json!(true);
    }
    answer
}

fn organization(state: &State, org: &Org, member: &Member, session: &Session) -> Value {
    let mut answer = json!({
        "type": "org",
        "id": org.id,
        "name": org.name,
        "fullname": org.fullname,
        "canPay": false,
        "billingMode": "postpaid",
        "avatarUrl": avatar_url(&org.name),
        "periodEnd": null,
        "roleInOrg": member.role.name(),
    });
    if let Some(plan) = org.plan {
        answer["plan"] = json!(plan.name());
    }
    let restrictions = state.restrictions(session, &org.name);
    if !restrictions.is_empty() {
        answer["securityRestrictions"] =
            restrictions.iter().map(|restriction| json!(restriction.name())).collect();
    }
    answer
}

fn service_account(
    state: &State,
    org: &str,
    user: &str,
    session: &Session,
) -> Result<Value, Denial> {
    let org = state.orgs.get(org).ok_or_else(Denial::invalid_credentials)?;
    let account = org.service_accounts.values().find(|account| account.user == user);
    let account = account.ok_or_else(Denial::invalid_credentials)?;
    Ok(json!({
        "type": "user",
        "id": account.id,
        "name": account.user,
        "fullname": account.name,
        "avatarUrl": avatar_url(&account.user),
        "isPro": false,
        "orgs": [organization(state, org, &Member::new(crate::OrgRole::Read), session)],
    }))
}
