//! `POST /api/credentials/revoke`: whoever holds a leaked token can end it.

use axum::{Json, extract::State as FromState, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::{Denial, Power, World, json::JsonBody};

#[derive(Deserialize)]
pub(super) struct Body {
    credentials: Vec<String>,
}

/// Ends the access tokens among the credentials. The answer says nothing about any of them, and asking
/// again changes nothing. OAuth credentials stay: the Hub does not state that they end.
pub(super) async fn revoke(
    FromState(world): FromState<Arc<World>>,
    JsonBody(body): JsonBody<Body>,
) -> Result<(StatusCode, Json<Value>), Denial> {
    if !(1..=1000).contains(&body.credentials.len()) {
        return Err(Denial::bad_request("credentials must have 1 to 1000 items"));
    }
    if body.credentials.iter().any(|value| !(1..=200).contains(&value.chars().count())) {
        return Err(Denial::bad_request("each credential must have 1 to 200 characters"));
    }
    let mut state = world.state();
    for value in &body.credentials {
        if let Some(credential) = state.credential(value)
            && !matches!(credential.power, Power::OAuth(_) | Power::Publisher { .. })
        {
            credential.dead = true;
        }
    }
    Ok((StatusCode::ACCEPTED, Json(json!({}))))
}
