//! Lists of repositories: `GET /api/{models|datasets|spaces}`.

use std::sync::Arc;

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};

use super::{
    super::{call::Line, paging},
    info,
};
use crate::{Access, Caller, RepoKind, World};

/// How many repositories a page has, at most.
const PAGE: usize = 1000;

/// Those that the caller may see, newest first.
pub(crate) fn list(
    world: &Arc<World>,
    caller: &Caller,
    kind: RepoKind,
    request: &Line,
) -> Response {
    let search = request.param("search").map(str::to_lowercase);
    let author = request.param("author");
    let is_wanted = |name: &crate::RepoName| {
        name.kind == kind
            && author.is_none_or(|author| author == name.namespace)
            && search.as_ref().is_none_or(|word| name.id().to_lowercase().contains(word))
            && caller.may(Access::Read, name).is_ok()
    };
    let names = world.repositories.names().into_iter().filter(is_wanted);
    let mut items: Vec<Map<String, Value>> = names
        .filter_map(|name| {
            world.repositories.with(&name, |record| info::summary(&name, record)).ok()
        })
        .collect();
    let created = |item: &Map<String, Value>| item.get("createdAt").map(Value::to_string);
    items.sort_by_key(|item| std::cmp::Reverse(created(item)));
    let wanted = request.list("expand");
    if !wanted.is_empty() {
        for item in &mut items {
            item.retain(|key, _| ["_id", "id"].contains(&&**key) || wanted.contains(&key.as_str()));
        }
    }
    let start = request.number("cursor", request.number("skip", 0));
    let limit = request.number("limit", PAGE).clamp(1, PAGE);
    let page = paging::page(items, start, limit);
    let next = page.next.map(|next| next.to_string());
    let next = next.as_deref().map(|next| ("cursor", next));
    let link = paging::link(&world.origins.hub, request.uri.path(), &request.query, next);
    (link, Json(page.items)).into_response()
}
