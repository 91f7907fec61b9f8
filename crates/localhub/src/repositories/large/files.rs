//! The large files of a repository, whichever revisions name them: `/api/{T}/{id}/lfs-files`.

use std::collections::BTreeMap;

use axum::{Json, body::Body, response::IntoResponse};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{
    call::{Answer, Call, answer, json},
    paging,
    store::{Entry, Pointer},
};
use crate::{Access, Denial, clock};

/// How many files a page has, at most.
const PAGE: usize = 1000;

/// `GET /api/{T}/{id}/lfs-files`.
pub(crate) async fn list(call: &Call) -> Answer {
    let pushed_at = call.world.repositories.with(&call.repo, |record| record.updated_at)?;
    let files: Vec<Value> = named(call)
        .await?
        .into_values()
        .filter_map(|(reference, entry)| {
            let pointer = entry.large.as_ref()?;
            Some(json!({
                "fileOid": pointer.id, "oid": pointer.id, "size": pointer.size,
                "filename": entry.path, "ref": reference, "pushedAt": clock::iso(pushed_at),
            }))
        })
        .collect();
    let start = call.request.number("cursor", 0);
    let limit = call.request.number("limit", PAGE).clamp(1, PAGE);
    let page = paging::page(files, start, limit);
    let next = page.next.map(|next| next.to_string());
    let next = next.as_deref().map(|next| ("cursor", next));
    let (uri, query) = (&call.request.uri, &call.request.query);
    let link = paging::link(&call.world.origins.hub, uri.path(), query, next);
    Ok((link, Json(page.items)).into_response())
}

/// The large files of all branches, tags and pull requests, by their ids.
async fn named(call: &Call) -> Result<BTreeMap<String, (String, Entry)>, Denial> {
    let mut files = BTreeMap::new();
    for named in call.git.refs().await? {
        let entries = call.git.entries(&named.target, "", true).await?.unwrap_or_default();
        for entry in entries {
            if let Some(pointer) = &entry.large {
                files.entry(pointer.id.clone()).or_insert((named.name.clone(), entry));
            }
        }
    }
    Ok(files)
}

#[derive(Debug, Deserialize)]
struct Batch {
    deletions: Deletions,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Deletions {
    sha: Vec<String>,
    #[serde(default)]
    rewrite_history: bool,
}

/// `POST /api/{T}/{id}/lfs-files/batch`: deletes contents. Pointers to them stay in the history.
pub(crate) async fn delete_batch(call: &Call, body: Body) -> Answer {
    let batch: Batch = json(body).await?;
    if batch.deletions.rewrite_history {
        return Err(cannot_rewrite());
    }
    for id in &batch.deletions.sha {
        remove(call, id).await?;
    }
    answer(json!({}))
}

/// `DELETE /api/{T}/{id}/lfs-files/{sha}`.
pub(crate) async fn delete(call: &Call, id: &str) -> Answer {
    if call.request.flag("rewriteHistory") {
        return Err(cannot_rewrite());
    }
    remove(call, id).await?;
    answer(json!({}))
}

fn cannot_rewrite() -> Denial {
    Denial::bad_request("This local Hub does not rewrite history: leave out rewriteHistory")
}

async fn remove(call: &Call, id: &str) -> Result<(), Denial> {
    call.demand(Access::Settings)?;
    let pointer = Pointer::new(id, 0).ok_or_else(Denial::entry_not_found)?;
    let removed = tokio::fs::remove_file(call.git.large().path(&pointer)).await;
    removed.map_err(|_| Denial::entry_not_found())
}
