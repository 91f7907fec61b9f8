//! The permissions of fine-grained and service-account tokens, and the scopes of OAuth sessions.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::scope::Action::{self, Admin, Manage, Read};

mod table;

pub use table::PERMISSIONS;

use table::part;

/// What a permission can be given on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A repository: model, dataset, Space, kernel or bucket.
    Repository,
    /// A user.
    User,
    /// An organisation.
    Org,
    /// An organisation, by a token of one of its service accounts.
    ServiceAccount,
    /// Everything, by the `global` list of a fine-grained token.
    Everywhere,
    /// Whatever the user reaches, by consent to an OAuth application.
    Oauth,
}

/// How much harm a permission allows by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Power {
    /// It looks at things, or changes what is easily changed back.
    Low,
    /// It changes things or costs money.
    High,
    /// It makes further credentials or decides who may do what: whoever holds it, holds the rest.
    Critical,
}

/// What a permission allows to be done with whatever it is given on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Allows {
    /// What is done.
    pub action: Action,
    /// Which part of it, where it is not the whole.
    pub part: Option<&'static str>,
}

/// A permission that is documented.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Documented {
    /// The string that the Hub uses.
    pub name: &'static str,
    /// What it lets its holder do, as a verb phrase.
    pub words: &'static str,
    /// How much harm it allows.
    pub power: Power,
    /// What it allows to be done, where that is more than looking at an account.
    pub allows: Option<Allows>,
    /// What it can be given on.
    pub targets: &'static [Target],
}

/// A permission by its string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Permission {
    /// One of [`PERMISSIONS`].
    Documented(&'static Documented),
    /// One that came later than this program.
    Unknown(String),
}

impl Permission {
    /// The string that the Hub uses.
    pub fn name(&self) -> &str {
        match self {
            Self::Documented(documented) => documented.name,
            Self::Unknown(name) => name,
        }
    }

    /// What it lets its holder do, as a verb phrase.
    pub fn words(&self) -> &str {
        match self {
            Self::Documented(documented) => documented.words,
            Self::Unknown(_) => "do something that is not documented",
        }
    }

    /// How much harm it allows. Of an unknown one the name decides: what reads is called `….read`
    /// or, among OAuth scopes, `read-…`.
    pub fn power(&self) -> Power {
        match self {
            Self::Documented(documented) => documented.power,
            Self::Unknown(name) if reads(name) => Power::Low,
            Self::Unknown(_) => Power::High,
        }
    }

    /// What it allows to be done. Of an unknown one the name decides, and the worse is assumed.
    pub fn allows(&self) -> Option<Allows> {
        const UNKNOWN: &str = "what exactly is not documented";
        match self {
            Self::Documented(documented) => documented.allows,
            Self::Unknown(name) if name.starts_with("repo.") && reads(name) => {
                Some(part(Read, UNKNOWN))
            }
            Self::Unknown(name) if name.starts_with("repo.") => Some(part(Manage, UNKNOWN)),
            Self::Unknown(name) if reads(name) => None,
            Self::Unknown(_) => Some(part(Admin, UNKNOWN)),
        }
    }

    /// Whether its holder can make tokens that may do what this one may not.
    pub fn makes_tokens(&self) -> bool {
        self.name() == "org.serviceAccounts.write"
    }

    /// Whether this program knows nothing of it but its name.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

fn reads(name: &str) -> bool {
    name.rsplit('.').next() == Some("read") || name.starts_with("read-")
}

impl From<&str> for Permission {
    fn from(name: &str) -> Self {
        match PERMISSIONS.iter().find(|documented| documented.name == name) {
            Some(documented) => Self::Documented(documented),
            None => Self::Unknown(name.to_owned()),
        }
    }
}

impl From<String> for Permission {
    fn from(name: String) -> Self {
        Self::from(name.as_str())
    }
}

impl From<Permission> for String {
    fn from(permission: Permission) -> Self {
        permission.name().to_owned()
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_one_phrase_under_one_name() {
        let mut names = BTreeSet::new();
        for row in PERMISSIONS {
            assert!(names.insert(row.name), "{} is there twice", row.name);
            assert!(!row.words.contains("  ") && !row.words.ends_with('.'), "{}", row.name);
            assert!(!row.targets.is_empty(), "{}", row.name);
            assert_eq!(Permission::from(row.name).name(), row.name);
        }
    }

    #[test]
    fn what_has_power_leads_somewhere() {
        for row in PERMISSIONS {
            assert!(row.power == Power::Low || row.allows.is_some(), "{}", row.name);
        }
    }

    #[test]
    fn an_unknown_permission_is_kept_and_weighed_by_its_name() {
        let expected = [
            ("repo.config.read", Power::Low, Some(Read)),
            ("repo.content.write", Power::High, Some(Manage)),
            ("user.tokens.write", Power::High, Some(Admin)),
            ("user.tokens.read", Power::Low, None),
            ("org.everything", Power::High, Some(Admin)),
        ];
        for (name, power, action) in expected {
            let permission = Permission::from(name);
            assert!(permission.is_unknown());
            assert_eq!(permission.name(), name);
            assert_eq!(permission.power(), power, "{name}");
            assert_eq!(permission.allows().map(|allows| allows.action), action, "{name}");
            assert!(permission.allows().is_none_or(|allows| allows.part.is_some()), "{name}");
        }
    }
}
