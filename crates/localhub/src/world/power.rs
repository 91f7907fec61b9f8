//! What a credential may do: its role, or the permissions it names.

use std::collections::BTreeSet;

use super::ServicePower;
use crate::RepoName;

/// What a credential may do, at most: its owner's own rights bound it as well.
#[derive(Debug, Clone, PartialEq)]
pub enum Power {
    /// Everything that the owner may, as far as the role goes.
    Role(Role),
    /// What it names.
    FineGrained(FineGrained),
    /// What a service account's token names.
    Service(ServicePower),
    /// What the owner granted to an application: OAuth scopes.
    OAuth(BTreeSet<String>),
    /// Contents of one repository: a trusted publisher's.
    Publisher {
        /// The repository.
        repo: RepoName,
        /// Whether it can only be read.
        read_only: bool,
    },
}

/// Roles of classic access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Reads what the owner can read.
    Read,
    /// Does what the owner can do.
    Write,
    /// The Hub's own staff; it is in the schema of whoami-v2.
    God,
}

impl Role {
    /// The word in whoami-v2.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::God => "god",
        }
    }
}

/// The permissions of a fine-grained access token.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FineGrained {
    /// Permissions without an entity: `discussion.write`, `post.write`.
    pub global: BTreeSet<String>,
    /// Permissions on entities.
    pub scoped: Vec<Scoped>,
    /// Whether it reads public gated repositories that its owner was admitted to.
    pub can_read_gated_repos: bool,
}

/// Permissions on one entity.
#[derive(Debug, Clone, PartialEq)]
pub struct Scoped {
    /// What they are on.
    pub entity: Entity,
    /// Their names, as whoami-v2 shows them.
    pub permissions: BTreeSet<String>,
}

/// Something that permissions can be on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// 24 hexadecimal digits.
    pub id: String,
    /// `user`, `org`, `model`, `dataset`, `space` and other words of whoami-v2.
    pub kind: String,
    /// An account's name, or namespace and name of a repository.
    pub name: String,
}

/// What an operation is about, to hold against the entities of a credential.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target<'a> {
    /// A repository and its id, which is empty while it does not exist.
    Repo(&'a RepoName, &'a str),
    /// A person's or organisation's account.
    Account(&'a str),
}

impl Power {
    /// Whether it includes `permission` on `target`.
    pub(crate) fn permits(&self, permission: &str, target: Target<'_>) -> bool {
        match self {
            Self::Role(Role::Read) => is_reading(permission),
            Self::Role(Role::Write | Role::God) => true,
            Self::FineGrained(fine) => fine.permits(permission, target),
            Self::Service(service) => service.permits(permission, target),
            Self::OAuth(scopes) => oauth_permits(scopes, permission),
            Self::Publisher { repo: own, read_only } => {
                let is_own = matches!(target, Target::Repo(repo, _) if repo == own);
                let is_write = matches!(permission, "repo.content.write" | "discussion.write");
                is_own && (permission == "repo.content.read" || is_write && !read_only)
            }
        }
    }

    /// Whether it opens public gated repositories that its owner was admitted to.
    pub(crate) fn reads_gated(&self) -> bool {
        match self {
            Self::Role(_) => true,
            Self::FineGrained(fine) => fine.can_read_gated_repos,
            Self::OAuth(scopes) => {
                ["gated-repos", "read-repos", "manage-repos"].iter().any(|s| scopes.contains(*s))
            }
            Self::Service(_) | Self::Publisher { .. } => false,
        }
    }
}

impl FineGrained {
    fn permits(&self, permission: &str, target: Target<'_>) -> bool {
        self.global.contains(permission)
            || self.scoped.iter().any(|scoped| {
                scoped.entity.covers(target) && grants(&scoped.permissions, permission)
            })
    }
}

/// Whether a permission lets one look and not change: the Hub names them so.
pub(crate) fn is_reading(permission: &str) -> bool {
    permission.rsplit('.').next() == Some("read")
}

/// Whether one of the permissions held includes the one that is needed. Writing includes reading, and
/// `repo.write` everything about a repository.
pub(crate) fn grants(held: &BTreeSet<String>, needed: &str) -> bool {
    if held.contains(needed) {
        return true;
    }
    match needed {
        "repo.content.read" | "repo.content.write" | "repo.create" | "repo.access.read" => {
            held.contains("repo.write")
        }
        "org.members.read" | "org.repos.read" => {
            ["org.read", "org.write", "org.members.write"].iter().any(|held_| held.contains(*held_))
        }
        "org.members.write" => held.contains("org.write"),
        _ => needed
            .strip_suffix(".read")
            .is_some_and(|stem| held.contains(format!("{stem}.write").as_str())),
    }
}

impl Entity {
    fn covers(&self, target: Target<'_>) -> bool {
        match target {
            Target::Account(name) => self.is_account() && self.name == name,
            Target::Repo(repo, id) => {
                self.is_account() && self.name == repo.namespace
                    || self.kind == repo.kind.singular()
                        && (self.id == id || self.name == repo.id())
            }
        }
    }

    fn is_account(&self) -> bool {
        matches!(self.kind.as_str(), "user" | "org")
    }
}

/// What OAuth scopes include (<https://huggingface.co/docs/hub/oauth>).
fn oauth_permits(scopes: &BTreeSet<String>, permission: &str) -> bool {
    let needed: &[&str] = match permission {
        "repo.content.read" => &["read-repos", "write-repos", "manage-repos"],
        "repo.content.write" => &["write-repos", "manage-repos"],
        "repo.create" => &["contribute-repos", "manage-repos"],
        "repo.write" => &["manage-repos"],
        "discussion.write" => &["write-discussions", "manage-repos"],
        "inference.serverless.write" => &["inference-api"],
        "inference.endpoints.infer.write" => &["read-endpoints", "write-endpoints"],
        "inference.endpoints.write" => &["write-endpoints"],
        "job.read" | "job.write" => &["jobs"],
        "user.webhooks.read" | "user.webhooks.write" => &["webhooks"],
        "collection.read" => &["read-collections", "write-collections"],
        "collection.write" => &["write-collections"],
        "user.billing.read" => &["read-billing"],
        "org.members.read" => &["read-memberships"],
        _ => &[],
    };
    needed.iter().any(|scope| scopes.contains(*scope))
}
