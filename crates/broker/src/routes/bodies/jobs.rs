//! Code that is run: at once, at certain times, or when something happens.

use bearhug_core::scope::{Access, Action, RepoKind, Resource};
use serde::{Deserialize, de::IgnoredAny};

use super::{Volume, object, repositories::mounted};
use crate::routes::{Refusal, names, needs};

/// What a Job is made from.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    /// The Space whose image it runs.
    space_id: Option<String>,
    volumes: Option<Vec<Volume>>,
}

impl Job {
    fn needs(self, mut needed: Vec<Access>) -> Result<Vec<Access>, Refusal> {
        if let Some(space) = self.space_id {
            needed.push(needs::to(Action::Read, names::id(RepoKind::Space, &space)?));
        }
        mounted(needed, self.volumes)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scheduled {
    job_spec: Job,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Webhook {
    job: Option<Job>,
    job_source_id: Option<IgnoredAny>,
}

/// What running a Job for somebody needs.
pub(super) fn job(owner: &str, body: &[u8]) -> Result<Vec<Access>, Refusal> {
    object::<Job>(body)?.needs(vec![run(owner)?])
}

/// What running one at certain times needs.
pub(super) fn scheduled(owner: &str, body: &[u8]) -> Result<Vec<Access>, Refusal> {
    object::<Scheduled>(body)?.job_spec.needs(vec![run(owner)?])
}

/// What a webhook needs: what it watches belongs to anybody, and the Job that it starts runs for the
/// owner of the token.
pub(super) fn webhook(body: &[u8]) -> Result<Vec<Access>, Refusal> {
    let webhook: Webhook = object(body)?;
    let mut needed = vec![needs::to(Action::Webhooks, Resource::All(None))];
    if webhook.job.is_some() || webhook.job_source_id.is_some() {
        needed.push(needs::to(Action::Jobs, Resource::All(None)));
    }
    match webhook.job {
        Some(job) => job.needs(needed),
        None => Ok(needed),
    }
}

fn run(owner: &str) -> Result<Access, Refusal> {
    Ok(needs::to(Action::Jobs, Resource::Namespace(None, names::owner(owner)?)))
}
