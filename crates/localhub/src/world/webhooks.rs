//! Webhooks: who wants to know what, and what was sent.

use jiff::Timestamp;
use serde_json::Value;

/// A webhook (<https://huggingface.co/docs/hub/webhooks>).
#[derive(Debug, Clone)]
pub struct Webhook {
    /// 24 hexadecimal digits.
    pub id: String,
    /// Whose it is.
    pub user: String,
    /// Where events are sent to.
    pub url: Option<String>,
    /// The job that events start: kept and shown, never run.
    pub job: Option<Value>,
    /// What is watched.
    pub watched: Vec<Watched>,
    /// `repo` and `discussion`, or one of them.
    pub domains: Vec<String>,
    /// What is sent along as `X-Webhook-Secret`.
    pub(crate) secret: Option<String>,
    /// Whether nothing is sent for now.
    pub disabled: bool,
    /// When it was last triggered.
    pub last_trigger_at: Option<Timestamp>,
    /// What was sent, oldest first.
    pub deliveries: Vec<Delivery>,
}

/// Something that a webhook watches.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Watched {
    /// `model`, `dataset`, `space`, `user` or `org`, and kinds that the local Hub has none of.
    #[serde(rename = "type")]
    pub kind: String,
    /// An account's name, or namespace and name of a repository.
    pub name: String,
}

/// One sending of an event.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// 24 hexadecimal digits.
    pub id: String,
    /// What was sent.
    pub payload: Value,
    /// The status that the receiver answered with, once it did.
    pub status: Option<u16>,
}
