//! Where the content of a file is: `HEAD` and `GET /[T/]{id}/resolve/{rev}/{path}`.
//!
//! A file of git is answered by a redirect to the cache of the same origin, where its revision is a commit's
//! id, and a large one by a redirect to the CDN. Sizes and ids are told on the redirect already, because
//! clients ask with `HEAD` and do not follow.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::{
    call::{Answer, Call},
    large::{sign, xet},
    range::{self, Requested},
    store::{Entry, EntryKind, Pointer, Sha},
};
use crate::{Access, Denial};

/// What stays as it is in a path.
const PATH: AsciiSet =
    NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// The media type by which a client asks for a file's place in the store.
const XET_FILE_INFO: &str = "application/vnd.xet-fileinfo+json";
/// How long a link to the CDN works, in seconds.
const LINK_SECONDS: i64 = 3600;

/// Answers on the revision that a path names.
pub(crate) async fn resolve(call: &Call, revision: &str, path: &[&str]) -> Answer {
    call.demand(Access::Download)?;
    let commit = call.commit(revision).await.map_err(|denial| denial.with("commit", ""))?;
    let path = path.join("/");
    let entry = file(call, &commit, &path).await?;
    Ok(match &entry.large {
        Some(pointer) => to_cdn(call, &commit, &entry, pointer),
        None => to_cache(call, &commit, &entry),
    })
}

/// `GET /api/resolve-cache/{T}/{id}/{commit}/{path}`: the content of a file of git.
pub(crate) async fn cached(call: &Call, commit: &str, path: &[&str]) -> Answer {
    call.demand(Access::Download)?;
    let commit = call.commit(commit).await?;
    let entry = file(call, &commit, &path.join("/")).await?;
    if let Some(pointer) = &entry.large {
        return Ok(to_cdn(call, &commit, &entry, pointer));
    }
    let mut headers = described(&commit, &entry);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let etag = format!("\"{}\"", entry.sha);
    if call.request.header(header::IF_NONE_MATCH).is_some_and(|known| known.contains(&etag)) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    put(&mut headers, header::CONTENT_TYPE, media_type(&entry.path));
    let content = call.git.blob(&entry.sha).await?;
    let length = content.len() as u64;
    Ok(match range::requested(call.request.header(header::RANGE), length) {
        Requested::Whole => (headers, Body::from(content)).into_response(),
        Requested::Nothing => range::unsatisfiable(length),
        Requested::Part(range) => {
            put(&mut headers, header::CONTENT_RANGE, &range.header());
            let part = content.get(range.indices()).unwrap_or_default().to_vec();
            (StatusCode::PARTIAL_CONTENT, headers, Body::from(part)).into_response()
        }
    })
}

async fn file(call: &Call, commit: &Sha, path: &str) -> Result<Entry, Denial> {
    let entry = call.git.at_path(commit, path).await?;
    entry.filter(|entry| entry.kind == EntryKind::File).ok_or_else(|| {
        // Clients note which files a commit does not have, and want to know of which commit.
        Denial::entry_not_found()
            .with_header(HeaderName::from_static("x-repo-commit"), commit.as_str())
    })
}

fn to_cache(call: &Call, commit: &Sha, entry: &Entry) -> Response {
    let (kind, id) = (call.repo.kind.plural(), call.repo.id());
    let path = utf8_percent_encode(&entry.path, &PATH);
    let asked = utf8_percent_encode(call.request.uri.path(), NON_ALPHANUMERIC);
    let etag = utf8_percent_encode(entry.sha.as_str(), NON_ALPHANUMERIC);
    let place =
        format!("/api/resolve-cache/{kind}/{id}/{commit}/{path}?{asked}=&etag=%22{etag}%22");
    redirect(StatusCode::TEMPORARY_REDIRECT, &place, described(commit, entry))
}

fn to_cdn(call: &Call, commit: &Sha, entry: &Entry, pointer: &Pointer) -> Response {
    let until = call.world.clock.now().as_second().saturating_add(LINK_SECONDS);
    let place = sign::download(&call.world, &call.repo, pointer, until);
    let mut headers = described(commit, entry);
    let in_store = xet::describe(call, commit, pointer, &mut headers);
    // Who reads from the store itself asks for what there is to know, and for no content.
    let accepts = call.request.header(header::ACCEPT).unwrap_or_default();
    if let Some(body) = in_store
        && accepts.contains(XET_FILE_INFO)
    {
        put(&mut headers, header::CONTENT_TYPE, XET_FILE_INFO);
        return (StatusCode::OK, headers, body.to_string()).into_response();
    }
    redirect(StatusCode::FOUND, &place, headers)
}

fn redirect(status: StatusCode, place: &str, mut headers: HeaderMap) -> Response {
    put(&mut headers, header::LOCATION, place);
    (status, headers).into_response()
}

/// The headers that tell clients which file it is.
fn described(commit: &Sha, entry: &Entry) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let etag = match &entry.large {
        Some(pointer) => format!("\"{}\"", pointer.id),
        None => format!("\"{}\"", entry.sha),
    };
    put(&mut headers, HeaderName::from_static("x-repo-commit"), commit.as_str());
    put(&mut headers, HeaderName::from_static("x-linked-size"), &entry.size().to_string());
    put(&mut headers, HeaderName::from_static("x-linked-etag"), &etag);
    put(&mut headers, header::ETAG, &etag);
    let name = entry.path.rsplit('/').next().unwrap_or_default();
    let name = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let disposition = format!("inline; filename*=UTF-8''{name}");
    put(&mut headers, header::CONTENT_DISPOSITION, &disposition);
    headers
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

/// The Hub serves nothing from its own origin that a browser would run.
fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("json") => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}
