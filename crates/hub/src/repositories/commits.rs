//! `GET /api/{models,datasets,spaces}/{namespace}/{repo}/commits/{rev}`.

use bearhug_core::Token;
use jiff::Timestamp;
use serde::Deserialize;

use super::RepoName;
use crate::{Listing, client::Client, error::Error, request::Request, wire};

/// A commit of a repository.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Commit {
    /// Its object id.
    pub id: String,
    /// The first line of its message.
    #[serde(default)]
    pub title: String,
    /// The rest of its message.
    #[serde(default)]
    pub message: String,
    /// The accounts that the Hub attributes it to.
    #[serde(default, deserialize_with = "wire::list")]
    pub authors: Vec<Author>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::moment")]
    pub date: Option<Timestamp>,
}

/// Somebody who made a commit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Author {
    /// The name of the account, or what the commit says where there is none.
    pub user: String,
}

impl Client {
    /// The commits that lead to a revision, the newest first, up to about as many as wanted.
    ///
    /// # Errors
    ///
    /// If the Hub does not list them.
    pub async fn commits(
        &self,
        name: &RepoName,
        revision: &str,
        most: usize,
        token: &Token,
    ) -> Result<Listing<Commit>, Error> {
        let mut segments = name.segments();
        segments.extend(["commits", revision]);
        let request = Request::get(&segments, token).with("limit", Some(most.clamp(1, 1000)));
        self.list(&request, most).await
    }
}
