//! `PUT /api/{T}/{id}/settings`.

use axum::body::Body;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        call::{Answer, Call, answer, json},
        events,
        record::Gate,
    },
    is_private,
};
use crate::{Access, Denial};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    private: Option<bool>,
    visibility: Option<String>,
    gated: Option<Value>,
    discussions_disabled: Option<bool>,
}

/// Changes what is named and leaves the rest.
pub(crate) async fn change(call: &Call, body: Body) -> Answer {
    call.demand(Access::Settings)?;
    let change: Change = json(body).await?;
    let gate = match &change.gated {
        None => None,
        Some(value) => {
            let bad = || Denial::bad_request("gated is false, \"auto\" or \"manual\"");
            Some(Gate::from_json(value).ok_or_else(bad)?)
        }
    };
    let now = call.world.clock.now();
    let settings = call.world.repositories.with(&call.repo, |record| {
        if let Some(private) = is_private(change.private, change.visibility.as_deref()) {
            record.is_private = private;
        }
        record.gate = gate.unwrap_or(record.gate);
        record.has_no_discussions =
            change.discussions_disabled.unwrap_or(record.has_no_discussions);
        record.updated_at = now;
        json!({
            "private": record.is_private,
            "visibility": if record.is_private { "private" } else { "public" },
            "gated": record.gate.json(),
            "discussionsDisabled": record.has_no_discussions,
        })
    })?;
    events::tell(&call.world, &call.repo, ("update", "repo.config"), vec![]);
    events::log(&call.caller, &call.repo, "repo.update_settings", "Changed the settings of");
    answer(settings)
}
