//! What can be done with something on the Hub.

use std::fmt;

/// Something that can be done. [`Action::implies`] orders them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Read what a repository holds, or list what a namespace has.
    Read,
    /// Take part in discussions and open pull requests.
    Discuss,
    /// Change what a repository holds.
    Write,
    /// Create, move and delete repositories, change their settings, secrets and visibility.
    Manage,
    /// Call models at somebody's cost.
    Infer,
    /// Create and change Inference Endpoints.
    Endpoints,
    /// Run code in Jobs and sandboxes.
    Jobs,
    /// Make and change webhooks.
    Webhooks,
    /// Change collections.
    Collections,
    /// Change settings, people and credentials.
    Admin,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 10] = [
        Self::Read,
        Self::Discuss,
        Self::Write,
        Self::Manage,
        Self::Infer,
        Self::Endpoints,
        Self::Jobs,
        Self::Webhooks,
        Self::Collections,
        Self::Admin,
    ];

    /// The name that scopes use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Discuss => "discuss",
            Self::Write => "write",
            Self::Manage => "manage",
            Self::Infer => "inference",
            Self::Endpoints => "endpoints",
            Self::Jobs => "jobs",
            Self::Webhooks => "webhooks",
            Self::Collections => "collections",
            Self::Admin => "admin",
        }
    }

    /// What it is, as a verb phrase.
    pub fn words(self) -> &'static str {
        match self {
            Self::Read => "read repositories, private ones included",
            Self::Discuss => "take part in discussions",
            Self::Write => "change what repositories hold",
            Self::Manage => "write, create, move and delete repositories and change their settings",
            Self::Infer => "call models",
            Self::Endpoints => "create and change Inference Endpoints",
            Self::Jobs => "run code in Jobs",
            Self::Webhooks => "make and change webhooks",
            Self::Collections => "change collections",
            Self::Admin => "change settings, members and credentials",
        }
    }

    /// Whether it is done to a repository. The others are done to what a user or an organisation
    /// has as a whole.
    pub fn is_on_repositories(self) -> bool {
        matches!(self, Self::Read | Self::Discuss | Self::Write | Self::Manage)
    }

    /// Whether who may do this may do the other: managing includes writing, and writing reading.
    pub fn implies(self, other: Self) -> bool {
        match self {
            Self::Write => matches!(other, Self::Write | Self::Read),
            Self::Manage => matches!(other, Self::Manage | Self::Write | Self::Read),
            _ => self == other,
        }
    }

    /// The most that both include.
    pub fn meet(self, other: Self) -> Option<Self> {
        if self.implies(other) {
            Some(other)
        } else if other.implies(self) {
            Some(self)
        } else {
            None
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
