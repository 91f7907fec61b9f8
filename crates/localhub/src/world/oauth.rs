//! OAuth: applications, what they are in the middle of, and publishers that other issuers vouch for.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::RepoName;

/// An OAuth application.
#[derive(Debug, Clone)]
pub struct OAuthApp {
    /// A UUID.
    pub client_id: String,
    /// What it calls itself.
    pub name: String,
    /// The digest of its secret, if it has one.
    pub(crate) secret: Option<[u8; 32]>,
    /// The organisation whose members' tokens it may have without their consent, if any
    /// (<https://huggingface.co/docs/hub/oauth>, token exchange for organisations).
    pub exchanges_for: Option<String>,
}

/// A device that waits for somebody to approve it (RFC 8628).
#[derive(Debug, Clone)]
pub(crate) struct Device {
    pub(crate) client_id: String,
    pub(crate) user_code: String,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) expires_at: Timestamp,
    pub(crate) answer: DeviceAnswer,
}

/// What the person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DeviceAnswer {
    Pending,
    Denied,
    Approved { user: String },
}

/// What a refresh token stands for.
#[derive(Debug, Clone)]
pub(crate) struct Refresh {
    pub(crate) client_id: String,
    pub(crate) user: String,
    pub(crate) scopes: BTreeSet<String>,
}

/// A trust in identity tokens: whose, with which claims, and what they are exchanged for
/// (<https://huggingface.co/docs/hub/trusted-publishers>).
#[derive(Debug, Clone)]
pub struct Publisher {
    /// What a token is given for.
    pub resource: Resource,
    /// The issuer's URL, as the claim `iss` states it.
    pub issuer: String,
    /// Claims that must have exactly these values.
    pub claims: BTreeMap<String, String>,
    /// Whether a repository's publisher only reads it.
    pub read_only: bool,
}

/// What a trusted publisher's token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// Contents of one repository.
    Repo(RepoName),
    /// Gated repositories that a person was admitted to.
    User(String),
}
