//! Members of an organisation and their roles.

use axum::{
    Json,
    extract::Path,
    http::{HeaderName, header},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{TEAM, avatar_url};
use crate::{
    Caller, Denial, OrgRole, State, json::JsonBody, json::UrlQuery, paging::Page, world::Target,
};

#[derive(Deserialize)]
pub(super) struct Filter {
    search: Option<String>,
    email: Option<String>,
    #[serde(flatten)]
    page: Page,
}

/// `GET …/members`, for members.
pub(super) async fn list(
    caller: Caller,
    Path(org): Path<String>,
    UrlQuery(filter): UrlQuery<Filter>,
) -> Result<(Option<[(HeaderName, String); 1]>, Json<Vec<Value>>), Denial> {
    let session = caller.session()?;
    caller.unrestricted(&org)?;
    let state = caller.world().state();
    let found = state.orgs.get(&org).ok_or_else(|| Denial::not_found("Not found"))?;
    let is_allowed = session.power.permits("org.members.read", Target::Account(&org));
    if state.role_in(&org, &session.owner).is_none() || !is_allowed {
        return Err(Denial::forbidden());
    }
    let names: Vec<&String> = found
        .members
        .keys()
        .filter(|name| filter.search.as_ref().is_none_or(|search| name.contains(search.as_str())))
        .filter(|name| {
            let email = state.users.get(*name).map(|user| &user.email);
            filter.email.as_ref().is_none_or(|wanted| email == Some(wanted))
        })
        .collect();
    let (names, next) = filter.page.cut(&names, 500, |name| (*name).clone());
    let url = format!("{}/api/organizations/{org}/members", caller.world().origins.hub);
    let query = [("search", filter.search.as_deref().unwrap_or_default())];
    let link = next.map(|next| [(header::LINK, next.link(&url, &query))]);
    let sees_more = state.role_in(&org, &session.owner) == Some(OrgRole::Admin);
    let members = names.iter().filter_map(|name| member(&state, &org, name, sees_more));
    Ok((link, Json(members.collect())))
}

fn member(state: &State, org: &str, name: &str, is_for_admin: bool) -> Option<Value> {
    let role = state.orgs.get(org)?.members.get(name)?.role;
    let user = state.users.get(name)?;
    let mut answer = json!({
        "_id": user.id,
        "avatarUrl": avatar_url(name),
        "fullname": user.fullname,
        "isPro": user.pro,
        "user": name,
        "type": "user",
        "role": role.name(),
    });
    if is_for_admin {
        answer["twoFaEnabled"] = json!(user.has_mfa);
        answer["verifiedEmail"] = json!(user.email);
    }
    Some(answer)
}

#[derive(Deserialize)]
pub(super) struct NewRole {
    role: OrgRole,
}

/// `PUT …/members/{user}/role`.
pub(super) async fn set_role(
    caller: Caller,
    Path((org, user)): Path<(String, String)>,
    JsonBody(body): JsonBody<NewRole>,
) -> Result<Json<Value>, Denial> {
    caller.administers(&org, "org.members.write", TEAM)?;
    let event = caller.event("org.change_role", format!("Changed the role of {user}"));
    let event = event.with(json!({ "user": user, "role": body.role.name() }));
    let mut state = caller.world().state();
    let member = state.orgs.get_mut(&org).and_then(|org| org.members.get_mut(&user));
    member.ok_or_else(|| Denial::not_found("Member not found"))?.role = body.role;
    state.record(&org, event);
    Ok(Json(json!({})))
}
