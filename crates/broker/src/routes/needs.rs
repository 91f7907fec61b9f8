//! Accesses, as requests need them.

use std::collections::BTreeSet;

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
    write(repository, Change { revision, keeps: true, paths: BTreeSet::new() })
}

/// To delete a revision, or what it was.
pub(super) fn delete(repository: Resource, revision: String) -> Access {
    write(repository, Change { revision: Some(revision), keeps: false, paths: BTreeSet::new() })
}

/// What is written.
#[derive(Debug)]
pub(super) struct Change {
    /// Where, unless there are no revisions or it may be any.
    pub(super) revision: Option<String>,
    /// Which paths: any if there are none.
    pub(super) paths: BTreeSet<Pattern>,
    /// Whether nothing is deleted.
    pub(super) keeps: bool,
}

/// To write exactly this.
pub(super) fn write(repository: Resource, change: Change) -> Access {
    let revision = change.revision.map(Pattern::Exact);
    let limits = Limits { revision, paths: change.paths, keeps: change.keeps };
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
