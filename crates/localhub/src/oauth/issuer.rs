//! An issuer of identity tokens, in the place of a CI provider's: for trusted publishers.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use serde_json::{Value, json};

use super::mint::after;
use crate::{Denial, World, ids, json::UrlQuery};

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/_localhub/issuer/.well-known/openid-configuration", get(configuration))
        .route("/_localhub/issuer/jwks", get(jwks))
        .route("/_localhub/issuer/token", get(token))
        .route("/_localhub/issuer/token/{*sub}", get(token_of))
}

impl World {
    /// The URL of the issuer that stands in for a CI provider's.
    pub fn issuer_url(&self) -> String {
        format!("{}/_localhub/issuer", self.origins.hub)
    }

    /// An identity token of that issuer for this Hub, for five minutes, with the given claims.
    pub fn identity_token(&self, claims: &BTreeMap<String, String>) -> std::io::Result<String> {
        let now = self.clock.now();
        let mut all = json!({
            "iss": self.issuer_url(),
            "aud": self.origins.hub,
            "jti": ids::uuid(),
            "iat": now.as_second(),
            "exp": after(now, 300).as_second(),
        });
        for (name, value) in claims {
            all[name.as_str()] = json!(value);
        }
        self.keys.issuer()?.sign(&all).map_err(std::io::Error::other)
    }
}

async fn configuration(State(world): State<Arc<World>>) -> Json<Value> {
    let issuer = world.issuer_url();
    Json(json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/jwks") }))
}

async fn jwks(State(world): State<Arc<World>>) -> Result<Json<Value>, Denial> {
    world.keys.issuer().map(|key| Json(key.jwks())).map_err(|e| Denial::internal(&e))
}

/// The same with a subject, which the path names: some clients replace the query.
async fn token_of(
    world: State<Arc<World>>,
    Path(sub): Path<String>,
    UrlQuery(mut claims): UrlQuery<BTreeMap<String, String>>,
) -> Result<Json<Value>, Denial> {
    claims.insert("sub".to_owned(), sub);
    token(world, UrlQuery(claims)).await
}

/// An identity token as GitHub's runners hand them out: `?audience=…`; other members of the query become
/// claims. Whoever reaches loopback may have one: the issuer is a stand-in.
async fn token(
    State(world): State<Arc<World>>,
    UrlQuery(mut claims): UrlQuery<BTreeMap<String, String>>,
) -> Result<Json<Value>, Denial> {
    if let Some(audience) = claims.remove("audience") {
        claims.insert("aud".to_owned(), audience);
    }
    let token = world.identity_token(&claims).map_err(|e| Denial::internal(&e))?;
    Ok(Json(json!({ "value": token })))
}
