//! Branches, tags, large files, collections and models, as bodies name them.

use bearhug_core::scope::{Access, Action, Resource};
use serde::Deserialize;

use super::{Kind, object};
use crate::routes::{Refusal, names, needs};

#[derive(Debug, Default, Deserialize)]
struct Branch {
    overwrite: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Tag {
    tag: String,
}

/// The body of a batch (git-lfs, `docs/api/batch.md`).
#[derive(Debug, Deserialize)]
struct Batch {
    operation: Direction,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Download,
    Upload,
}

#[derive(Debug, Deserialize)]
struct Target {
    r#type: Kind,
    name: String,
}

#[derive(Debug, Deserialize)]
struct DuplicateFiles {
    target: Target,
}

#[derive(Debug, Deserialize)]
struct Collection {
    namespace: String,
}

#[derive(Debug, Deserialize)]
struct Call {
    model: String,
}

/// What making a branch needs. One that is overwritten is gone.
pub(super) fn branch(
    repository: Resource,
    revision: &str,
    body: &[u8],
) -> Result<Vec<Access>, Refusal> {
    let branch: Branch = if body.is_empty() { Branch::default() } else { object(body)? };
    Ok(vec![match branch.overwrite {
        Some(true) => needs::delete(repository, revision.to_owned()),
        _ => needs::add(repository, Some(revision.to_owned())),
    }])
}

/// What making a tag needs. The path names what it is put on.
pub(super) fn tag(repository: Resource, body: &[u8]) -> Result<Vec<Access>, Refusal> {
    let tag: Tag = object(body)?;
    Ok(vec![needs::add(repository, Some(names::revision(&tag.tag)?))])
}

/// What moving large files needs.
pub(super) fn large_files(repository: Resource, body: &[u8]) -> Result<Access, Refusal> {
    let batch: Batch = object(body)?;
    Ok(match batch.operation {
        Direction::Download => needs::to(Action::Read, repository),
        Direction::Upload => needs::add(repository, None),
    })
}

/// What giving large files to another repository needs, and which one it is.
pub(super) fn duplicate_files(
    source: Resource,
    body: &[u8],
) -> Result<(Access, Resource), Refusal> {
    let files: DuplicateFiles = object(body)?;
    let target = names::id(files.target.r#type.into(), &files.target.name)?;
    Ok((needs::to(Action::Read, source), target))
}

/// What making a collection needs.
pub(super) fn collection(body: &[u8]) -> Result<Vec<Access>, Refusal> {
    let owner = names::owner(&object::<Collection>(body)?.namespace)?;
    Ok(vec![needs::to(Action::Collections, Resource::Namespace(None, owner))])
}

/// The model that is called, as it is named: with a provider after a colon, or without.
pub(super) fn model(body: &[u8]) -> Result<String, Refusal> {
    Ok(object::<Call>(body)?.model)
}
