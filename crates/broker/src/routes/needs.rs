//! Accesses, as requests need them.

use bearhug_core::{
    lending::Operation,
    scope::{Access, Action, Limits, Pattern, Resource},
};

/// To do something to a resource. To write is to write and delete at any path of any revision.
pub(super) fn to(action: Action, resource: Resource) -> Access {
    Access::new(action, resource)
}

/// To write something, at a revision if one is named, without deleting.
pub(super) fn add(repository: Resource, revision: Option<String>) -> Access {
    let revision = revision.map(Pattern::Exact);
    write(repository, Limits { revision, path: None, keeps: true })
}

/// To delete a revision, or what it was.
pub(super) fn delete(repository: Resource, revision: String) -> Access {
    let revision = Some(Pattern::Exact(revision));
    write(repository, Limits { revision, path: None, keeps: false })
}

/// To write within these limits.
pub(super) fn write(repository: Resource, limits: Limits) -> Access {
    Access { limits, ..Access::new(Action::Write, repository) }
}

/// To read a repository and propose changes to it.
pub(super) fn propose(repository: &Resource) -> Vec<Access> {
    [Action::Read, Action::Discuss].map(|action| to(action, repository.clone())).into()
}

/// An operation that needs all of these.
pub(super) fn operation(name: &'static str, needs: Vec<Access>) -> Operation {
    Operation { name, needs, partly: Vec::new(), model: None }
}

/// An operation that needs a part of this.
pub(super) fn partly(name: &'static str, part: Access) -> Operation {
    Operation { partly: vec![part], ..operation(name, Vec::new()) }
}
