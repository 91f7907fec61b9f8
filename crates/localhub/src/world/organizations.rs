//! Organisations: plans, members, roles and what they demand of credentials.

use std::collections::{BTreeMap, BTreeSet};

use super::{NetworkSecurity, ServiceAccount};
use crate::ids;

/// An organisation.
#[derive(Debug, Clone)]
pub struct Org {
    /// 24 hexadecimal digits.
    pub id: String,
    /// Its name in paths.
    pub name: String,
    /// The name that is shown.
    pub fullname: String,
    /// What it pays for, if anything.
    pub plan: Option<Plan>,
    /// Which access tokens it accepts.
    pub policy: TokenPolicy,
    /// Its members, by user name.
    pub members: BTreeMap<String, Member>,
    /// Whether it demands a second factor of its members.
    pub requires_mfa: bool,
    /// From where it may be used.
    pub network: NetworkSecurity,
    /// Its service accounts, by id.
    pub service_accounts: BTreeMap<String, ServiceAccount>,
}

impl Org {
    pub(crate) fn new(name: &str, plan: Option<Plan>) -> Self {
        Self {
            id: ids::object_id(),
            name: name.to_owned(),
            fullname: name.to_owned(),
            plan,
            policy: TokenPolicy::Any,
            members: BTreeMap::new(),
            requires_mfa: false,
            network: NetworkSecurity::default(),
            service_accounts: BTreeMap::new(),
        }
    }
}

/// Membership of an organisation.
#[derive(Debug, Clone)]
pub struct Member {
    /// What the member may do there.
    pub role: OrgRole,
    /// Why the member's access is blocked for now, whatever credential is used.
    pub restrictions: BTreeSet<Restriction>,
}

impl Member {
    pub(crate) fn new(role: OrgRole) -> Self {
        Self { role, restrictions: BTreeSet::new() }
    }
}

/// Paid plans of organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// Team.
    Team,
    /// Academia, which has what Team has.
    Academia,
    /// Enterprise.
    Enterprise,
    /// Enterprise Plus.
    Plus,
}

impl Plan {
    /// The word in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Academia => "academia",
            Self::Enterprise => "enterprise",
            Self::Plus => "plus",
        }
    }
}

/// Roles in an organisation, from the least to the most powerful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrgRole {
    /// A member who sees nothing but what resource groups grant.
    NoAccess,
    /// Reads everything.
    Read,
    /// Reads everything, creates repositories, and writes to those.
    Contributor,
    /// Writes everything.
    Write,
    /// Manages the organisation.
    Admin,
}

impl OrgRole {
    /// The word in bodies.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoAccess => "no_access",
            Self::Read => "read",
            Self::Contributor => "contributor",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

/// Which access tokens an organisation accepts
/// (<https://huggingface.co/docs/hub/enterprise-tokens-management>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenPolicy {
    /// All of its members'.
    Any,
    /// Fine-grained ones only.
    FineGrainedOnly,
    /// Fine-grained ones that an administrator has approved.
    Approval,
}

/// Why an organisation's resources are closed to a credential: `securityRestrictions` of whoami-v2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Restriction {
    /// A second factor is missing.
    Mfa,
    /// The token's sort is not accepted, or not approved.
    TokenPolicy,
    /// An administrator revoked the token's access.
    TokenRevoked,
    /// The organisation's own sign-on is missing.
    Sso,
    /// The caller's address is not allowed.
    Ip,
}

impl Restriction {
    /// The word in whoami-v2.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mfa => "mfa",
            Self::TokenPolicy => "token-policy",
            Self::TokenRevoked => "token-revoked",
            Self::Sso => "sso",
            Self::Ip => "ip",
        }
    }
}
