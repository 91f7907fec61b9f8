//! OAuth and OpenID Connect: tokens of sessions, of devices and of trusted publishers.

mod device;
mod exchange;
mod grants;
mod issuer;
mod keys;
mod mint;
mod register;
mod userinfo;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};

pub(crate) use keys::Keys;

use crate::{Denial, World, json::JsonBody};

/// The routes of the Hub's origin for OAuth, and those of the issuer that stands in for a CI provider's.
pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/oauth/token", post(grants::token))
        .route("/oauth/device", post(device::begin))
        .route("/oauth/register", post(register::register))
        .route("/oauth/userinfo", get(userinfo::show).post(userinfo::show))
        .route("/.well-known/openid-configuration", get(keys::configuration))
        .route("/api/keys/jwt", get(keys::jwks))
        .merge(issuer::routes())
}

/// The members of a request: OAuth sends forms, and the Hub takes JSON as well.
#[derive(Debug)]
pub(crate) struct Params(BTreeMap<String, String>);

impl Params {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    fn need(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name)
            .ok_or_else(|| OAuthError::new("invalid_request", &format!("{name} is missing")))
    }
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = Denial;

    async fn from_request(request: Request, state: &S) -> Result<Self, Denial> {
        let media_type = request.headers().get(header::CONTENT_TYPE);
        let media_type = media_type.and_then(|v| v.to_str().ok()).unwrap_or_default();
        if media_type.starts_with("application/json") {
            let JsonBody(members) =
                JsonBody::<BTreeMap<String, Value>>::from_request(request, state).await?;
            let texts = members.into_iter().filter_map(|(name, value)| match value {
                Value::String(text) => Some((name, text)),
                _ => None,
            });
            return Ok(Self(texts.collect()));
        }
        let form = axum::Form::<BTreeMap<String, String>>::from_request(request, state).await;
        form.map(|form| Self(form.0)).map_err(|e| Denial::bad_request(e.body_text()))
    }
}

/// A refusal in the form of OAuth (RFC 6749, section 5.2).
#[derive(Debug)]
pub(crate) struct OAuthError {
    code: &'static str,
    description: String,
}

impl OAuthError {
    fn new(code: &'static str, description: &str) -> Self {
        Self { code, description: description.to_owned() }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let is_client = self.code == "invalid_client";
        let status = if is_client { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
        let body = json!({ "error": self.code, "error_description": self.description });
        (status, Json(body)).into_response()
    }
}

/// Scopes from a list with spaces between them.
fn scopes(list: &str) -> std::collections::BTreeSet<String> {
    list.split_whitespace().map(str::to_owned).collect()
}
