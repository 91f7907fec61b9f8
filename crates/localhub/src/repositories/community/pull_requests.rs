//! Changes that somebody proposes: what they are, and how they come in.

use axum::body::Body;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        call::{Answer, Call, answer, json},
        store::{Merge, Sha},
    },
    Discussion, Status, What, author_json, find,
    threads::change,
};
use crate::{Access, Denial, clock};

/// `GET …/discussions/{num}`, with `diff=1` also what a pull request changes.
pub(crate) async fn show(call: &Call, number: &str) -> Answer {
    let discussion = get(call, number)?;
    let events: Vec<Value> = discussion.events.iter().map(|e| e.json(&call.world)).collect();
    let mut body = json!({
        "_id": format!("{:024x}", discussion.number),
        "num": discussion.number,
        "author": author_json(&call.world, &discussion.author),
        "repo": { "name": call.repo.id(), "type": call.repo.kind.singular() },
        "title": discussion.title,
        "createdAt": clock::iso(discussion.created_at),
        "status": discussion.status.name(),
        "events": events,
        "pinned": false,
        "locked": false,
        "collection": "discussions",
        "isPullRequest": discussion.pull.is_some(),
        "isReport": false,
    });
    if let Some(pull) = &discussion.pull {
        body["changes"] = json!({ "base": pull.base });
        if let Some(merged) = &pull.merged {
            body["changes"]["mergeCommitId"] = json!(merged);
        }
        body["filesWithConflicts"] = json!([]);
        if call.request.flag("diff") {
            call.demand(Access::Download)?;
            body["diff"] = json!(diff(call, &discussion, &pull.base).await?);
        }
    }
    answer(body)
}

/// What a pull request changes, as a patch.
async fn diff(call: &Call, discussion: &Discussion, base: &str) -> Result<String, Denial> {
    let head = call.git.target(&discussion.reference()).await?;
    let (Some(head), Some(base)) = (head, call.git.target(base).await?) else {
        return Ok(String::new());
    };
    let fork = call.git.merge_base(&base, &head).await?.unwrap_or(base);
    Ok(String::from_utf8_lossy(&call.git.patch(&fork, &head).await?).into_owned())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Merging {
    comment: Option<String>,
}

/// `POST …/discussions/{num}/merge`.
pub(crate) async fn merge(call: &Call, number: &str, body: Body) -> Answer {
    call.demand(Access::Write)?;
    let Merging { comment } = json(body).await?;
    let discussion = get(call, number)?;
    let open = matches!(discussion.status, Status::Open | Status::Draft);
    let Some(pull) = discussion.pull.as_ref().filter(|_| open) else {
        return Err(Denial::bad_request("This is no open pull request"));
    };
    let merged = bring_in(call, &discussion, &pull.base).await?;
    if let Some(comment) = comment.filter(|comment| !comment.is_empty()) {
        change(call, number, |_| Ok(What::Comment(comment)))?;
    }
    change(call, number, |discussion| {
        discussion.status = Status::Merged;
        if let Some(pull) = &mut discussion.pull {
            pull.merged = Some(merged);
        }
        Ok(What::Status(Status::Merged))
    })?;
    answer(json!({}))
}

async fn bring_in(call: &Call, discussion: &Discussion, base: &str) -> Result<Sha, Denial> {
    let head = call.commit(&discussion.reference()).await?;
    let message = format!("{} (#{})", discussion.title, discussion.number);
    match call.git.merge(base, &head, &call.signature()?, &message).await? {
        Merge::Done(commit) => Ok(commit),
        Merge::Conflict => Err(Denial::conflict("This pull request has conflicts")),
    }
}

fn get(call: &Call, number: &str) -> Result<Discussion, Denial> {
    call.world.repositories.with(&call.repo, |record| {
        find(&mut record.discussions, number).map(|found| found.clone())
    })?
}
