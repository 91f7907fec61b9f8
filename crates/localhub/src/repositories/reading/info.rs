//! What a repository is: `GET /api/{T}/{id}[/revision/{rev}]`.

use serde_json::{Map, Value, json};

use super::super::{
    call::{Answer, Call, answer},
    record::Record,
    store::{Entry, EntryKind, Sha},
};
use crate::{Denial, RepoKind, RepoName, clock};

/// Answers for a revision; without one, for the main branch, and an empty repository has no commit.
pub(crate) async fn info(call: &Call, revision: Option<&str>) -> Answer {
    let commit = match revision {
        Some(revision) => Some(call.commit(revision).await?),
        None => call.git.resolve("HEAD").await?,
    };
    let mut body =
        call.world.repositories.with(&call.repo, |record| summary(&call.repo, record))?;
    add_content(call, &mut body, commit.as_ref()).await?;
    let wanted = call.request.list("expand");
    if !wanted.is_empty() {
        body.retain(|key, _| {
            ["_id", "id"].contains(&key.as_str()) || wanted.contains(&key.as_str())
        });
    }
    answer(Value::Object(body))
}

/// What is told about a repository in lists as well.
pub(crate) fn summary(repo: &RepoName, record: &Record) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |key: &str, value: Value| body.insert(key.to_owned(), value);
    put("_id", json!(record.id));
    put("id", json!(repo.id()));
    put("author", json!(repo.namespace));
    put("private", json!(record.is_private));
    put("gated", record.gate.json());
    put("disabled", json!(record.is_disabled));
    put("likes", json!(0));
    put("downloads", json!(0));
    put("tags", json!([]));
    put("createdAt", json!(clock::iso(record.created_at)));
    put("lastModified", json!(clock::iso(record.updated_at)));
    match repo.kind {
        RepoKind::Model => put("modelId", json!(repo.id())),
        RepoKind::Dataset => put("description", json!("")),
        RepoKind::Space => put("sdk", json!(record.sdk)),
    };
    body
}

async fn add_content(
    call: &Call,
    body: &mut Map<String, Value>,
    commit: Option<&Sha>,
) -> Result<(), Denial> {
    let (mut siblings, mut used) = (Vec::new(), 0);
    if let Some(commit) = commit {
        let entries = call.git.entries(commit, "", true).await?.unwrap_or_default();
        let with_blobs = call.request.flag("blobs");
        let files = entries.iter().filter(|entry| entry.kind == EntryKind::File);
        for file in files {
            used += file.size();
            siblings.push(sibling(file, with_blobs));
        }
        body.insert("sha".to_owned(), json!(commit));
    }
    body.insert("xetEnabled".to_owned(), json!(call.world.cas.is_some()));
    body.insert("siblings".to_owned(), Value::Array(siblings));
    body.insert("usedStorage".to_owned(), json!(used));
    Ok(())
}

fn sibling(file: &Entry, with_blobs: bool) -> Value {
    let mut item = json!({ "rfilename": file.path });
    if with_blobs {
        item["size"] = json!(file.size());
        item["blobId"] = json!(file.sha);
        if let Some(pointer) = &file.large {
            item["lfs"] = json!({
                "sha256": pointer.id, "size": pointer.size, "pointerSize": file.size_in_git()
            });
        }
    }
    item
}
