//! What organisations' audit logs record.

use jiff::Timestamp;
use serde_json::Value;

use super::State;
use crate::{Caller, Principal, ids};

/// One event of an organisation's audit log (<https://huggingface.co/docs/hub/audit-logs>).
#[derive(Debug, Clone)]
pub struct AuditEvent {
    /// 24 hexadecimal digits.
    pub id: String,
    /// When it happened.
    pub created_at: Timestamp,
    /// One of the Hub's types: `org.service_account.create`.
    pub kind: String,
    /// What happened, in words.
    pub message: String,
    /// More about it, by type.
    pub data: Option<Value>,
    /// Who did it: a user name.
    pub author: Option<String>,
    /// The credential that was used, by its id.
    pub credential: Option<String>,
    /// Where from.
    pub ip: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
}

impl AuditEvent {
    /// An event that nobody in particular caused.
    pub fn by_system(kind: &str, message: impl Into<String>, now: Timestamp) -> Self {
        Self {
            id: ids::object_id(),
            created_at: now,
            kind: kind.to_owned(),
            message: message.into(),
            data: None,
            author: None,
            credential: None,
            ip: None,
            user_agent: None,
        }
    }

    /// The same event, with more about it.
    #[must_use]
    pub fn with(mut self, data: Value) -> Self {
        self.data = Some(data);
        self
    }
}

impl State {
    /// Records an event in an organisation's log, if there is such an organisation: a person's
    /// repositories have no log.
    pub fn record(&mut self, org: &str, event: AuditEvent) {
        if self.orgs.contains_key(org) {
            self.audit_log.entry(org.to_owned()).or_default().push(event);
        }
    }
}

impl Caller {
    /// An event that this caller causes.
    pub fn event(&self, kind: &str, message: impl Into<String>) -> AuditEvent {
        let mut event = AuditEvent::by_system(kind, message, self.world().clock.now());
        if let Principal::Account(session) = self.principal() {
            event.author = session.user_name().map(str::to_owned);
            event.credential = Some(session.id.clone());
        }
        event.ip = self.ip.map(|ip| ip.to_string());
        event.user_agent.clone_from(&self.user_agent);
        event
    }
}
