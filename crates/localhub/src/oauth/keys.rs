//! The keys of the Hub and of the issuer beside it, and where clients find them.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{World, jwt::SigningKey};

/// The keys of one local Hub, made when it starts.
#[derive(Debug)]
pub(crate) struct Keys {
    hub: SigningKey,
    /// The issuer's, made when it is first used: an RSA key takes a while to find.
    issuer: Mutex<Option<Arc<SigningKey>>>,
}

impl Keys {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { hub: SigningKey::ed25519().map_err(io::Error::other)?, issuer: Mutex::default() })
    }

    /// The key that the Hub signs its own tokens with.
    pub(crate) fn hub(&self) -> &SigningKey {
        &self.hub
    }

    /// The key of the issuer that stands in for a CI provider's.
    pub(crate) fn issuer(&self) -> io::Result<Arc<SigningKey>> {
        let mut slot = self.issuer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*slot {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(SigningKey::rsa().map_err(io::Error::other)?);
        *slot = Some(Arc::clone(&key));
        Ok(key)
    }
}

/// `GET /api/keys/jwt`.
pub(super) async fn jwks(State(world): State<Arc<World>>) -> Json<Value> {
    Json(world.keys.hub().jwks())
}

/// `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0).
pub(super) async fn configuration(State(world): State<Arc<World>>) -> Json<Value> {
    let hub = &world.origins.hub;
    Json(json!({
        "issuer": hub,
        "token_endpoint": format!("{hub}/oauth/token"),
        "device_authorization_endpoint": format!("{hub}/oauth/device"),
        "registration_endpoint": format!("{hub}/oauth/register"),
        "userinfo_endpoint": format!("{hub}/oauth/userinfo"),
        "jwks_uri": format!("{hub}/api/keys/jwt"),
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "grant_types_supported": super::grants::GRANT_TYPES,
        "scopes_supported": super::grants::SCOPES,
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    }))
}
