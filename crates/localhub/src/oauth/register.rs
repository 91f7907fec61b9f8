//! `POST /oauth/register`: an application introduces itself (RFC 7591).

use std::sync::Arc;

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::grants::GRANT_TYPES;
use crate::{Denial, OAuthApp, World, ids, json::JsonBody, world::digest};

#[derive(Deserialize)]
pub(super) struct Body {
    #[serde(default)]
    redirect_uris: Vec<String>,
    client_name: Option<String>,
    scope: Option<String>,
    token_endpoint_auth_method: Option<String>,
}

pub(super) async fn register(
    State(world): State<Arc<World>>,
    JsonBody(body): JsonBody<Body>,
) -> Result<(StatusCode, Json<Value>), Denial> {
    let method =
        body.token_endpoint_auth_method.unwrap_or_else(|| "client_secret_basic".to_owned());
    let secret = (method != "none").then(|| format!("oauth_app_secret_{}", ids::letters(34)));
    let client_id = ids::uuid();
    let mut answer = json!({
        "client_id": client_id,
        "client_id_issued_at": world.clock.now().as_second(),
        "client_secret_expires_at": 0,
        "redirect_uris": body.redirect_uris,
        "scope": body.scope.unwrap_or_else(|| "openid profile".to_owned()),
        "grant_types": GRANT_TYPES,
        "token_endpoint_auth_method": method,
    });
    if let Some(secret) = &secret {
        answer["client_secret"] = json!(secret);
    }
    if let Some(name) = &body.client_name {
        answer["client_name"] = json!(name);
    }
    let app = OAuthApp {
        client_id: client_id.clone(),
        name: body.client_name.unwrap_or_default(),
        secret: secret.map(|secret| digest(&secret)),
        exchanges_for: None,
    };
    world.state().apps.insert(client_id, app);
    Ok((StatusCode::CREATED, Json(answer)))
}
