//! `GET /api/organizations/{name}/audit-log/export`: who did what in an organisation.

use bearhug_core::Token;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::{client::Client, error::Error, request::Request, wire};

/// The export holds up to 100 000 events, of some hundred bytes each.
const LONGEST: usize = 256 << 20;

/// Something that somebody did.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEvent {
    /// The Hub's identifier.
    #[serde(rename = "_id")]
    pub id: String,
    /// What was done, such as `org.rotate_token`. The Hub adds to these.
    #[serde(rename = "type")]
    pub kind: String,
    /// When.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Timestamp>,
    /// The same in words.
    #[serde(default)]
    pub message: String,
    /// The network address it came from.
    pub ip: Option<String>,
    /// The program it was done with.
    pub user_agent: Option<String>,
    /// Who did it.
    pub author: Option<AuditAuthor>,
    /// The token it was done with.
    pub token: Option<AuditToken>,
    /// What else the Hub tells, which depends on the type.
    #[serde(default)]
    pub data: Value,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AuditAuthor {
    /// The name of the account.
    pub user: String,
    /// `user`, or `system` for the Hub itself.
    #[serde(rename = "type", default)]
    pub kind: String,
}

/// The token that something was done with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AuditToken {
    /// The Hub's identifier.
    pub id: String,
    /// Its role.
    pub role: Option<String>,
    /// Its last four characters.
    pub last4: Option<String>,
    /// Whether it is gone.
    #[serde(default)]
    pub deleted: bool,
}

impl Client {
    /// Exports the last events of an organisation. The query takes `author:`, `ip:` and `type:`.
    ///
    /// # Errors
    ///
    /// If the Hub does not export them: it takes a paying organisation and the permission
    /// `org.auditLog.write`.
    pub async fn audit_log(
        &self,
        org: &str,
        query: Option<&str>,
        token: &Token,
    ) -> Result<Vec<AuditEvent>, Error> {
        let path = ["api", "organizations", org, "audit-log", "export"];
        let mut request = Request::get(&path, token).with("q", query);
        request.longest_answer = Some(LONGEST);
        self.ask(&request).await?.json_with_secrets()
    }
}
