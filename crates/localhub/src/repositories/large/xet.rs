//! Large files by Xet: tokens for the store, and what clients are told about files that are in it.

use axum::{
    Json,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::IntoResponse,
};
use futures_util::stream;
use serde_json::{Value, json};

use super::super::{
    call::{Answer, Call},
    serve::nothing_here,
    store::{Pointer, Sha},
};
use crate::{Access, Denial, cas::XetFile};

/// `GET /api/{T}/{id}/xet-{read|write}-token/{rev}`. A pull request is written to by those who discuss.
pub(crate) fn token(call: &Call, writes: bool) -> Answer {
    call.demand(match (writes, call.request.flag("create_pr")) {
        (false, _) => Access::Download,
        (true, true) => Access::Discuss,
        (true, false) => Access::Write,
    })?;
    let token = call.world.xet_token(&call.repo, writes)?.ok_or_else(nothing_here)?;
    let mut headers = HeaderMap::new();
    for (name, value) in token.headers() {
        put(&mut headers, name, &value);
    }
    Ok((headers, Json(token.json())).into_response())
}

/// The action of a batch that sends a client to the store: it carries the token.
pub(crate) fn upload_action(call: &Call) -> Result<Value, Denial> {
    let token = call.world.xet_token(&call.repo, true)?.ok_or_else(nothing_here)?;
    let mut header: serde_json::Map<String, Value> =
        token.headers().into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    header.insert("x-xet-session-id".to_owned(), json!(crate::ids::uuid()));
    let href = format!("{}/xet-write-token/main", api_url(call));
    Ok(json!({ "href": href, "header": header }))
}

/// Whether a large file is here, or can be had from the store.
pub(crate) async fn arrived(call: &Call, pointer: &Pointer) -> Result<bool, Denial> {
    let large = call.git.large();
    if large.has(pointer).await {
        return Ok(true);
    }
    let Some(cas) = &call.world.cas else { return Ok(false) };
    let Some(content) = cas.content(&pointer.id).await? else { return Ok(false) };
    let taken = large.take(pointer, stream::iter([Ok(content)])).await;
    Ok(taken.is_ok())
}

/// Tells how to have a file from the store, if it is there: its hash, where tokens are, and its parts. The
/// headers are for all clients, and the value is what those that ask for it get as a body.
pub(crate) fn describe(
    call: &Call,
    commit: &Sha,
    pointer: &Pointer,
    headers: &mut HeaderMap,
) -> Option<Value> {
    let cas = call.world.cas.as_ref()?;
    let XetFile { hash } = cas.file(&pointer.id)?;
    let tokens = format!("{}/xet-read-token/{commit}", api_url(call));
    let parts = cas.reconstruction_url(&hash);
    put(headers, "x-xet-hash", &hash);
    put(headers, "x-xet-refresh-route", &tokens);
    let links = format!("<{tokens}>; rel=\"xet-auth\", <{parts}>; rel=\"xet-reconstruction-info\"");
    put(headers, header::LINK.as_str(), &links);
    Some(json!({
        "hash": hash,
        "refreshUrl": tokens,
        "reconstructionUrl": parts,
        "etag": format!("\"{}\"", pointer.id),
        "size": pointer.size,
    }))
}

fn api_url(call: &Call) -> String {
    format!("{}/api/{}/{}", call.world.origins.hub, call.repo.kind.plural(), call.repo.id())
}

fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}
