//! What a row of the table says.

use bearhug_core::scope::{Action, RepoKind};

use super::Own;

/// An operation of the Hub: what asks for it, what records call it, and what it needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The method. `GET` stands for `HEAD` as well.
    method: &'static str,
    /// The path. `{…}` is one segment, `{…*}` any number of them, `{id}` a repository's name with its
    /// owner or without, and `{kind}` the folder of its kind; `[…]` may be missing.
    path: &'static str,
    /// The part of the path that follows the repository, or where there is none, `/api`.
    tail: &'static str,
    /// The first word of that part.
    word: &'static str,
    /// The name in records.
    pub(super) name: &'static str,
    /// What it needs.
    pub(super) rule: Rule,
}

/// What an operation needs.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule {
    /// Nothing: everybody gets the same answer.
    Public,
    /// The broker answers.
    Own(Own),
    /// It is refused, whatever the lease.
    NeverLent,
    /// An action on whatever there is.
    All(Action),
    /// An action on what the user or organisation has that the path names first.
    Owner(Action),
    /// To read the buckets of the user or organisation that the path names first.
    Buckets,
    /// To read the repositories of a kind whose `author` the query names, or all of them.
    List(RepoKind),
    /// To read all that the `owner` has whom the query names, or all there is.
    Owned,
    /// An action on the repository. To write is to write and delete at any path of any revision.
    Repository(Action),
    /// To write something to the repository: paths and revisions come with other requests.
    WriteSome,
    /// To write something at the revision that follows the repository, or to propose it.
    WriteAt,
    /// To delete that revision, or its history.
    DeleteAt,
    /// What the lines of a commit need at that revision, or to propose them.
    Commit,
    /// What the lines of a batch need of a bucket.
    Batch,
    /// What the service needs that the query names.
    Service,
    /// What the commands at the head of a push need.
    Push,
    /// What the body says.
    Body(Form),
    /// To call the model that the repository's name is.
    Model,
}

/// What a body is about that says what is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// To manage the repository that is created or deleted.
    Repository,
    /// To manage the repository under its old name and its new one.
    Move,
    /// To read this repository and manage the copy.
    Duplicate,
    /// To read this repository and write something to the target.
    DuplicateFiles,
    /// To write the branch that follows the repository, and to delete it if it is overwritten.
    Branch,
    /// To write the tag.
    Tag,
    /// To read or write large files.
    LargeFiles,
    /// To manage the Space, and to read or write what it mounts.
    Volumes,
    /// To change the collections of its owner.
    Collection,
    /// To make webhooks, and to run what they start.
    Webhook,
    /// To run code for the owner, and to read or write what it mounts.
    Job,
    /// The same, at certain times.
    ScheduledJob,
    /// To call the model.
    Inference,
}

/// A row of the table.
pub(super) const fn row(
    method: &'static str,
    path: &'static str,
    name: &'static str,
    rule: Rule,
) -> Row {
    let tail = tail(path);
    Row { method, path, tail, word: word(tail), name, rule }
}

/// What follows the repository, or else `/api`, or else nothing.
const fn tail(path: &'static str) -> &'static str {
    let bytes = path.as_bytes();
    let mut at = 0;
    while at + 4 <= bytes.len() {
        if bytes[at] == b'{'
            && bytes[at + 1] == b'i'
            && bytes[at + 2] == b'd'
            && bytes[at + 3] == b'}'
        {
            return path.split_at(at + 4).1;
        }
        at += 1;
    }
    if let Some((b"/api/", _)) = bytes.split_first_chunk::<5>() { path.split_at(4).1 } else { path }
}

const fn word(tail: &'static str) -> &'static str {
    let bytes = tail.as_bytes();
    let mut start = 0;
    while start < bytes.len() && bytes[start] != b'/' {
        start += 1;
    }
    let mut end = start + 1;
    while end < bytes.len() && bytes[end] != b'/' {
        end += 1;
    }
    if end > bytes.len() { "" } else { tail.split_at(end).0.split_at(start + 1).1 }
}

impl Row {
    /// The first segment that the path leaves open, or nothing if it leaves none, if a request fits.
    /// `segments` are what follows the repository, or `/api`, or nothing.
    pub(super) fn fit<'a>(&self, method: &str, segments: &[&'a str]) -> Option<&'a str> {
        let is_method = method == self.method || (method == "HEAD" && self.method == "GET");
        let is_word =
            segments.first().is_none_or(|first| self.word.starts_with('{') || *first == self.word);
        if !is_method || !is_word {
            return None;
        }
        let mut given = segments.iter();
        let mut first = "";
        for part in self.tail.split('/').skip(1) {
            if part.ends_with("*}") {
                return Some(first);
            }
            let segment = *given.next()?;
            if part.starts_with('{') {
                first = if first.is_empty() { segment } else { first };
            } else if part != segment {
                return None;
            }
        }
        given.next().is_none().then_some(first)
    }

    /// Whether it is about repositories of this kind.
    pub(super) fn is_for(&self, kind: RepoKind) -> bool {
        let is_any = self.path.contains("{kind}") && kind != RepoKind::Bucket;
        is_any || self.path.split('/').any(|part| part == kind.folder())
    }

    /// Whether the name of the repository may end in `.git`.
    pub(super) fn is_git(&self) -> bool {
        self.tail.starts_with("[.git]")
    }
}
