//! `/oauth/userinfo`: who holds an OAuth token (OpenID Connect Core 1.0, section 5.3).

use axum::Json;
use serde_json::{Value, json};

use crate::{Caller, Denial, Power, accounts::avatar_url};

pub(super) async fn show(caller: Caller) -> Result<Json<Value>, Denial> {
    let session = caller.session()?;
    let Power::OAuth(scopes) = &session.power else {
        return Err(Denial::forbidden());
    };
    let hub = &caller.world().origins.hub;
    let state = caller.world().state();
    let name = session.user_name().unwrap_or_default();
    let user = state.users.get(name).ok_or_else(Denial::invalid_credentials)?;
    let picture = |name: &str| format!("{hub}{}", avatar_url(name));
    let has = |scope: &str| scopes.contains(scope);
    let orgs = state.orgs.values().filter_map(|org| {
        let member = org.members.get(name)?;
        let mut answer = json!({
            "sub": org.id,
            "name": org.fullname,
            "picture": picture(&org.name),
            "preferred_username": org.name,
        });
        if has("read-memberships") {
            answer["roleInOrg"] = json!(member.role.name());
        }
        if let Some(plan) = org.plan {
            answer["plan"] = json!(plan.name());
        }
        Some(answer)
    });
    let mut answer = json!({
        "sub": user.id,
        "isPro": user.pro,
        "orgs": orgs.collect::<Vec<_>>(),
    });
    if has("profile") {
        answer["name"] = json!(user.fullname);
        answer["preferred_username"] = json!(user.name);
        answer["profile"] = json!(format!("{hub}/{name}"));
        answer["picture"] = json!(picture(name));
    }
    if has("email") {
        answer["email"] = json!(user.email);
        answer["email_verified"] = json!(true);
    }
    Ok(Json(answer))
}
