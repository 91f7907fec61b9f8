//! `GET /api/spaces/{namespace}/{repo}/secrets`: what the secrets of a Space are called. The Hub never tells
//! their values.

use std::collections::BTreeMap;

use bearhug_core::Token;
use jiff::Timestamp;
use serde::Deserialize;

use crate::{client::Client, error::Error, repositories::RepoName, request::Request, wire};

/// A secret of a Space, without its value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SpaceSecret {
    /// Its name, which is that of the environment variable.
    pub key: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was last set.
    #[serde(default, deserialize_with = "wire::moment")]
    pub updated_at: Option<Timestamp>,
}

impl Client {
    /// The secrets of a Space, by name.
    ///
    /// # Errors
    ///
    /// If the Hub does not list them: it takes a token that may write to the Space.
    pub async fn space_secrets(
        &self,
        space: &RepoName,
        token: &Token,
    ) -> Result<Vec<SpaceSecret>, Error> {
        let mut segments = space.segments();
        segments.push("secrets");
        let request = Request::get(&segments, token);
        let reply = self.ask(&request).await?;
        Ok(reply.json::<BTreeMap<String, SpaceSecret>>(&request)?.into_values().collect())
    }
}
