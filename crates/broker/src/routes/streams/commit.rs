//! The lines of a commit: which files it writes, and which it deletes.
//!
//! The lines are described in the Hub's OpenAPI document; `deletedFile` and `deletedFolder` are what its
//! clients send (`_prepare_commit_payload` of `huggingface_hub`).

use bearhug_core::scope::{Access, Limits, Pattern, Resource};

use super::lines::{Line, Lines};
use crate::routes::{Refusal, names, needs};

/// A commit on its way.
#[derive(Debug)]
pub(super) struct Commit {
    lines: Lines,
    repository: Resource,
    revision: String,
}

impl Commit {
    pub(super) fn new(repository: Resource, revision: String) -> Self {
        let lines = Lines::new(&["key", "value.path", "value.oldPath"]);
        Self { lines, repository, revision }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], needed: &mut Vec<Access>) -> Result<(), Refusal> {
        let Self { lines, repository, revision } = self;
        let mut change = |keeps: bool, path: Option<Pattern>| {
            let revision = Some(Pattern::Exact(revision.clone()));
            needed.push(needs::write(repository.clone(), Limits { revision, path, keeps }));
        };
        lines.feed(bytes, |line| {
            let path = || text(&line, "value.path");
            match text(&line, "key")? {
                "header" => {}
                "file" | "lfsFile" => {
                    change(true, one(path()?)?);
                    if let Some(old) = line.get("value.oldPath") {
                        change(false, one(old)?);
                    }
                }
                "deletedFile" => change(false, one(path()?)?),
                "deletedFolder" => change(false, folder(path()?)?),
                // It may be either.
                "deletedEntry" => {
                    change(false, one(path()?.trim_end_matches('/'))?);
                    change(false, folder(path()?)?);
                }
                _ => return Err(Refusal::Ambiguous("the commit has a line of an unknown sort")),
            }
            Ok(())
        })
    }

    pub(super) fn finish(&self) -> Result<(), Refusal> {
        self.lines.finish()
    }
}

/// A text that a line must have.
pub(super) fn text<'a>(line: &'a Line, name: &str) -> Result<&'a str, Refusal> {
    let missing = Refusal::Ambiguous("a line of the body does not say what it does");
    line.get(name).map(String::as_str).ok_or(missing)
}

/// One file.
pub(super) fn one(path: &str) -> Result<Option<Pattern>, Refusal> {
    Ok(Some(Pattern::Exact(names::file(path)?.to_owned())))
}

/// All that a folder holds. No name is the root, and that is any path.
fn folder(path: &str) -> Result<Option<Pattern>, Refusal> {
    let path = path.strip_suffix('/').unwrap_or(path);
    if matches!(path, "" | ".") {
        return Ok(None);
    }
    Ok(Some(Pattern::Prefix(format!("{}/", names::file(path)?))))
}
