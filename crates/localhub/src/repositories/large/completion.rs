//! The end of an upload in parts: `POST /api/complete_multipart`, whose URL is the credential.

use std::sync::Arc;

use axum::{extract::Request, http::Method};
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{
        call::{Answer, answer, json},
        serve::nothing_here,
        store::Refusal,
    },
    sign::{Capability, Deed},
};
use crate::{Denial, World};

#[derive(Debug, Deserialize)]
struct Completion {
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part {
    part_number: u32,
}

/// Joins the parts that the body names, which must be all.
pub(crate) async fn complete(world: &Arc<World>, request: Request) -> Answer {
    if request.method() != Method::POST {
        return Err(nothing_here());
    }
    let query = request.uri().query().unwrap_or_default().to_owned();
    let id = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "oid");
    let id = id.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let capability = Capability::read(world, &id, &query)?;
    if capability.deed != Deed::Complete {
        return Err(Denial::new(axum::http::StatusCode::FORBIDDEN, "Access denied"));
    }
    let completion: Completion = json(request.into_body()).await?;
    let named: Vec<u32> = completion.parts.iter().map(|part| part.part_number).collect();
    if !named.iter().copied().eq(1..=capability.number) {
        return Err(Denial::bad_request("Some parts are missing"));
    }
    let large = world.repositories.git(&capability.repo).large();
    large
        .join(&capability.upload, capability.number, &capability.pointer)
        .await
        .map_err(refusal)?;
    answer(json!({ "success": true }))
}

/// A refusal of content, in the words of a store of objects.
pub(super) fn refusal(refusal: Refusal) -> Denial {
    match refusal {
        Refusal::Different => Denial::bad_request("The content does not match its id"),
        Refusal::Io(error) => Denial::internal(&error),
    }
}
