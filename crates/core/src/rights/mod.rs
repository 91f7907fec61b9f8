//! What a grant comes down to: which actions on which resources, and how sure that is.
//!
//! The Hub decides each request anew and does not publish its rules, so a right is what its
//! documentation and its answers let one expect. Where that is not clear, a right says so.

use std::fmt;

use crate::{
    grant::{Credential, Grant, OrgAccess, Permission, Restriction, Role},
    scope::{Access, Resource},
};

mod answer;
mod listed;
mod roles;

pub use answer::Answer;

/// One thing that a grant lets its holder do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// What, and to what.
    pub access: Access,
    /// Which part of it, in words, where it is not the whole.
    pub part: Option<String>,
    /// What gives it.
    pub by: Basis,
}

/// What gives a right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The role of an access token, by its name.
    Role(String),
    /// A permission or an OAuth scope.
    Permission(Permission),
    /// The setting by which a fine-grained token reads gated repositories.
    Gated,
    /// The trust that a repository's owner put in a publisher.
    TrustedPublisher,
    /// A session or an application whose powers the Hub does not tell.
    Untold,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(name) => write!(f, "role `{name}`"),
            Self::Permission(permission) => write!(f, "`{permission}`"),
            Self::Gated => f.write_str("`canReadGatedRepos`"),
            Self::TrustedPublisher => f.write_str("trusted publisher"),
            Self::Untold => f.write_str("not told by the Hub"),
        }
    }
}

impl Basis {
    /// Whether it is known what it allows.
    fn is_known(&self) -> bool {
        match self {
            Self::Permission(permission) => !permission.is_unknown(),
            Self::Untold => false,
            Self::Role(_) | Self::Gated | Self::TrustedPublisher => true,
        }
    }
}

impl Grant {
    /// Everything that it allows, in a stable order. What organisations withhold from it at the
    /// moment is left out.
    pub fn rights(&self) -> Vec<Right> {
        let mut rights = self.given();
        rights.retain(|right| self.barred(&right.access.resource).is_none());
        rights.sort();
        rights.dedup();
        rights
    }

    /// What it may come to allow: all that it was given, whatever an undocumented permission may stand
    /// for, and what tokens may do that it can make. Only what was taken away for good is left out.
    fn conceivable(&self) -> Vec<Right> {
        let mut rights = self.given();
        rights.extend(listed::indirect(self));
        rights.retain(|right| self.revoked(&right.access.resource).is_none());
        rights.sort();
        rights.dedup();
        rights
    }

    /// What it allows where nobody keeps it out.
    fn given(&self) -> Vec<Right> {
        let rights = match &self.credential {
            Credential::AccessToken(token) => match &token.role {
                Role::FineGrained(fine) => listed::of_fine_grained(self, fine),
                role => roles::of(self, role),
            },
            Credential::Session(session) => listed::of_session(self, session),
            Credential::App(scope) => listed::of_app(self, scope.as_ref()),
        };
        rights.into_iter().map(|right| listed::bounded(self, right)).collect()
    }

    /// The organisation that owns a resource and keeps this grant away from it, with its rules.
    pub fn barred(&self, resource: &Resource) -> Option<(&OrgAccess, &[Restriction])> {
        let owner = resource.owner()?;
        let org = self.orgs.iter().find(|org| org.name.eq_ignore_ascii_case(owner.as_str()))?;
        (!org.restrictions.is_empty()).then_some((org, org.restrictions.as_slice()))
    }

    /// The organisation that owns a resource and revoked this grant there.
    fn revoked(&self, resource: &Resource) -> Option<&OrgAccess> {
        let (org, restrictions) = self.barred(resource)?;
        restrictions.contains(&Restriction::TokenRevoked).then_some(org)
    }
}

/// All that an account has, and what it is called where that is no name that scopes can have.
fn belongings(name: &str) -> (Resource, Option<String>) {
    match Resource::namespace(name) {
        Some(namespace) => (namespace, None),
        None => (Resource::All(None), Some(format!("what `{name}` has"))),
    }
}

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
