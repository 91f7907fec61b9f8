//! What is in a repository: the tree of a revision, and single paths of it.

use std::collections::BTreeSet;

use axum::{
    Json,
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{
    call::{Answer, Call, answer, bytes},
    paging,
    store::{Entry, EntryKind, Sha},
};
use crate::{Access, Denial};

/// How many entries a page has; fewer where each is told in full, as the Hub does.
const PAGE: usize = 1000;
const PAGE_IN_FULL: usize = 100;

/// `GET /api/{T}/{id}/tree/{rev}[/{path}]`.
pub(crate) async fn tree(call: &Call, revision: &str, path: &[&str]) -> Answer {
    let commit = call.commit(revision).await?;
    let folder = path.join("/");
    let in_full = call.request.flag("expand");
    let entries = call.git.entries(&commit, &folder, call.request.flag("recursive")).await?;
    let entries = match entries {
        Some(entries) => entries,
        None if call.git.at_path(&commit, &folder).await?.is_some() => Vec::new(),
        None => return Err(Denial::entry_not_found()),
    };
    let start = call.request.param("cursor").and_then(read_cursor).unwrap_or(0);
    let most = if in_full { PAGE_IN_FULL } else { PAGE };
    let limit = call.request.number("limit", most).clamp(1, most);
    let page = paging::page(entries, start, limit);
    let items = describe(call, &commit, &page.items, in_full).await?;
    let cursor = page.next.map(write_cursor);
    let next = cursor.as_deref().map(|cursor| ("cursor", cursor));
    let (uri, query) = (&call.request.uri, &call.request.query);
    let link = paging::link(&call.world.origins.hub, uri.path(), query, next);
    Ok((link, Json(items)).into_response())
}

/// `POST /api/{T}/{id}/paths-info/{rev}`: paths that do not exist are left out.
pub(crate) async fn paths_info(call: &Call, revision: &str, body: Body) -> Answer {
    let wanted = wanted(call.request.header(header::CONTENT_TYPE), &bytes(body).await?)?;
    let commit = call.commit(revision).await?;
    let paths: BTreeSet<&str> =
        wanted.paths.iter().map(|path| path.trim_end_matches('/')).collect();
    let paths: Vec<&str> = paths.into_iter().collect();
    let entries = call.git.at_paths(&commit, &paths).await?;
    answer(describe(call, &commit, &entries, wanted.expand).await?)
}

/// `GET /api/{T}/{id}/treesize/{rev}/{path}`.
pub(crate) async fn size(call: &Call, revision: &str, path: &[&str]) -> Answer {
    let commit = call.commit(revision).await?;
    let folder = path.join("/");
    let entries = call.git.entries(&commit, &folder, true).await?;
    let entries = entries.ok_or_else(Denial::entry_not_found)?;
    let size: u64 = entries.iter().map(Entry::size).sum();
    answer(json!({ "path": format!("/{folder}"), "size": size }))
}

/// `GET /[T/]{id}/raw/{rev}/{path}`: the file as it is in git, so of a large one its pointer.
pub(crate) async fn raw(call: &Call, revision: &str, path: &[&str]) -> Answer {
    call.demand(Access::Download)?;
    let commit = call.commit(revision).await?;
    let entry = call.git.at_path(&commit, &path.join("/")).await?;
    let entry = entry.filter(|entry| entry.kind == EntryKind::File);
    let entry = entry.ok_or_else(Denial::entry_not_found)?;
    let content = call.git.blob(&entry.sha).await?;
    let headers = [
        (header::CONTENT_TYPE.as_str(), "text/plain; charset=utf-8".to_owned()),
        ("x-repo-commit", commit.to_string()),
        (header::ETAG.as_str(), format!("\"{}\"", entry.sha)),
    ];
    Ok(Response::into_response((headers, content).into_response()))
}

/// Entries as the API shows them, in full with the commit that last changed each.
async fn describe(
    call: &Call,
    commit: &Sha,
    entries: &[Entry],
    in_full: bool,
) -> Result<Value, Denial> {
    let mut items = Vec::new();
    for entry in entries {
        let mut item = entry_json(call, entry);
        if in_full {
            let last = call.git.log(commit, 0, 1, Some(&entry.path)).await?;
            let last = last.first().map(|commit| {
                json!({ "id": commit.id, "title": commit.title, "date": super::history::date(commit) })
            });
            item["lastCommit"] = last.unwrap_or(Value::Null);
            if entry.kind == EntryKind::File {
                let unscanned = json!({ "status": "unscanned" });
                item["securityFileStatus"] = json!({
                    "status": "unscanned", "avScan": unscanned, "pickleImportScan": unscanned
                });
            }
        }
        items.push(item);
    }
    Ok(Value::Array(items))
}

fn entry_json(call: &Call, entry: &Entry) -> Value {
    let kind = match entry.kind {
        EntryKind::File => "file",
        EntryKind::Folder => "directory",
        EntryKind::Other => "unknown",
    };
    let mut item = json!({
        "type": kind, "oid": entry.sha, "size": entry.size(), "path": entry.path
    });
    if let Some(pointer) = &entry.large {
        item["lfs"] = json!({
            "oid": pointer.id, "size": pointer.size, "pointerSize": entry.size_in_git()
        });
        if let Some(file) = call.world.cas.as_ref().and_then(|cas| cas.file(&pointer.id)) {
            item["xetHash"] = json!(file.hash);
        }
    }
    item
}

#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(deserialize_with = "one_or_more")]
    paths: Vec<String>,
    #[serde(default)]
    expand: bool,
}

/// Which paths a body asks for: Python's clients send a form, the others JSON.
fn wanted(kind: Option<&str>, body: &[u8]) -> Result<Wanted, Denial> {
    if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let mut wanted = Wanted::default();
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "paths" | "paths[]" => wanted.paths.push(value.into_owned()),
                "expand" => wanted.expand = matches!(&*value, "true" | "True" | "1"),
                _ => {}
            }
        }
        return Ok(wanted);
    }
    serde_json::from_slice(body).map_err(|error| Denial::bad_request(error.to_string()))
}

fn one_or_more<'de, D: serde::Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Paths {
        One(String),
        More(Vec<String>),
    }
    Ok(match Paths::deserialize(value)? {
        Paths::One(path) => vec![path],
        Paths::More(paths) => paths,
    })
}

/// Cursors are opaque to clients: here, where the next page starts.
fn write_cursor(start: usize) -> String {
    data_encoding::BASE64URL_NOPAD.encode(start.to_string().as_bytes())
}

fn read_cursor(cursor: &str) -> Option<usize> {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    std::str::from_utf8(&bytes).ok()?.parse().ok()
}
