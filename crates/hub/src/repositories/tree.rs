//! `GET /api/{models,datasets,spaces}/{namespace}/{repo}/tree/{rev}/{path}`.

use bearhug_core::Token;
use serde::Deserialize;

use super::RepoName;
use crate::{Listing, client::Client, error::Error, request::Request};

/// How many entries the Hub lists on one page.
const PAGE: usize = 1000;

/// A file or a folder of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// Which of them.
    #[serde(rename = "type")]
    pub kind: EntryKind,
    /// Its path. The `OpenAPI` document leaves it out, but every answer has it.
    #[serde(default)]
    pub path: String,
    /// The id of the git object.
    pub oid: String,
    /// The size in bytes: that of the content, for a file that LFS keeps.
    pub size: Option<u64>,
    /// What LFS keeps of it.
    pub lfs: Option<Lfs>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Directory,
    /// Something else.
    #[serde(other)]
    Unknown,
}

/// A file that LFS keeps.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Lfs {
    /// The SHA-256 of the content.
    pub oid: String,
    /// The size of the content in bytes.
    pub size: u64,
}

impl Client {
    /// The files and folders of a revision below a path, which is empty for all, up to about as many as
    /// wanted.
    ///
    /// # Errors
    ///
    /// If the Hub does not list them.
    pub async fn tree(
        &self,
        name: &RepoName,
        (revision, path): (&str, &str),
        most: usize,
        token: &Token,
    ) -> Result<Listing<Entry>, Error> {
        let mut segments = name.segments();
        segments.extend(["tree", revision]);
        segments.extend(path.split('/').filter(|part| !part.is_empty()));
        let request = Request::get(&segments, token)
            .with("recursive", Some("true"))
            .with("limit", Some(most.clamp(1, PAGE)));
        self.list(&request, most).await
    }
}
