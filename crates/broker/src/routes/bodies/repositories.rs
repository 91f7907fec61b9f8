//! Repositories that are made, moved, copied and deleted.

use bearhug_core::scope::{Access, Action, RepoKind, Resource};
use serde::Deserialize;

use super::{Kind, Volume, object};
use crate::routes::{Refusal, names, needs};

/// The body of `/api/repos/create` and `/api/repos/delete`.
#[derive(Debug, Deserialize)]
struct One {
    name: String,
    organization: Option<String>,
    r#type: Option<Kind>,
    /// The Space whose copy it becomes.
    template: Option<String>,
    volumes: Option<Vec<Volume>>,
}

/// The body of `/api/repos/move`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Move {
    from_repo: String,
    to_repo: String,
    r#type: Option<Kind>,
}

/// The body of `…/duplicate`.
#[derive(Debug, Deserialize)]
struct Duplicate {
    repository: String,
    volumes: Option<Vec<Volume>>,
}

/// The body of `…/volumes`.
#[derive(Debug, Deserialize)]
struct Volumes {
    volumes: Vec<Volume>,
}

/// What making or deleting a repository needs.
pub(super) fn one(body: &[u8]) -> Result<Vec<Access>, Refusal> {
    let one: One = object(body)?;
    let kind = one.r#type.unwrap_or_default().into();
    let resource = match one.organization.as_deref() {
        Some(owner) => names::repository(kind, Some(owner), &one.name)?,
        // It is the token's owner, who is not known here.
        None => Resource::All(Some(kind)),
    };
    let mut needed = vec![needs::to(Action::Manage, resource)];
    if let Some(template) = one.template.filter(|template| template.contains('/')) {
        needed.push(needs::to(Action::Read, names::id(RepoKind::Space, &template)?));
    }
    mounted(needed, one.volumes)
}

/// What moving a repository needs.
pub(super) fn moved(body: &[u8]) -> Result<Vec<Access>, Refusal> {
    let moved: Move = object(body)?;
    let kind = moved.r#type.unwrap_or_default().into();
    let manage = |id: &str| Ok(needs::to(Action::Manage, names::id(kind, id)?));
    Ok(vec![manage(&moved.from_repo)?, manage(&moved.to_repo)?])
}

/// What copying a repository needs.
pub(super) fn duplicate(source: Resource, body: &[u8]) -> Result<Vec<Access>, Refusal> {
    let copy: Duplicate = object(body)?;
    let target = names::id(source.kind().ok_or(Refusal::Unknown)?, &copy.repository)?;
    let needed = vec![needs::to(Action::Read, source), needs::to(Action::Manage, target)];
    mounted(needed, copy.volumes)
}

/// What mounting repositories in a Space needs.
pub(super) fn volumes(space: Resource, body: &[u8]) -> Result<Vec<Access>, Refusal> {
    let volumes: Volumes = object(body)?;
    mounted(vec![needs::to(Action::Manage, space)], Some(volumes.volumes))
}

/// The same, and what is mounted.
pub(super) fn mounted(
    mut needed: Vec<Access>,
    volumes: Option<Vec<Volume>>,
) -> Result<Vec<Access>, Refusal> {
    for volume in volumes.unwrap_or_default() {
        needed.push(volume.need()?);
    }
    Ok(needed)
}
