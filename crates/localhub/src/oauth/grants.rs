//! `POST /oauth/token`: what is given for what.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, header},
};
use data_encoding::BASE64;
use serde_json::Value;

use super::{OAuthError, Params, mint::Session};
use crate::{OAuthApp, World, world::digest};

/// The grants of the Hub's OpenAPI description but `authorization_code`, which takes a browser.
pub(super) const GRANT_TYPES: [&str; 3] = [EXCHANGE, DEVICE_CODE, "refresh_token"];
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// The scopes that an application can ask for (<https://huggingface.co/docs/hub/oauth>).
pub(super) const SCOPES: [&str; 19] = [
    "openid",
    "profile",
    "email",
    "read-billing",
    "read-memberships",
    "read-repos",
    "gated-repos",
    "contribute-repos",
    "write-repos",
    "manage-repos",
    "read-collections",
    "write-collections",
    "inference-api",
    "read-endpoints",
    "write-endpoints",
    "jobs",
    "webhooks",
    "write-discussions",
    "read-mcp",
];

/// The `hf` command's own application, which needs no registration.
const HF_CLI: &str = "26be6b09-91c5-47da-9861-d2d2bb7a7e36";

/// How long tokens of a device last. The Hub does not say; its client renews a day before the end, so
/// that it must be more than a day.
pub(super) const DEVICE_SECONDS: i64 = 30 * 24 * 3600;

pub(super) async fn token(
    State(world): State<Arc<World>>,
    headers: HeaderMap,
    params: Params,
) -> Result<Json<Value>, OAuthError> {
    match params.need("grant_type")? {
        EXCHANGE => world.exchange(&headers, &params).map(Json),
        DEVICE_CODE => world.device_token(&params).map(Json),
        "refresh_token" => refresh(&world, &params).map(Json),
        _ => Err(OAuthError::new("unsupported_grant_type", "unsupported grant_type")),
    }
}

/// A new session for a refresh token, which is used up by that.
fn refresh(world: &World, params: &Params) -> Result<Value, OAuthError> {
    let invalid = || OAuthError::new("invalid_grant", "the refresh token is unknown or used up");
    let key = digest(params.need("refresh_token")?);
    let refresh = {
        let mut state = world.state();
        let found = state.refreshes.get(&key).ok_or_else(invalid)?;
        if params.get("client_id").is_some_and(|id| id != found.client_id) {
            return Err(invalid());
        }
        state.refreshes.remove(&key).ok_or_else(invalid)?
    };
    world.mint_refreshable(&Session {
        user: &refresh.user,
        client_id: &refresh.client_id,
        scopes: refresh.scopes,
        seconds: DEVICE_SECONDS,
    })
}

impl World {
    /// Whether an application may act without a secret.
    pub(super) fn knows_client(&self, client_id: &str) -> bool {
        client_id == HF_CLI || self.state().apps.contains_key(client_id)
    }

    /// The application that shows its secret by Basic authentication.
    pub(super) fn authenticated_app(&self, headers: &HeaderMap) -> Result<OAuthApp, OAuthError> {
        let invalid = || OAuthError::new("invalid_client", "client authentication failed");
        let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let encoded = header.and_then(|value| value.strip_prefix("Basic ")).ok_or_else(invalid)?;
        let decoded = BASE64.decode(encoded.trim().as_bytes()).map_err(|_| invalid())?;
        let decoded = String::from_utf8(decoded).map_err(|_| invalid())?;
        let (id, secret) = decoded.split_once(':').ok_or_else(invalid)?;
        let state = self.state();
        let app = state.apps.get(id).filter(|app| app.secret == Some(digest(secret)));
        app.cloned().ok_or_else(invalid)
    }
}
