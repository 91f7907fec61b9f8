//! Whether a token may do something, asked without doing it.
//!
//! For repositories these are `GET /api/{models,datasets,spaces}/{repo}/auth-check` and `…/auth-check/write`,
//! as `huggingface_hub.auth_check` asks them; for Jobs and Inference Endpoints, `POST …/auth-check/{perms}`.

use bearhug_core::Token;
use reqwest::Method;
use serde_json::Value;

use crate::{
    client::Client,
    error::{Error, NoAnswer, Problem},
    refusal::Refusal,
    reply::Reply,
    repositories::RepoName,
    request::{Login, Request},
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
            Ok(reply) => granted(&reply),
            Err(Error { problem: Problem::Refused(refusal), .. }) if refusal.is_a_no() => {
                Ok(Leave::Denied(refusal))
            }
            Err(error) => Err(error),
        }
    }
}

/// What a yes says. With what a check of a repository answers is not documented and does not matter, so
/// long as it is the check that answers and not a page that somebody put in its place.
fn granted(reply: &Reply) -> Result<Leave, Error> {
    let nonsense = |text: &str| Err(reply.fail(NoAnswer::Nonsense(text.to_owned())));
    if !reply.address.path().contains("/auth-check") {
        return nonsense("another page answers in the place of the check");
    }
    if reply.content.trim_ascii_start().starts_with(b"<") {
        return nonsense("a page for people answers in the place of the check");
    }
    match serde_json::from_slice(&reply.content) {
        Ok(Value::Object(mut answer)) => match answer.remove("patternRestrictions") {
            None | Some(Value::Null) => Ok(Leave::Granted),
            Some(patterns) => match serde_json::from_value::<Vec<String>>(patterns) {
                Ok(patterns) if patterns.is_empty() => Ok(Leave::Granted),
                Ok(patterns) => Ok(Leave::GrantedFor(patterns)),
                Err(_) => nonsense("what it is restricted to is of another type"),
            },
        },
        _ => Ok(Leave::Granted),
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
