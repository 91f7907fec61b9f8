//! Bodies that are read whole, because they say what is done to what.

use bearhug_core::{
    lending::Operation,
    scope::{Access, Action, RepoKind, Resource},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::{Refusal, WHOLE, names, needs, row::Form};

mod jobs;
mod others;
mod repositories;

/// How to read a body that has to be read whole.
#[derive(Debug)]
pub struct WholeBody {
    pub(super) name: &'static str,
    pub(super) form: Form,
    /// The repository in the path.
    pub(super) repository: Option<Resource>,
    /// The revision or the owner in the path.
    pub(super) at: Option<String>,
}

impl WholeBody {
    /// What a request with this body would do.
    ///
    /// # Errors
    ///
    /// The body is too large, is not what the Hub expects here, or says something twice.
    pub fn operation(&self, body: &[u8]) -> Result<Operation, Refusal> {
        if body.len() > WHOLE {
            return Err(Refusal::TooLarge(WHOLE));
        }
        let at = self.at.as_deref().ok_or(Refusal::Unknown);
        let needed = match self.form {
            Form::Repository => repositories::one(body)?,
            Form::Move => repositories::moved(body)?,
            Form::Duplicate => repositories::duplicate(self.repository()?, body)?,
            Form::Volumes => repositories::volumes(self.repository()?, body)?,
            Form::Branch => others::branch(self.repository()?, at?, body)?,
            Form::Tag => others::tag(self.repository()?, body)?,
            Form::Collection => others::collection(body)?,
            Form::Webhook => jobs::webhook(body)?,
            Form::Job => jobs::job(at?, body)?,
            Form::ScheduledJob => jobs::scheduled(at?, body)?,
            Form::DuplicateFiles => {
                let (read, target) = others::duplicate_files(self.repository()?, body)?;
                let mut operation = needs::partly(self.name, needs::add(target, None));
                operation.needs.push(read);
                return Ok(operation);
            }
            Form::LargeFiles => match others::large_files(self.repository()?, body)? {
                read if read.action == Action::Read => vec![read],
                write => return Ok(needs::partly(self.name, write)),
            },
            Form::Inference => {
                let part = needs::to(Action::Infer, Resource::All(None));
                let model = Some(others::model(body)?);
                return Ok(Operation { model, ..needs::partly(self.name, part) });
            }
        };
        Ok(needs::operation(self.name, needed))
    }

    fn repository(&self) -> Result<Resource, Refusal> {
        self.repository.clone().ok_or(Refusal::Unknown)
    }
}

/// The kinds of repositories, as bodies name them.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Model,
    Dataset,
    Space,
    Kernel,
    Bucket,
}

impl From<Kind> for RepoKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Model => Self::Model,
            Kind::Dataset => Self::Dataset,
            Kind::Space => Self::Space,
            Kind::Kernel => Self::Kernel,
            Kind::Bucket => Self::Bucket,
        }
    }
}

/// A repository that something mounts.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Volume {
    r#type: Kind,
    source: String,
    read_only: Option<bool>,
}

impl Volume {
    /// Only buckets can be written to where they are mounted, and they are unless it is said otherwise
    /// (the Hub's OpenAPI document, volumes).
    fn need(&self) -> Result<Access, Refusal> {
        let is_written = matches!(self.r#type, Kind::Bucket) && self.read_only != Some(true);
        let action = if is_written { Action::Write } else { Action::Read };
        Ok(needs::to(action, names::id(self.r#type.into(), &self.source)?))
    }
}

/// What a body says, if it is one object. What is read of it stands in it once: serde refuses the second.
fn object<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    // serde would take a list for an object with these fields in order.
    let is_object = body.trim_ascii_start().first() == Some(&b'{');
    let value = if is_object { serde_json::from_slice(body).ok() } else { None };
    value.ok_or(Refusal::Ambiguous("the body is not what is expected, or says something twice"))
}
