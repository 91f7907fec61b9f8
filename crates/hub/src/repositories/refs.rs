//! `GET /api/{models,datasets,spaces}/{namespace}/{repo}/refs`.

use bearhug_core::Token;
use serde::Deserialize;

use super::RepoName;
use crate::{client::Client, error::Error, request::Request, wire};

/// The names that a repository has for commits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refs {
    /// Its branches.
    #[serde(default, deserialize_with = "wire::list")]
    pub branches: Vec<Ref>,
    /// Its tags.
    #[serde(default, deserialize_with = "wire::list")]
    pub tags: Vec<Ref>,
    /// What the Hub converted for it, such as Parquet files of a dataset.
    #[serde(default, deserialize_with = "wire::list")]
    pub converts: Vec<Ref>,
    /// The heads of its pull requests.
    #[serde(default, deserialize_with = "wire::list")]
    pub pull_requests: Vec<Ref>,
}

/// A name for a commit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ref {
    /// Its short name, such as `main`.
    pub name: String,
    /// Its full name, such as `refs/heads/main`.
    #[serde(rename = "ref")]
    pub full_name: String,
    /// The object id of the commit.
    pub target_commit: String,
}

impl Client {
    /// The names that a repository has for commits, those of pull requests included.
    ///
    /// # Errors
    ///
    /// If the Hub does not list them.
    pub async fn refs(&self, name: &RepoName, token: &Token) -> Result<Refs, Error> {
        let mut segments = name.segments();
        segments.push("refs");
        let request = Request::get(&segments, token).with("include_prs", Some("true"));
        self.ask(&request).await?.json(&request)
    }
}
