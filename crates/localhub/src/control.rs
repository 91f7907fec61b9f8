//! What no client of the Hub sees: levers of the local one, below `/_localhub/`.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Denial, World, json::JsonBody, middleware};

/// The routes of the Hub's origin that control it.
pub(crate) fn routes() -> Router<Arc<World>> {
    Router::new().route("/_localhub/devices", post(answer_device)).merge(middleware::fault_routes())
}

/// What a person would do in a browser.
#[derive(Deserialize)]
struct Answer {
    user_code: String,
    /// Who approves; nobody denies.
    user: Option<String>,
}

async fn answer_device(
    State(world): State<Arc<World>>,
    JsonBody(answer): JsonBody<Answer>,
) -> Result<Json<Value>, Denial> {
    if world.answer_device(&answer.user_code, answer.user.as_deref()) {
        Ok(Json(json!({})))
    } else {
        Err(Denial::not_found("No device waits under that code"))
    }
}
