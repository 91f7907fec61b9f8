//! Where a repository has been: refs, commits, and the difference between two of them.

use axum::{Json, response::IntoResponse};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::super::{
    call::{Answer, Call, answer},
    paging,
    store::{Commit, Ref},
};
use crate::{Access, Denial, clock};

/// How many commits a page has, at most.
const PAGE: usize = 1000;
/// And how many if the client does not say.
const USUAL_PAGE: usize = 50;

/// `GET /api/{T}/{id}/refs`.
pub(crate) async fn refs(call: &Call) -> Answer {
    let refs = call.git.refs().await?;
    let under = |space: &str| -> Vec<Value> {
        refs.iter().filter_map(|named| ref_json(named, space)).collect()
    };
    let mut body = json!({
        "branches": under("refs/heads/"),
        "tags": under("refs/tags/"),
        "converts": under("refs/convert/"),
    });
    if call.request.flag("include_prs") || call.request.flag("include_pull_requests") {
        body["pullRequests"] = Value::Array(under("refs/pr/"));
    }
    answer(body)
}

fn ref_json(named: &Ref, space: &str) -> Option<Value> {
    let short = named.name.strip_prefix(space)?;
    Some(json!({ "name": short, "ref": named.name, "targetCommit": named.target }))
}

/// `GET /api/{T}/{id}/commits/{rev}`.
pub(crate) async fn commits(call: &Call, revision: &str) -> Answer {
    let tip = call.commit(revision).await?;
    let request = &call.request;
    let (number, limit) = (request.number("p", 0), request.number("limit", USUAL_PAGE));
    let limit = limit.clamp(1, PAGE);
    let is_formatted = request.list("expand").contains(&"formatted");
    let total = call.git.count(&tip).await?;
    let commits = call.git.log(&tip, number.saturating_mul(limit), limit, None).await?;
    let items: Vec<Value> =
        commits.iter().map(|commit| commit_json(commit, is_formatted)).collect();
    let has_more = number.saturating_add(1).saturating_mul(limit) < total;
    let next = (number + 1).to_string();
    let next = has_more.then_some(("p", next.as_str()));
    let link = paging::link(&call.world.origins.hub, request.uri.path(), &request.query, next);
    Ok((link, [("x-total-count", total.to_string())], Json(items)).into_response())
}

fn commit_json(commit: &Commit, is_formatted: bool) -> Value {
    let mut item = json!({
        "id": commit.id,
        "title": commit.title,
        "message": commit.message,
        "date": date(commit),
        "authors": [{ "user": commit.author }],
    });
    if is_formatted {
        let html =
            |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        item["formatted"] =
            json!({ "title": html(&commit.title), "message": html(&commit.message) });
    }
    item
}

/// When a commit was made, as the API writes it.
pub(crate) fn date(commit: &Commit) -> String {
    clock::iso(Timestamp::from_second(commit.seconds).unwrap_or_default())
}

/// `GET /api/{T}/{id}/compare/{one}..{other}`: the changes of the second as a patch, since the point
/// where they parted if three dots are between them.
pub(crate) async fn compare(call: &Call, revisions: &str) -> Answer {
    call.demand(Access::Download)?;
    let bad = || Denial::bad_request("Two revisions are compared as base..head or base...head");
    let (base, head, since_fork) = match revisions.split_once("...") {
        Some((base, head)) => (base, head, true),
        None => revisions.split_once("..").map(|(b, h)| (b, h, false)).ok_or_else(bad)?,
    };
    let (mut base, head) = (call.commit(base).await?, call.commit(head).await?);
    if since_fork && let Some(fork) = call.git.merge_base(&base, &head).await? {
        base = fork;
    }
    let patch = call.git.patch(&base, &head).await?;
    if call.request.flag("raw") {
        return Ok(patch.into_response());
    }
    answer(Value::String(String::from_utf8_lossy(&patch).into_owned()))
}
