//! Branches and tags, and a branch's history made one commit.

use axum::body::Body;
use serde::Deserialize;
use serde_json::json;

use super::super::{
    call::{Answer, Call, answer, json},
    store::is_ref_name,
};
use crate::{Access, Denial};

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NewBranch {
    starting_point: Option<String>,
    overwrite: bool,
}

/// `POST /api/{T}/{id}/branch/{name}`.
pub(crate) async fn create_branch(call: &Call, name: &str, body: Body) -> Answer {
    call.demand(Access::Write)?;
    let new: NewBranch = json(body).await?;
    let reference = reference("refs/heads/", name)?;
    let target = call.commit(new.starting_point.as_deref().unwrap_or("HEAD")).await?;
    let existing = call.git.target(&reference).await?;
    if existing.is_some() && !new.overwrite {
        return Err(exists(&reference));
    }
    call.git.point(&reference, &target, existing.as_ref()).await?;
    answer(json!({}))
}

/// `DELETE /api/{T}/{id}/branch/{name}`.
pub(crate) async fn delete_branch(call: &Call, name: &str) -> Answer {
    call.demand(Access::Write)?;
    if name == "main" {
        return Err(Denial::new(axum::http::StatusCode::FORBIDDEN, "Cannot delete main branch"));
    }
    delete(call, "refs/heads/", name).await
}

#[derive(Debug, Deserialize)]
struct NewTag {
    tag: String,
    message: Option<String>,
}

/// `POST /api/{T}/{id}/tag/{rev}`.
pub(crate) async fn create_tag(call: &Call, revision: &str, body: Body) -> Answer {
    call.demand(Access::Write)?;
    let new: NewTag = json(body).await?;
    let reference = reference("refs/tags/", &new.tag)?;
    let target = call.commit(revision).await?;
    if call.git.target(&reference).await?.is_some() {
        return Err(exists(&reference));
    }
    call.git.tag(&new.tag, &target, &call.signature()?, new.message.as_deref()).await?;
    answer(json!({}))
}

/// `DELETE /api/{T}/{id}/tag/{name}`.
pub(crate) async fn delete_tag(call: &Call, name: &str) -> Answer {
    call.demand(Access::Write)?;
    delete(call, "refs/tags/", name).await
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Squashing {
    message: Option<String>,
}

/// `POST /api/{T}/{id}/super-squash/{branch}`.
pub(crate) async fn squash(call: &Call, branch: &str, body: Body) -> Answer {
    call.demand(Access::Write)?;
    let Squashing { message } = json(body).await?;
    let reference = reference("refs/heads/", branch)?;
    let tip = call.git.target(&reference).await?;
    let tip = tip.ok_or_else(|| Denial::revision_not_found(branch))?;
    let message = message.as_deref().unwrap_or("Super-squash history");
    let commit = call.git.squash(&reference, &tip, &call.signature()?, message).await?;
    answer(json!({ "commitId": commit }))
}

async fn delete(call: &Call, space: &str, name: &str) -> Answer {
    let reference = reference(space, name)?;
    if call.git.target(&reference).await?.is_none() {
        return Err(Denial::revision_not_found(name));
    }
    call.git.forget(&reference).await?;
    answer(json!({}))
}

fn reference(space: &str, name: &str) -> Result<String, Denial> {
    let refusal = || Denial::bad_request(format!("Invalid reference name: {name}"));
    is_ref_name(name).then(|| format!("{space}{name}")).ok_or_else(refusal)
}

fn exists(reference: &str) -> Denial {
    Denial::conflict(format!("Reference {reference} already exists"))
}
