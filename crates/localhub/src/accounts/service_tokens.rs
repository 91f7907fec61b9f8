//! Tokens of service accounts: the only long-lived ones that the Hub's API creates.

use std::collections::BTreeSet;

use axum::{Json, extract::Path, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::ENTERPRISE;
use crate::{
    Caller, Credential, Denial, Owner, Plan, Power, ServicePower, TokenSpec, clock::iso, ids,
    json::JsonBody,
};

const WRITE: &str = "org.serviceAccounts.write";

/// The permissions that these tokens can have: the enumeration of the Hub's OpenAPI description.
const PERMISSIONS: [&str; 13] = [
    "repo.content.read",
    "repo.write",
    "inference.serverless.write",
    "inference.endpoints.infer.write",
    "inference.endpoints.write",
    "org.read",
    "org.write",
    "collection.read",
    "collection.write",
    "resourceGroup.write",
    "job.write",
    "org.serviceAccounts.read",
    "org.serviceAccounts.write",
];

/// What a token is to be; what is left out stays as it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Body {
    display_name: Option<String>,
    permissions: Option<BTreeSet<String>>,
    repo_ids: Option<BTreeSet<String>>,
    repo_permissions: Option<BTreeSet<String>>,
    endpoint_patterns: Option<Vec<String>>,
    skip_network_security: Option<bool>,
}

impl Body {
    fn check(&self) -> Result<(), Denial> {
        let bad = |message: &str| Err(Denial::bad_request(message));
        let within = |held: &Option<BTreeSet<String>>, known: &[&str]| {
            held.iter().flatten().all(|permission| known.contains(&permission.as_str()))
        };
        if !self.display_name.as_ref().is_none_or(|name| (1..=100).contains(&name.chars().count()))
        {
            return bad("displayName must have 1 to 100 characters");
        }
        if !within(&self.permissions, &PERMISSIONS) {
            return bad("permissions has an unknown permission");
        }
        if !within(&self.repo_permissions, &["repo.content.read", "repo.write"]) {
            return bad("repoPermissions has an unknown permission");
        }
        let is_id = |id: &String| id.len() == 24 && id.bytes().all(|b| b.is_ascii_hexdigit());
        if !self.repo_ids.iter().flatten().all(is_id) {
            return bad("repoIds has what is no id");
        }
        let is_pattern = |pattern: &String| {
            (1..=256).contains(&pattern.len())
                && !pattern.contains(['.', '?', '(', ')', '[', ']', '{', '}', '\\'])
        };
        let patterns = self.endpoint_patterns.as_deref().unwrap_or_default();
        if patterns.len() > 20 || !patterns.iter().all(is_pattern) {
            return bad("endpointPatterns has what is no pattern");
        }
        Ok(())
    }

    fn apply(self, power: &mut ServicePower) {
        if let Some(permissions) = self.permissions {
            power.permissions = permissions;
        }
        if let Some(ids) = self.repo_ids {
            power.repo_ids = ids.iter().map(|id| id.to_ascii_lowercase()).collect();
        }
        if let Some(permissions) = self.repo_permissions {
            power.repo_permissions = permissions;
        }
        if let Some(patterns) = self.endpoint_patterns {
            power.endpoint_patterns = patterns;
        }
        if let Some(skip) = self.skip_network_security {
            power.skip_network_security = skip;
        }
    }
}

pub(super) async fn create(
    caller: Caller,
    Path((org, account)): Path<(String, String)>,
    JsonBody(body): JsonBody<Body>,
) -> Result<(StatusCode, Json<Value>), Denial> {
    caller.administers(&org, WRITE, ENTERPRISE)?;
    caller.may_skip_network(&org, &body)?;
    body.check()?;
    let account = caller.service_account(&org, &account)?;
    let name = body.display_name.clone().unwrap_or_else(|| "API Token".to_owned());
    let mut power = ServicePower { org: org.clone(), ..ServicePower::default() };
    body.apply(&mut power);
    let now = caller.world().clock.now();
    let event = caller.event("org.service_account.token.create", format!("Created token {name}"));
    let mut info = shown(&power);
    let mut state = caller.world().state();
    let owner = Owner::Service { org: org.clone(), user: account.user };
    let issued = state.issue(owner, TokenSpec::of(&name, Power::Service(power)), now);
    state.record(&org, event);
    info["_id"] = json!(issued.id);
    info["displayName"] = json!(name);
    info["createdAt"] = json!(iso(now));
    let answer = json!({ "token": issued.value, "tokenInfo": info });
    Ok((StatusCode::CREATED, Json(answer)))
}

pub(super) async fn update(
    caller: Caller,
    Path((org, account, token)): Path<(String, String, String)>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<Value>, Denial> {
    caller.administers(&org, WRITE, ENTERPRISE)?;
    caller.may_skip_network(&org, &body)?;
    body.check()?;
    let event = caller.event("org.service_account.token.update", "Updated a token");
    let answer = caller.with_service_token((&org, &account, &token), |credential| {
        if let Some(name) = &body.display_name {
            credential.display_name.clone_from(name);
        }
        let Power::Service(power) = &mut credential.power else { return json!({}) };
        body.apply(power);
        let mut answer = shown(power);
        answer["_id"] = json!(credential.id);
        answer["displayName"] = json!(credential.display_name);
        answer
    })?;
    caller.world().state().record(&org, event);
    Ok(Json(answer))
}

pub(super) async fn delete(
    caller: Caller,
    Path((org, account, token)): Path<(String, String, String)>,
) -> Result<StatusCode, Denial> {
    caller.administers(&org, WRITE, ENTERPRISE)?;
    let event = caller.event("org.service_account.token.delete", "Deleted a token");
    caller.with_service_token((&org, &account, &token), |credential| credential.dead = true)?;
    caller.world().state().record(&org, event);
    Ok(StatusCode::NO_CONTENT)
}

/// The old value stops working at once, and the new one has its id and permissions.
pub(super) async fn rotate(
    caller: Caller,
    Path((org, account, token)): Path<(String, String, String)>,
) -> Result<Json<Value>, Denial> {
    caller.administers(&org, WRITE, ENTERPRISE)?;
    let now = caller.world().clock.now();
    let event = caller.event("org.service_account.token.rotate", "Rotated a token");
    let value = format!("hf_{}", ids::letters(34));
    let info = caller.with_service_token((&org, &account, &token), |credential| {
        credential.last4 = crate::world::last4(&value);
        credential.created_at = now;
        json!({
            "_id": credential.id,
            "displayName": credential.display_name,
            "createdAt": iso(now),
            "last4": credential.last4,
        })
    })?;
    let mut state = caller.world().state();
    state.digests.retain(|_, id| *id != token);
    state.digests.insert(crate::world::digest(&value), token);
    state.record(&org, event);
    Ok(Json(json!({ "token": value, "tokenInfo": info })))
}

impl Caller {
    /// Network security is a matter of Enterprise Plus, and so is leaving it out.
    fn may_skip_network(&self, org: &str, body: &Body) -> Result<(), Denial> {
        let state = self.world().state();
        let is_plus = state.orgs.get(org).is_some_and(|org| org.plan == Some(Plan::Plus));
        if body.skip_network_security == Some(true) && !is_plus {
            return Err(Denial::forbidden());
        }
        Ok(())
    }

    /// Changes a live token of a service account: named by organisation, account and token.
    fn with_service_token<T>(
        &self,
        (org, account, token): (&str, &str, &str),
        change: impl FnOnce(&mut Credential) -> T,
    ) -> Result<T, Denial> {
        let account = self.service_account(org, account)?;
        let owner = Owner::Service { org: org.to_owned(), user: account.user };
        let mut state = self.world().state();
        let credential = state.credentials.get_mut(token);
        let credential = credential.filter(|token| token.owner == owner && !token.dead);
        Ok(change(credential.ok_or_else(|| Denial::not_found("Token not found"))?))
    }
}

fn shown(power: &ServicePower) -> Value {
    json!({
        "permissions": power.permissions,
        "repoIds": power.repo_ids,
        "repoPermissions": power.repo_permissions,
        "endpointPatterns": power.endpoint_patterns,
        "skipNetworkSecurity": power.skip_network_security,
    })
}

/// A token of a service account as its account lists it.
pub(super) fn described(credential: &Credential) -> Option<Value> {
    let Power::Service(power) = &credential.power else { return None };
    let mut answer = shown(power);
    answer["_id"] = json!(credential.id);
    answer["displayName"] = json!(credential.display_name);
    answer["createdAt"] = json!(iso(credential.created_at));
    answer["role"] = json!("fineGrained");
    answer["last4"] = json!(credential.last4);
    if let Some(used) = credential.last_used_at {
        answer["lastUsedAt"] = json!(iso(used));
    }
    if let Some(end) = credential.expires_at {
        answer["expiration"] = json!(iso(end));
    }
    Some(answer)
}
