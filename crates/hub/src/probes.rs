//! Whether a token may do something, asked without doing it.
//!
//! For repositories these are `GET /api/{models,datasets,spaces}/{repo}/auth-check` and `…/auth-check/write`,
//! as `huggingface_hub.auth_check` asks them; for Jobs and Inference Endpoints, `POST …/auth-check/{perms}`.

use bearhug_core::Token;
use reqwest::Method;
use serde::Deserialize;

use crate::{
    client::Client,
    error::{Error, Problem},
    refusal::Refusal,
    repositories::RepoName,
    request::{Login, Request},
    wire,
};

/// Something that a token may or may not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Read a repository.
    ReadRepository(RepoName),
    /// Write to a repository.
    WriteRepository(RepoName),
    /// See the Jobs of a user or an organisation.
    ReadJobs(String),
    /// Run Jobs there.
    WriteJobs(String),
    /// See the Inference Endpoints of a user or an organisation.
    ReadEndpoints(String),
    /// Make and change Inference Endpoints there.
    WriteEndpoints(String),
    /// Call Inference Endpoints there.
    CallEndpoints(String),
}

/// The Hub's word on a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leave {
    /// The token may.
    Granted,
    /// The token may, with what bears one of these names, in which `*` stands for any characters.
    GrantedFor(Vec<String>),
    /// It may not.
    Denied(Refusal),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerWire {
    #[serde(default, deserialize_with = "wire::list")]
    pattern_restrictions: Vec<String>,
}

impl Client {
    /// Asks whether a token may do something.
    ///
    /// # Errors
    ///
    /// If the Hub turns the token itself down, or says neither yes nor, in so many words, no.
    pub async fn may(&self, deed: &Deed, token: &Token) -> Result<Leave, Error> {
        let (method, segments) = question(deed);
        let mut request = Request::new(method, &segments, Login::Bearer(token));
        // These leave nothing behind, even those that are posted.
        request.is_repeatable = true;
        match self.ask(&request).await {
            Ok(reply) if reply.content.is_empty() => Ok(Leave::Granted),
            Ok(reply) => {
                // What a check of a repository answers with is not documented, and does not matter.
                let patterns =
                    reply.json::<AnswerWire>(&request).map(|answer| answer.pattern_restrictions);
                Ok(match patterns {
                    Ok(patterns) if !patterns.is_empty() => Leave::GrantedFor(patterns),
                    _ => Leave::Granted,
                })
            }
            Err(Error { problem: Problem::Refused(refusal), .. }) if refusal.is_a_no() => {
                Ok(Leave::Denied(refusal))
            }
            Err(error) => Err(error),
        }
    }
}

fn question(deed: &Deed) -> (Method, Vec<&str>) {
    match deed {
        Deed::ReadRepository(name) => (Method::GET, [name.segments(), vec!["auth-check"]].concat()),
        Deed::WriteRepository(name) => {
            (Method::GET, [name.segments(), vec!["auth-check", "write"]].concat())
        }
        Deed::ReadJobs(owner) => posted("jobs", owner, "read"),
        Deed::WriteJobs(owner) => posted("jobs", owner, "write"),
        Deed::ReadEndpoints(owner) => posted("inference-endpoints", owner, "read"),
        Deed::WriteEndpoints(owner) => posted("inference-endpoints", owner, "write"),
        Deed::CallEndpoints(owner) => posted("inference-endpoints", owner, "infer"),
    }
}

fn posted<'a>(what: &'a str, owner: &'a str, permission: &'a str) -> (Method, Vec<&'a str>) {
    (Method::POST, vec!["api", what, owner, "auth-check", permission])
}
