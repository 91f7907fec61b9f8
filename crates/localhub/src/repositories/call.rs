//! A request to one repository, taken apart.

use std::sync::Arc;

use axum::{
    Json,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::store::{self, Repository, Sha, Signature};
use crate::{Access, Caller, Denial, Owner, RepoName, World};

/// The longest body that is read whole, in bytes: files of commits and of git are streamed instead.
const LONGEST_BODY: usize = 16 << 20;

/// What a handler comes to.
pub(crate) type Answer = Result<Response, Denial>;

/// A request to one repository, whose caller may know that it exists.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) world: Arc<World>,
    pub(crate) caller: Caller,
    pub(crate) repo: RepoName,
    pub(crate) git: Repository,
    pub(crate) request: Line,
}

/// The first line of a request, and its headers.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) query: Vec<(String, String)>,
}

impl Line {
    /// The first value of a parameter of the query.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a parameter is set, in one of the ways in which clients write that.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.param(name).is_some_and(|value| matches!(value, "" | "1" | "true" | "True"))
    }

    /// The values of a parameter that is a list: `expand=a&expand=b`, or `expand[]=a`.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let is_it = |key: &str| key.strip_suffix("[]").unwrap_or(key) == name;
        self.query.iter().filter(|(key, _)| is_it(key)).map(|(_, value)| value.as_str()).collect()
    }

    /// A number in the query, or another.
    pub(crate) fn number(&self, name: &str, otherwise: usize) -> usize {
        self.param(name).and_then(|value| value.parse().ok()).unwrap_or(otherwise)
    }

    /// A header, if it is text.
    pub(crate) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

impl Call {
    /// Refuses what the caller may not do with the repository.
    pub(crate) fn demand(&self, access: Access) -> Result<(), Denial> {
        self.caller.may(access, &self.repo)
    }

    /// The commit that a revision names. A repository without commits has none.
    pub(crate) async fn commit(&self, revision: &str) -> Result<Sha, Denial> {
        let found = self.git.resolve(revision).await?;
        found.ok_or_else(|| Denial::revision_not_found(revision))
    }

    /// The account that acts, for what it leaves behind; refused to those without a credential.
    pub(crate) fn account(&self) -> Result<String, Denial> {
        let session = self.caller.session()?;
        Ok(match &session.owner {
            Owner::App { name } | Owner::User(name) | Owner::Service { user: name, .. } => {
                name.clone()
            }
        })
    }

    /// Signs a commit or a tag in the name of the account that acts, now.
    pub(crate) fn signature(&self) -> Result<Signature, Denial> {
        let seconds = self.world.clock.now().as_second();
        Ok(Signature { name: self.account()?, seconds })
    }

    /// A URL of the repository on the web.
    pub(crate) fn web_url(&self) -> String {
        web_url(&self.world, &self.repo)
    }
}

/// A repository's URL on the web.
pub(crate) fn web_url(world: &World, repo: &RepoName) -> String {
    format!("{}/{}", world.origins.hub, repo.web_path())
}

/// Reads a JSON body.
pub(crate) async fn json<T: DeserializeOwned>(body: Body) -> Result<T, Denial> {
    let bytes = bytes(body).await?;
    let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
    serde_json::from_slice(bytes).map_err(|error| Denial::bad_request(error.to_string()))
}

/// Reads a body whole.
pub(crate) async fn bytes(body: Body) -> Result<axum::body::Bytes, Denial> {
    to_bytes(body, LONGEST_BODY).await.map_err(|_| Denial::bad_request("The body cannot be read"))
}

/// An answer in JSON.
#[expect(clippy::unnecessary_wraps, reason = "it is what handlers end with")]
pub(crate) fn answer(value: Value) -> Answer {
    Ok(Json(value).into_response())
}

impl From<store::Error> for Denial {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Moved => Self::new(
                StatusCode::PRECONDITION_FAILED,
                "A commit has happened since. Please refresh and try again.",
            ),
            error => Self::internal(&error),
        }
    }
}
