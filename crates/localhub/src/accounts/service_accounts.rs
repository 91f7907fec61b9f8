//! Service accounts of an organisation.

use axum::{Json, extract::Path, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ENTERPRISE, service_tokens};
use crate::{Caller, Denial, Owner, ServiceAccount, clock::iso, json::JsonBody};

const READ: &str = "org.serviceAccounts.read";
const WRITE: &str = "org.serviceAccounts.write";

pub(super) async fn list(
    caller: Caller,
    Path(org): Path<String>,
) -> Result<Json<Vec<Value>>, Denial> {
    caller.administers(&org, READ, ENTERPRISE)?;
    let state = caller.world().state();
    let accounts = state.orgs.get(&org).map(|org| &org.service_accounts);
    Ok(Json(accounts.into_iter().flatten().map(|(_, account)| described(account)).collect()))
}

#[derive(Deserialize)]
pub(super) struct NewAccount {
    name: String,
    description: Option<String>,
}

pub(super) async fn create(
    caller: Caller,
    Path(org): Path<String>,
    JsonBody(body): JsonBody<NewAccount>,
) -> Result<(StatusCode, Json<Value>), Denial> {
    caller.administers(&org, WRITE, ENTERPRISE)?;
    if !(1..=50).contains(&body.name.chars().count()) {
        return Err(Denial::bad_request("name must have 1 to 50 characters"));
    }
    if body.description.as_ref().is_some_and(|text| text.chars().count() > 500) {
        return Err(Denial::bad_request("description must have at most 500 characters"));
    }
    let mut account = ServiceAccount::new(&org, &body.name, caller.world().clock.now());
    account.description = body.description;
    let mut answer = json!({
        "_id": account.id,
        "user": account.user,
        "fullname": account.name,
        "createdAt": iso(account.created_at),
    });
    if let Some(description) = &account.description {
        answer["description"] = json!(description);
    }
    let event = caller.event("org.service_account.create", format!("Created {}", account.name));
    let mut state = caller.world().state();
    if let Some(found) = state.orgs.get_mut(&org) {
        found.service_accounts.insert(account.id.clone(), account);
    }
    state.record(&org, event);
    Ok((StatusCode::CREATED, Json(answer)))
}

pub(super) async fn show(
    caller: Caller,
    Path((org, id)): Path<(String, String)>,
) -> Result<Json<Value>, Denial> {
    caller.administers(&org, READ, ENTERPRISE)?;
    let account = caller.service_account(&org, &id)?;
    let state = caller.world().state();
    let mut answer = described(&account);
    let owner = Owner::Service { org, user: account.user };
    let tokens = state.credentials.values().filter(|token| token.owner == owner && !token.dead);
    answer["accessTokens"] = tokens.filter_map(service_tokens::described).collect();
    Ok(Json(answer))
}

pub(super) async fn delete(
    caller: Caller,
    Path((org, id)): Path<(String, String)>,
) -> Result<StatusCode, Denial> {
    caller.administers(&org, WRITE, ENTERPRISE)?;
    let account = caller.service_account(&org, &id)?;
    let event = caller.event("org.service_account.delete", format!("Deleted {}", account.name));
    let mut state = caller.world().state();
    if let Some(found) = state.orgs.get_mut(&org) {
        found.service_accounts.remove(&id);
    }
    let owner = Owner::Service { org: org.clone(), user: account.user };
    for token in state.credentials.values_mut().filter(|token| token.owner == owner) {
        token.dead = true;
    }
    state.record(&org, event);
    Ok(StatusCode::NO_CONTENT)
}

impl Caller {
    /// The service account of that id in the organisation.
    pub(super) fn service_account(&self, org: &str, id: &str) -> Result<ServiceAccount, Denial> {
        let state = self.world().state();
        let account = state.orgs.get(org).and_then(|org| org.service_accounts.get(id));
        account.cloned().ok_or_else(|| Denial::not_found("Service account not found"))
    }
}

fn described(account: &ServiceAccount) -> Value {
    let mut answer = json!({
        "_id": account.id,
        "user": account.user,
        "name": account.name,
        "email": account.email(),
        "createdAt": iso(account.created_at),
    });
    if let Some(description) = &account.description {
        answer["description"] = json!(description);
    }
    answer
}
