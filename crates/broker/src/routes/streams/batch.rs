//! The lines of a bucket's batch (the Hub's OpenAPI document, batch file operations).
//!
//! A bucket has no history, so whoever may add a file may replace one. That is not counted as deleting:
//! a lease that may not delete could add nothing otherwise.

use bearhug_core::scope::{Access, Action, Limits, Pattern, RepoKind, Resource};

use super::{
    commit::{one, text},
    lines::Lines,
};
use crate::routes::{Refusal, names, needs};

/// A batch on its way.
#[derive(Debug)]
pub(super) struct Batch {
    lines: Lines,
    bucket: Resource,
}

impl Batch {
    pub(super) fn new(bucket: Resource) -> Self {
        Self { lines: Lines::new(&["type", "path", "sourceRepoType", "sourceRepoId"]), bucket }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], needed: &mut Vec<Access>) -> Result<(), Refusal> {
        let Self { lines, bucket } = self;
        lines.feed(bytes, |line| {
            let write = |keeps: bool, path: Option<Pattern>| {
                needs::write(bucket.clone(), Limits { revision: None, path, keeps })
            };
            let path = one(text(&line, "path")?)?;
            match text(&line, "type")? {
                "addFile" => needed.push(write(true, path)),
                "copyFile" => {
                    let kind = kind(text(&line, "sourceRepoType")?)?;
                    let source = names::id(kind, text(&line, "sourceRepoId")?)?;
                    needed.push(needs::to(Action::Read, source));
                    needed.push(write(true, path));
                }
                "deleteFile" => needed.push(write(false, path)),
                _ => return Err(Refusal::Ambiguous("the batch has a line of an unknown sort")),
            }
            Ok(())
        })
    }

    pub(super) fn finish(&self) -> Result<(), Refusal> {
        self.lines.finish()
    }
}

/// The kind of a source, which is named as in bodies: `dataset`.
fn kind(text: &str) -> Result<RepoKind, Refusal> {
    let is_named = |kind: &RepoKind| kind.folder().strip_suffix('s') == Some(text);
    let unknown = Refusal::Ambiguous("the batch copies from an unknown sort of repository");
    RepoKind::ALL.into_iter().find(is_named).ok_or(unknown)
}
