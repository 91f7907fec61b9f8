//! Service accounts: identities of an organisation that no person signs in as.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::power::{Target, grants};
use crate::ids;

/// A service account (<https://huggingface.co/docs/hub/enterprise-service-accounts>).
#[derive(Debug, Clone)]
pub struct ServiceAccount {
    /// 24 hexadecimal digits.
    pub id: String,
    /// Its user name, unique on the Hub.
    pub user: String,
    /// The name it was given.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl ServiceAccount {
    pub(crate) fn new(org: &str, name: &str, now: Timestamp) -> Self {
        let id = ids::object_id();
        let slug: String = name
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .collect();
        let user = format!("{org}-{}-{}", slug.trim_matches('-'), &id[..6]);
        Self { id, user, name: name.to_owned(), description: None, created_at: now }
    }

    /// An address that nobody reads.
    pub fn email(&self) -> String {
        format!("{}@service-accounts.example.test", self.user)
    }
}

/// What a service account's token may do in its organisation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServicePower {
    /// The organisation.
    pub org: String,
    /// Permissions on all of it.
    pub permissions: BTreeSet<String>,
    /// Repositories, by id, on which `repo_permissions` hold instead.
    pub repo_ids: BTreeSet<String>,
    /// Permissions on those.
    pub repo_permissions: BTreeSet<String>,
    /// Names of inference endpoints, with `*`, which permissions on endpoints are limited to.
    pub endpoint_patterns: Vec<String>,
    /// Whether the organisation's network security does not apply.
    pub skip_network_security: bool,
}

impl ServicePower {
    pub(crate) fn permits(&self, permission: &str, target: Target<'_>) -> bool {
        match target {
            Target::Account(name) => name == self.org && grants(&self.permissions, permission),
            Target::Repo(repo, id) => {
                let is_named = self.repo_ids.contains(id);
                let held = if is_named { &self.repo_permissions } else { &self.permissions };
                repo.namespace == self.org && grants(held, permission)
            }
        }
    }
}
