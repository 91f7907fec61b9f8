//! What is known about a repository besides its content.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::community::Discussion;
use crate::ids;

/// What decides who may do what with a repository.
#[derive(Debug, Clone)]
pub(crate) struct RepoFacts {
    /// 24 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) is_private: bool,
    pub(crate) is_gated: bool,
    pub(crate) is_disabled: bool,
    /// The people who were admitted, if it is gated.
    pub(crate) admitted: BTreeSet<String>,
    /// The person who created it: contributors of an organisation write to their own.
    pub(crate) creator: String,
}

/// What is known about a repository.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) creator: String,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) is_private: bool,
    pub(crate) is_disabled: bool,
    pub(crate) gate: Gate,
    pub(crate) has_no_discussions: bool,
    /// What runs a space: `gradio`, `docker` or `static`.
    pub(crate) sdk: Option<String>,
    /// Who asked for access, by user name.
    pub(crate) requests: BTreeMap<String, Request>,
    /// In the order of their numbers, which start at 1.
    pub(crate) discussions: Vec<Discussion>,
    /// A space's secrets, by name: their values are never told, so they are not kept.
    pub(crate) secrets: BTreeMap<String, Variable>,
    pub(crate) variables: BTreeMap<String, Variable>,
}

/// Whether people have to ask before they read the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gate {
    Open,
    /// Whoever asks is admitted.
    Auto,
    /// Somebody decides.
    Manual,
}

/// A request for access to a gated repository.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// 24 hexadecimal digits.
    pub(crate) id: String,
    pub(crate) status: RequestStatus,
    pub(crate) asked_at: Timestamp,
    pub(crate) reviewed_at: Option<Timestamp>,
    pub(crate) reviewer: Option<String>,
    /// What the asker filled in.
    pub(crate) fields: BTreeMap<String, String>,
}

/// Where a request for access stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RequestStatus {
    Pending,
    Accepted,
    Rejected,
}

/// A secret or a variable of a space.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) description: String,
    /// Empty for a secret.
    pub(crate) value: String,
    pub(crate) updated_at: Timestamp,
}

impl Gate {
    /// As the API writes it: `false`, or a word.
    pub(crate) fn json(self) -> serde_json::Value {
        match self {
            Self::Open => false.into(),
            Self::Auto => "auto".into(),
            Self::Manual => "manual".into(),
        }
    }

    /// The gate that a body asks for.
    pub(crate) fn from_json(value: &serde_json::Value) -> Option<Self> {
        match value {
            serde_json::Value::Bool(false) => Some(Self::Open),
            serde_json::Value::String(word) if word == "auto" => Some(Self::Auto),
            serde_json::Value::String(word) if word == "manual" => Some(Self::Manual),
            _ => None,
        }
    }
}

impl RequestStatus {
    /// The word in paths and bodies.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }
}

impl Record {
    /// A new repository.
    pub(crate) fn new(creator: &str, is_private: bool, now: Timestamp) -> Self {
        Self {
            id: ids::object_id(),
            creator: creator.to_owned(),
            created_at: now,
            updated_at: now,
            is_private,
            is_disabled: false,
            gate: Gate::Open,
            has_no_discussions: false,
            sdk: None,
            requests: BTreeMap::new(),
            discussions: Vec::new(),
            secrets: BTreeMap::new(),
            variables: BTreeMap::new(),
        }
    }

    /// What decides who may do what with it.
    pub(crate) fn facts(&self) -> RepoFacts {
        let admitted = |(user, request): (&String, &Request)| {
            (request.status == RequestStatus::Accepted).then(|| user.clone())
        };
        RepoFacts {
            id: self.id.clone(),
            is_private: self.is_private,
            is_gated: self.gate != Gate::Open,
            is_disabled: self.is_disabled,
            admitted: self.requests.iter().filter_map(admitted).collect(),
            creator: self.creator.clone(),
        }
    }
}
