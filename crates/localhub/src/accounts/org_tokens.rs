//! The access tokens that reach an organisation: an administrator lists them and takes access away.

use axum::{
    Json,
    extract::Path,
    http::{HeaderName, header},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ENTERPRISE, TEAM, avatar_url, whoami::fine_grained};
use crate::{
    AuthorizationStatus, Caller, Credential, Denial, FineGrained, Owner, Power, State, TokenPolicy,
    clock::iso,
    json::UrlQuery,
    paging::{Page, Terms},
};

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    q: String,
    #[serde(flatten)]
    page: Page,
}

/// `GET …/settings/tokens`: newest first; those that were revoked are shown on request.
pub(super) async fn list(
    caller: Caller,
    Path(org): Path<String>,
    UrlQuery(filter): UrlQuery<Filter>,
) -> Result<(Option<[(HeaderName, String); 1]>, Json<Vec<Value>>), Denial> {
    caller.administers(&org, "org.read", TEAM)?;
    let state = caller.world().state();
    let terms = Terms::parse(&filter.q, &["owner", "role", "status", "token"]);
    let mut tokens: Vec<&Credential> = state
        .credentials
        .values()
        .filter(|credential| !credential.dead && reaches(&state, credential, &org))
        .filter(|credential| is_wanted(credential, &org, &terms))
        .collect();
    tokens.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
    let path = format!("{}/api/organizations/{org}/settings/tokens", caller.world().origins.hub);
    let query = [("q", filter.q.as_str())];
    let (tokens, next) = filter.page.cut(&tokens, 100, |token| token.id.clone());
    let link = next.map(|next| [(header::LINK, next.link(&path, &query))]);
    Ok((link, Json(tokens.iter().map(|token| item(&state, token, &org)).collect())))
}

/// `POST …/settings/tokens/{id}/revoke`: ends the token's access to the organisation, for good. Elsewhere
/// it keeps working.
pub(super) async fn revoke(
    caller: Caller,
    Path((org, id)): Path<(String, String)>,
) -> Result<Json<Value>, Denial> {
    caller.administers(&org, "org.write", ENTERPRISE)?;
    let session = caller.session()?;
    if session.id == id {
        let message = "You cannot revoke the token that is used for this request.";
        return Err(Denial::new(axum::http::StatusCode::FORBIDDEN, message));
    }
    let now = caller.world().clock.now();
    let mut event = caller.event(
        "org.token_approval.authorization_request.revoked",
        "Revoked a token's access to the organization",
    );
    let mut state = caller.world().state();
    let credential = state.credentials.get(&id).filter(|credential| !credential.dead);
    if !credential.is_some_and(|credential| reaches(&state, credential, &org)) {
        return Err(Denial::not_found("Token not found"));
    }
    let administrator = session.user_name().unwrap_or_default();
    state.authorize(&org, &id, AuthorizationStatus::Revoked, (administrator, now));
    event = event.with(json!({ "tokenId": id }));
    state.record(&org, event);
    Ok(Json(json!({})))
}

/// Whether a member's token could be used on the organisation: a classic one always could.
fn reaches(state: &State, credential: &Credential, org: &str) -> bool {
    let Owner::User(user) = &credential.owner else { return false };
    let is_member = state.orgs.get(org).is_some_and(|org| org.members.contains_key(user));
    is_member
        && match &credential.power {
            Power::Role(_) => true,
            Power::FineGrained(fine) => !within(fine, org).scoped.is_empty(),
            _ => false,
        }
}

/// What of a fine-grained token concerns the organisation.
fn within(fine: &FineGrained, org: &str) -> FineGrained {
    let concerns = |name: &str| name == org || name.starts_with(&format!("{org}/"));
    let mut fine = fine.clone();
    fine.scoped.retain(|scoped| scoped.entity.kind != "user" && concerns(&scoped.entity.name));
    fine
}

fn status(credential: &Credential, org: &str) -> Option<&'static str> {
    credential.authorizations.get(org).map(|authorization| authorization.status.name())
}

fn role(credential: &Credential) -> &'static str {
    match &credential.power {
        Power::Role(role) => role.name(),
        _ => "fineGrained",
    }
}

fn is_wanted(credential: &Credential, org: &str, terms: &Terms) -> bool {
    let Owner::User(owner) = &credential.owner else { return false };
    let status = status(credential, org).unwrap_or("approved");
    let is_hidden = status == "revoked" && !terms.mentions("status");
    !is_hidden
        && terms.hold(|key, value| match key {
            "owner" => owner == value,
            "role" => role(credential) == value,
            "status" => value == "all" || status == value,
            _ => credential.last4 == value,
        })
}

fn item(state: &State, credential: &Credential, org: &str) -> Value {
    let mut item = json!({
        "_id": credential.id,
        "role": role(credential),
        "last4": credential.last4,
        "createdAt": iso(credential.created_at),
    });
    // Names are between a token and its owner unless the organisation has to approve of it.
    if state.orgs.get(org).is_some_and(|org| org.policy == TokenPolicy::Approval) {
        item["displayName"] = json!(credential.display_name);
    }
    if let Some(used) = credential.last_used_at {
        item["lastUsedAt"] = json!(iso(used));
    }
    if let Owner::User(name) = &credential.owner {
        item["owner"] = account(state, name);
    }
    if let Power::FineGrained(fine) = &credential.power {
        item["fineGrained"] = fine_grained(&within(fine, org));
    }
    if let Some(decision) = credential.authorizations.get(org) {
        let mut authorization = json!({
            "status": decision.status.name(),
            "requestedAt": iso(decision.requested_at),
        });
        if let Some(at) = decision.authorized_at {
            authorization["authorizedAt"] = json!(iso(at));
        }
        if let Some(name) = &decision.authorizer {
            authorization["authorizer"] = account(state, name);
        }
        item["authorization"] = authorization;
    }
    item
}

fn account(state: &State, name: &str) -> Value {
    let user = state.users.get(name);
    json!({
        "_id": user.map(|user| user.id.as_str()).unwrap_or_default(),
        "user": name,
        "fullname": user.map_or(name, |user| user.fullname.as_str()),
        "avatarUrl": avatar_url(name),
        "type": "user",
    })
}
