//! What the Hub says of a token that a hunt found.

use serde::{Deserialize, Serialize};

use crate::{
    grant::{Credential, Grant},
    impact::{BlastRadius, Impact},
};

/// What the Hub said when it was asked about a token.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody asked.
    #[default]
    Unverified,
    /// It is alive.
    Active,
    /// The Hub does not know it: revoked, deleted, mistyped or never issued.
    Inactive,
    /// It has expired.
    Expired,
    /// It is alive, but organisations keep it from all that it is for.
    BlockedByOrg,
    /// The Hub could not be asked, which says nothing about the token.
    Unavailable,
}

impl Verdict {
    /// The name that output uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Expired => "expired",
            Self::BlockedByOrg => "blocked_by_org",
            Self::Unavailable => "unavailable",
        }
    }

    /// Whether the Hub said that it no longer works.
    pub fn is_dead(self) -> bool {
        matches!(self, Self::Inactive | Self::Expired)
    }
}

/// What the Hub said beside the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// Whom the token speaks for.
    pub account: Option<String>,
    /// Its role, such as `write`, or how it authenticates where it has none, such as `oauth`.
    pub role: Option<String>,
    /// All that it may do, if the Hub told that.
    pub grant: Option<Box<Grant>>,
    /// What somebody could do with it.
    pub impacts: Vec<Impact>,
    /// The organisations that keep it out.
    pub blocked_by: Vec<String>,
    /// Why it is not known whether it is alive.
    pub reason: Option<String>,
}

impl Told {
    /// What a grant says of a token that is alive.
    pub fn of(grant: &Grant) -> (Verdict, Self) {
        let role = match &grant.credential {
            Credential::AccessToken(token) => token.role.name().to_owned(),
            Credential::Session(_) | Credential::App(_) => grant.auth.clone(),
        };
        let radius = BlastRadius::of(grant);
        let does = |impact: &Impact| !radius.evidence(*impact).is_empty();
        let impacts: Vec<Impact> = Impact::ALL.into_iter().filter(does).collect();
        let blocked = grant.orgs.iter().filter(|org| !org.restrictions.is_empty());
        let blocked_by: Vec<String> = blocked.map(|org| org.name.clone()).collect();
        let is_blocked = impacts.is_empty() && radius.unknown.is_empty() && !blocked_by.is_empty();
        let verdict = if is_blocked { Verdict::BlockedByOrg } else { Verdict::Active };
        let account = Some(grant.account.name.clone());
        let grant = Some(Box::new(grant.clone()));
        (verdict, Self { account, role: Some(role), grant, impacts, blocked_by, reason: None })
    }

    /// That the Hub could not be asked.
    pub fn nothing(reason: String) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }
}
