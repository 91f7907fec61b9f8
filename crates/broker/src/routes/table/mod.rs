//! The table of everything that can be asked for, and how a row of it is found.
//!
//! Rows are written like the Hub's documentation, so that one can be held against the other. What is in
//! no row is unknown, and refused.

use bearhug_core::scope::{Action, RepoKind, Resource};

use super::{
    Own, Refusal, names,
    path::Path,
    row::{Form, Row, Rule, row},
};

mod buckets;
mod collections;
mod discussions;
mod git;
mod inference;
mod jobs;
mod large_files;
mod lifecycle;
mod lists;
mod organizations;
mod pages;
mod people;
mod repositories;
mod revisions;
mod site;
mod spaces;
mod webhooks;

/// Rules by the words that people use for them.
const READ: Rule = Rule::Repository(Action::Read);
const DISCUSS: Rule = Rule::Repository(Action::Discuss);
const REWRITE: Rule = Rule::Repository(Action::Write);
const MANAGE: Rule = Rule::Repository(Action::Manage);

/// The rows of `/api` where no repository is in the path.
const FIXED: &[&[Row]] = &[
    lists::ROWS,
    lifecycle::ROWS,
    site::ROWS,
    jobs::ROWS,
    collections::ROWS,
    webhooks::ROWS,
    people::ROWS,
    organizations::ROWS,
];

/// The rows of `/api/{kind}/{id}`.
const API: &[&[Row]] = &[
    repositories::ROWS,
    revisions::ROWS,
    large_files::ROWS,
    discussions::ROWS,
    spaces::ROWS,
    buckets::ROWS,
];

/// The rows of `/{id}`, `/datasets/{id}` and the like.
const WEB: &[&[Row]] = &[repositories::WEB, git::ROWS, buckets::WEB];

/// A row, and what a path names in it.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) row: &'static Row,
    /// The repository, where the row has one.
    pub(super) repository: Option<Resource>,
    /// The first segment that the row leaves open after it: a revision, or the owner of something.
    /// Nothing if it leaves none.
    pub(super) first: &'a str,
}

/// The row that a request fits.
pub(super) fn find<'a>(method: &str, path: &Path<'a>) -> Result<Found<'a>, Refusal> {
    let all = path.segments();
    match all {
        ["api", "resolve-cache", folder, id @ ..] => {
            let kind = RepoKind::of_folder(folder).ok_or(Refusal::Unknown)?;
            let names = if id.get(1).is_some_and(|second| is_commit(second)) { 1 } else { 2 };
            after(&[repositories::CACHE], method, kind, id.split_at_checked(names))
        }
        ["api", rest @ ..] => {
            let kind = rest.first().and_then(|folder| RepoKind::of_folder(folder));
            match (kind, rest) {
                (Some(kind), [_, id @ ..]) => {
                    among(&[lists::ROWS], method, rest).or_else(|_| within(API, method, kind, id))
                }
                _ => among(FIXED, method, rest),
            }
        }
        [".bearhug", "inference", "hf-inference", "models", id @ ..] => {
            within(&[inference::MODELS], method, RepoKind::Model, id)
        }
        [".bearhug", ..] => among(&[inference::ROWS], method, all),
        ["oauth" | "uploads" | "papers", ..] => among(&[pages::ROWS], method, all),
        // A model's page has no folder before its name.
        ["models", ..] | [] => Err(Refusal::Unknown),
        [folder, id @ ..] => match RepoKind::of_folder(folder) {
            Some(kind) => within(WEB, method, kind, id),
            None => within(WEB, method, RepoKind::Model, all),
        },
    }
}

/// The row for a path without a repository.
fn among<'a>(
    tables: &[&'static [Row]],
    method: &str,
    path: &[&'a str],
) -> Result<Found<'a>, Refusal> {
    let mut rows = tables.iter().flat_map(|rows| rows.iter());
    rows.find_map(|row| Some(Found { row, repository: None, first: row.fit(method, path)? }))
        .ok_or(Refusal::Unknown)
}

/// The row for a path that starts with a repository. Old ones have no owner: they are told by the words
/// that follow them, which is the name of no repository.
fn within<'a>(
    tables: &[&'static [Row]],
    method: &str,
    kind: RepoKind,
    path: &[&'a str],
) -> Result<Found<'a>, Refusal> {
    if kind != RepoKind::Bucket {
        match after(tables, method, kind, path.split_at_checked(1)) {
            Err(Refusal::Unknown) => {}
            found => return found,
        }
    }
    after(tables, method, kind, path.split_at_checked(2))
}

/// The row for what follows a repository's name.
fn after<'a>(
    tables: &[&'static [Row]],
    method: &str,
    kind: RepoKind,
    path: Option<(&[&'a str], &[&'a str])>,
) -> Result<Found<'a>, Refusal> {
    let (id, tail) = path.ok_or(Refusal::Unknown)?;
    for row in tables.iter().flat_map(|rows| rows.iter()) {
        let Some(first) = row.fit(method, tail).filter(|_| row.is_for(kind)) else { continue };
        let plain = |name: &'a str| match name.strip_suffix(".git") {
            Some(plain) if row.is_git() => plain,
            _ => name,
        };
        let repository = match *id {
            [name] => names::repository(kind, None, plain(name))?,
            [owner, name] => names::repository(kind, Some(owner), plain(name))?,
            _ => return Err(Refusal::Unknown),
        };
        return Ok(Found { row, repository: Some(repository), first });
    }
    Err(Refusal::Unknown)
}

/// Whether a segment is the id of a commit.
fn is_commit(segment: &str) -> bool {
    segment.len() == 40 && segment.bytes().all(|b| b.is_ascii_hexdigit())
}
