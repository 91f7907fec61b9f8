//! What may be done to what: the scopes of policies, leases and questions.
//!
//! A scope is a set of accesses, and scopes form a lattice: [`Scope::implies`] orders them,
//! [`Scope::meet`] is what two allow together and [`Scope::join`] what either allows. Whatever
//! narrows an access further takes part in [`Access::implies`] and [`Access::meet`], and the rest
//! follows.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

mod action;
mod limits;
mod resource;

pub use action::Action;
pub use limits::{Limits, Pattern};
pub use resource::{Name, RepoKind, Resource};

/// One thing that may be done to one resource: `read:acme/model`, `inference:acme`, `write`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access {
    /// What may be done.
    pub action: Action,
    /// To what.
    pub resource: Resource,
    /// What narrows it. Only [`Action::Write`] is narrowed: what was written once is reached by any
    /// number of revisions, and settings have none.
    pub limits: Limits,
}

impl Access {
    /// An action on a resource that nothing narrows further.
    pub fn new(action: Action, resource: Resource) -> Self {
        Self { action, resource, limits: Limits::default() }
    }

    /// Whether this allows all that the other does.
    pub fn implies(&self, other: &Self) -> bool {
        self.action.implies(other.action)
            && self.resource.implies(&other.resource)
            && (other.action != Action::Write || self.limits.implies(&other.limits))
    }

    /// The most that both allow.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let action = self.action.meet(other.action)?;
        let resource = self.resource.meet(&other.resource)?;
        if action != Action::Write {
            return Some(Self::new(action, resource));
        }
        Some(match self.limits.meet(&other.limits) {
            Some(limits) => Self { action, resource, limits },
            // Who may write one branch and who may write another may both read.
            None => Self::new(Action::Read, resource),
        })
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.resource {
            Resource::All(None) => write!(f, "{}", self.action)?,
            Resource::Namespace(None, owner) if !self.action.is_on_repositories() => {
                write!(f, "{}:{owner}", self.action)?;
            }
            resource => write!(f, "{}:{resource}", self.action)?,
        }
        write!(f, "{}", self.limits)
    }
}

/// The text is no access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseAccessError {
    /// What stands before the colon is no action.
    Action,
    /// What stands after the colon is nothing that can be accessed.
    Resource,
    /// A user or an organisation is wanted, and not a repository.
    Owner,
    /// What follows a comma or an `@` is no limit.
    Limit,
    /// Only writing can be narrowed.
    Unlimited,
}

impl fmt::Display for ParseAccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Action => {
                let names = Action::ALL.map(Action::name).join(", ");
                write!(f, "an action is one of {names}")
            }
            Self::Resource => f.write_str(
                "write a model as acme/model, others as datasets/acme/train or spaces/acme/demo, and \
                 all that somebody has as acme/*",
            ),
            Self::Owner => f.write_str(
                "this is done to all that somebody has: write the name of a user or an \
                 organisation alone",
            ),
            Self::Limit => f.write_str(
                "a revision is `@main` or `@ci/*`, and after that come `,paths=logs/**` for a folder \
                 or `,paths=README.md` for a file, and `,no-delete`",
            ),
            Self::Unlimited => f.write_str("only `write` can be narrowed by revision or path"),
        }
    }
}

impl std::error::Error for ParseAccessError {}

impl FromStr for Access {
    type Err = ParseAccessError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.split(',');
        let target = parts.next().unwrap_or_default();
        let (target, revision) = match target.split_once('@') {
            Some((target, revision)) => (target, Some(revision)),
            None => (target, None),
        };
        let (name, resource) = match target.split_once(':') {
            Some((name, resource)) => (name, Some(resource)),
            None => (target, None),
        };
        let action = Action::ALL.into_iter().find(|action| action.name() == name);
        let action = action.ok_or(ParseAccessError::Action)?;
        let resource = match resource {
            None | Some("*") => Resource::All(None),
            Some(text) if action.is_on_repositories() => {
                Resource::parse(text).ok_or(ParseAccessError::Resource)?
            }
            Some(text) => Resource::namespace(text.strip_suffix("/*").unwrap_or(text))
                .ok_or(ParseAccessError::Owner)?,
        };
        let limits = Limits::parse(revision, parts).ok_or(ParseAccessError::Limit)?;
        if action != Action::Write && limits != Limits::default() {
            return Err(ParseAccessError::Unlimited);
        }
        Ok(Self { action, resource, limits })
    }
}

/// A set of accesses of which none implies another, so that equal scopes have equal sets.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct Scope(BTreeSet<Access>);

impl Scope {
    /// The accesses, in a stable order.
    pub fn iter(&self) -> impl Iterator<Item = &Access> {
        self.0.iter()
    }

    /// Whether it allows nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this allows all that the other does.
    pub fn implies(&self, other: &Self) -> bool {
        other.iter().all(|access| self.iter().any(|own| own.implies(access)))
    }

    /// What both allow.
    #[must_use]
    pub fn meet(&self, other: &Self) -> Self {
        self.iter().flat_map(|one| other.iter().filter_map(|two| one.meet(two))).collect()
    }

    /// What either allows.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        self.iter().chain(other.iter()).cloned().collect()
    }
}

impl FromIterator<Access> for Scope {
    fn from_iter<I: IntoIterator<Item = Access>>(accesses: I) -> Self {
        let all: BTreeSet<_> = accesses.into_iter().collect();
        let is_needed =
            |access: &&Access| !all.iter().any(|other| other != *access && other.implies(access));
        Self(all.iter().filter(is_needed).cloned().collect())
    }
}

impl TryFrom<Vec<String>> for Scope {
    type Error = ParseAccessError;

    fn try_from(texts: Vec<String>) -> Result<Self, Self::Error> {
        texts.iter().map(|text| text.parse::<Access>()).collect()
    }
}

impl From<Scope> for Vec<String> {
    fn from(scope: Scope) -> Self {
        scope.iter().map(ToString::to_string).collect()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, access) in self.iter().enumerate() {
            write!(f, "{}{access}", if i == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
