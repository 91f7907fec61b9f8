//! What a credential may do: its role, or the permissions it names.

use std::collections::BTreeSet;

use crate::RepoName;

/// What a credential may do, at most: its owner's own rights bound it as well.
#[derive(Debug, Clone, PartialEq)]
pub enum Power {
    /// Everything that the owner may, as far as the role goes.
    Role(Role),
    /// What it names.
    FineGrained(FineGrained),
    /// What the owner granted to an application: OAuth scopes.
    OAuth(BTreeSet<String>),
    /// Writing to one repository: a trusted publisher's.
    Publisher(RepoName),
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

/// What an operation is about, to hold against the entities of a fine-grained credential.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target<'a> {
    Repo(&'a RepoName),
    Account(&'a str),
}

impl Power {
    /// Whether it includes `permission` on `target`.
    pub(crate) fn permits(&self, permission: &str, target: Target<'_>) -> bool {
        match self {
            Self::Role(Role::Read) => permission.ends_with(".read"),
            Self::Role(Role::Write | Role::God) => true,
            Self::FineGrained(fine) => fine.permits(permission, target),
            Self::OAuth(scopes) => oauth_permits(scopes, permission),
            Self::Publisher(own) => {
                let is_own = matches!(target, Target::Repo(repo) if repo == own);
                is_own && matches!(permission, "repo.content.read" | "repo.write")
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
            Self::Publisher(_) => false,
        }
    }
}

impl FineGrained {
    fn permits(&self, permission: &str, target: Target<'_>) -> bool {
        self.global.contains(permission)
            || self.scoped.iter().any(|scoped| {
                scoped.entity.covers(target)
                    && (scoped.permissions.contains(permission)
                        || permission.ends_with(".read") && scoped.includes_reading(permission))
            })
    }
}

impl Scoped {
    /// Writing includes reading: `repo.write` lets one read contents and access requests.
    fn includes_reading(&self, permission: &str) -> bool {
        let write = match permission {
            "repo.content.read" | "repo.access.read" => "repo.write".to_owned(),
            other => format!("{}.write", other.trim_end_matches(".read")),
        };
        self.permissions.contains(&write)
    }
}

impl Entity {
    fn covers(&self, target: Target<'_>) -> bool {
        match target {
            Target::Account(name) => self.is_account() && self.name == name,
            Target::Repo(repo) => {
                self.is_account() && self.name == repo.namespace
                    || self.kind == repo.kind.singular() && self.name == repo.id()
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
        "repo.write" => &["manage-repos"],
        "repo.content.write" => &["write-repos", "manage-repos"],
        "discussion.write" => &["write-discussions", "manage-repos"],
        "inference.serverless.write" => &["inference-api"],
        "inference.endpoints.infer.write" => &["read-endpoints", "write-endpoints"],
        "inference.endpoints.write" => &["write-endpoints"],
        "job.write" => &["jobs"],
        "user.webhooks.read" | "user.webhooks.write" => &["webhooks"],
        "collection.read" => &["read-collections", "write-collections"],
        "collection.write" => &["write-collections"],
        "user.billing.read" => &["read-billing"],
        _ => &[],
    };
    needed.iter().any(|scope| scopes.contains(*scope))
}
