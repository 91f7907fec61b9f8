//! `GET /api/{models,datasets,spaces}` and `GET /api/…/{repository}`, as `huggingface_hub` asks them: the
//! Hub's `OpenAPI` document leaves them out.

use bearhug_core::Token;
use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{RepoKind, RepoName};
use crate::{
    Listing,
    client::Client,
    error::Error,
    request::{Login, Request},
    wire,
};

/// What the Hub says of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Its name, as the Hub writes it, such as `acme/model`.
    pub id: String,
    /// Whether it is private, where that is told.
    pub is_private: Option<bool>,
    /// Whether people must ask before they may read it.
    pub gating: Option<Gating>,
    /// Whether the Hub disabled it.
    pub is_disabled: bool,
    /// The commit of its main branch.
    pub sha: Option<String>,
    /// When it last changed.
    pub last_modified: Option<Timestamp>,
    /// What a Space is built with: `gradio`, `docker`, `static`.
    pub sdk: Option<String>,
    /// How often it was downloaded of late.
    pub downloads: Option<u64>,
}

impl Repository {
    /// Whether people must ask before they may read it.
    pub fn is_gated(&self) -> bool {
        matches!(self.gating, Some(Gating::Automatic | Gating::Manual))
    }
}

/// Whether and how people are let into a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gating {
    /// It is open.
    Open,
    /// Everybody who asks is let in.
    Automatic,
    /// Its owner decides.
    Manual,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RepositoryWire {
    id: String,
    private: Option<bool>,
    gated: Option<Value>,
    #[serde(default)]
    disabled: Option<bool>,
    sha: Option<String>,
    #[serde(default, deserialize_with = "wire::moment")]
    last_modified: Option<Timestamp>,
    sdk: Option<String>,
    downloads: Option<u64>,
}

impl From<RepositoryWire> for Repository {
    fn from(wire: RepositoryWire) -> Self {
        let gating = match wire.gated {
            Some(Value::Bool(false)) => Some(Gating::Open),
            Some(Value::String(how)) if how == "auto" => Some(Gating::Automatic),
            Some(Value::Bool(true) | Value::String(_)) => Some(Gating::Manual),
            _ => None,
        };
        Self {
            id: wire.id,
            is_private: wire.private,
            gating,
            is_disabled: wire.disabled.unwrap_or(false),
            sha: wire.sha,
            last_modified: wire.last_modified,
            sdk: wire.sdk,
            downloads: wire.downloads,
        }
    }
}

impl Client {
    /// What the Hub says of a repository.
    ///
    /// # Errors
    ///
    /// If it does not say.
    pub async fn repository(&self, name: &RepoName, token: &Token) -> Result<Repository, Error> {
        let segments = name.segments();
        let request = Request::get(&segments, token);
        Ok(self.ask(&request).await?.json::<RepositoryWire>(&request)?.into())
    }

    /// What the Hub tells anybody of a repository, without a token.
    ///
    /// # Errors
    ///
    /// If it does not say. It refuses to tell what is private and what does not exist alike.
    pub async fn public_repository(&self, name: &RepoName) -> Result<Repository, Error> {
        let request = Request::new(Method::GET, &name.segments(), Login::Nobody);
        Ok(self.ask(&request).await?.json::<RepositoryWire>(&request)?.into())
    }

    /// The repositories of a user or an organisation that the token may know of, up to about as many
    /// as wanted.
    ///
    /// # Errors
    ///
    /// If the Hub does not list them.
    pub async fn repositories(
        &self,
        kind: RepoKind,
        owner: &str,
        most: usize,
        token: &Token,
    ) -> Result<Listing<Repository>, Error> {
        let request = Request::get(&["api", kind.plural()], token)
            .with("author", Some(owner))
            .with("limit", Some(most.clamp(1, 1000)));
        let Listing { items, is_complete } = self.list::<RepositoryWire>(&request, most).await?;
        Ok(Listing { items: items.into_iter().map(Repository::from).collect(), is_complete })
    }
}
