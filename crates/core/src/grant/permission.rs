//! The permissions of fine-grained and service-account tokens, and the scopes of OAuth sessions.

use std::fmt;

use crate::impact::Impact::{self, Alter, Download, Pivot, Poison};

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

/// A permission that is documented.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Documented {
    /// The string that the Hub uses.
    pub name: &'static str,
    /// What it lets its holder do, as a verb phrase.
    pub words: &'static str,
    /// How much harm it allows.
    pub power: Power,
    /// What it leads to.
    pub impacts: &'static [Impact],
    /// What it can be given on.
    pub targets: &'static [Target],
}

/// A permission by its string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    /// What it leads to. Of an unknown one the name decides, and the worse is assumed.
    pub fn impacts(&self) -> &'static [Impact] {
        match self {
            Self::Documented(documented) => documented.impacts,
            Self::Unknown(name) if name.starts_with("repo.") && reads(name) => &[Download],
            Self::Unknown(name) if name.starts_with("repo.") => &[Alter, Poison],
            Self::Unknown(name) if reads(name) => &[],
            Self::Unknown(_) => &[Pivot],
        }
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

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

const REPOSITORY: &[Target] =
    &[Target::Repository, Target::User, Target::Org, Target::ServiceAccount];
const REPOSITORY_OF_PEOPLE: &[Target] = &[Target::Repository, Target::User, Target::Org];
const OWNER: &[Target] = &[Target::User, Target::Org, Target::ServiceAccount];
const PEOPLE: &[Target] = &[Target::User, Target::Org];
const USER: &[Target] = &[Target::User];
const ORG: &[Target] = &[Target::Org];
const ORG_AND_SERVICE: &[Target] = &[Target::Org, Target::ServiceAccount];
const OAUTH: &[Target] = &[Target::Oauth];

const fn row(
    name: &'static str,
    words: &'static str,
    power: Power,
    impacts: &'static [Impact],
    targets: &'static [Target],
) -> Documented {
    Documented { name, words, power, impacts, targets }
}

/// Every permission that is known.
///
/// For service accounts, the Hub's `OpenAPI` document lists the strings that their tokens may carry.
/// For users and organisations no list is published: those rows are the strings that live tokens
/// were seen to carry, and their words follow the labels of the form that makes tokens. OAuth scopes
/// are from <https://huggingface.co/docs/hub/oauth>, save `read-mcp`, which was seen in a client.
pub const PERMISSIONS: &[Documented] = &[
    row(
        "repo.content.read",
        "read the contents of repositories and buckets, private ones included",
        Power::Low,
        &[Download],
        REPOSITORY,
    ),
    row(
        "repo.write",
        "write contents and settings, create, move and delete repositories, set their secrets, \
         merge pull requests and let people into gated ones",
        Power::High,
        &[Alter, Poison],
        REPOSITORY,
    ),
    row(
        "repo.access.read",
        "see who asked for access to gated repositories",
        Power::Low,
        &[],
        REPOSITORY_OF_PEOPLE,
    ),
    row(
        "discussion.write",
        "take part in discussions and open pull requests",
        Power::Low,
        &[],
        &[Target::Repository, Target::User, Target::Org, Target::Everywhere],
    ),
    row("post.write", "write posts in the owner's name", Power::Low, &[], &[Target::Everywhere]),
    row("collection.read", "read collections", Power::Low, &[], OWNER),
    row("collection.write", "change collections", Power::Low, &[], OWNER),
    row(
        "inference.serverless.write",
        "call models through Inference Providers, at the owner's cost",
        Power::High,
        &[Pivot],
        OWNER,
    ),
    row(
        "inference.endpoints.infer.write",
        "call Inference Endpoints",
        Power::High,
        &[Pivot],
        OWNER,
    ),
    row(
        "inference.endpoints.write",
        "create and manage Inference Endpoints, at the owner's cost",
        Power::High,
        &[Pivot],
        OWNER,
    ),
    row(
        "job.write",
        "run code in Jobs and sandboxes, at the owner's cost",
        Power::High,
        &[Pivot],
        OWNER,
    ),
    row(
        "resourceGroup.write",
        "manage resource groups, which decide who reaches which repositories",
        Power::High,
        &[Pivot],
        OWNER,
    ),
    row("sql-console.embed.write", "embed SQL consoles", Power::Low, &[], PEOPLE),
    row("org.read", "read the organisation's settings", Power::Low, &[], ORG_AND_SERVICE),
    row(
        "org.write",
        "change the organisation's settings and members",
        Power::Critical,
        &[Pivot],
        ORG_AND_SERVICE,
    ),
    row("org.repos.read", "list the organisation's repositories", Power::Low, &[], ORG),
    row("org.members.read", "list the organisation's members", Power::Low, &[], ORG),
    row(
        "org.members.write",
        "add and remove members and change their roles",
        Power::Critical,
        &[Pivot],
        ORG,
    ),
    row(
        "org.auditLog.write",
        "export the organisation's audit log",
        Power::High,
        &[Pivot],
        ORG_AND_SERVICE,
    ),
    row("org.billing.read", "see what the organisation spends", Power::Low, &[], ORG),
    row(
        "org.networkSecurity.read",
        "read which network addresses the organisation allows",
        Power::Low,
        &[],
        ORG,
    ),
    row(
        "org.networkSecurity.write",
        "change which network addresses the organisation allows",
        Power::Critical,
        &[Pivot],
        ORG,
    ),
    row(
        "org.serviceAccounts.read",
        "list service accounts and what their tokens may do",
        Power::Low,
        &[],
        ORG_AND_SERVICE,
    ),
    row(
        "org.serviceAccounts.write",
        "make service accounts and tokens of any permission",
        Power::Critical,
        &[Pivot],
        ORG_AND_SERVICE,
    ),
    row("user.billing.read", "see what the user spends", Power::Low, &[], USER),
    row("user.webhooks.read", "list the user's webhooks", Power::Low, &[], USER),
    row(
        "user.webhooks.write",
        "make webhooks, which tell of every change and run jobs that carry secrets",
        Power::High,
        &[Pivot],
        USER,
    ),
    row("user.notifications.read", "read the user's notifications", Power::Low, &[], USER),
    row("user.notifications.write", "change the user's notifications", Power::Low, &[], USER),
    row(
        "user.settings.notifications.write",
        "change which notifications the user gets",
        Power::Low,
        &[],
        USER,
    ),
    row("user.preferences.write", "change the user's preferences", Power::Low, &[], USER),
    row("user.papers.write", "change the user's papers", Power::Low, &[], USER),
    row("user.social.likes.write", "like things in the user's name", Power::Low, &[], USER),
    row("user.mcp.read", "read the user's MCP settings", Power::Low, &[], USER),
    row("openid", "know who the user is", Power::Low, &[], OAUTH),
    row("profile", "read the user's public profile", Power::Low, &[], OAUTH),
    row("email", "read the user's e-mail address", Power::Low, &[], OAUTH),
    row("read-billing", "know whether the user can pay", Power::Low, &[], OAUTH),
    row("read-memberships", "list the user's organisations", Power::Low, &[], OAUTH),
    row(
        "read-repos",
        "read the user's repositories, private ones included",
        Power::Low,
        &[Download],
        OAUTH,
    ),
    row(
        "gated-repos",
        "read the public gated repositories that the user was let into",
        Power::Low,
        &[Download],
        OAUTH,
    ),
    row(
        "contribute-repos",
        "create repositories and write those it created",
        Power::High,
        &[Alter],
        OAUTH,
    ),
    row(
        "write-repos",
        "read and write the user's repositories",
        Power::High,
        &[Download, Alter, Poison],
        OAUTH,
    ),
    row(
        "manage-repos",
        "do anything with the user's repositories, deleting them included",
        Power::High,
        &[Download, Alter, Poison],
        OAUTH,
    ),
    row("read-collections", "read the user's collections", Power::Low, &[], OAUTH),
    row("write-collections", "change the user's collections", Power::Low, &[], OAUTH),
    row(
        "inference-api",
        "call models through Inference Providers, at the user's cost",
        Power::High,
        &[Pivot],
        OAUTH,
    ),
    row("read-endpoints", "list the user's Inference Endpoints", Power::Low, &[], OAUTH),
    row(
        "write-endpoints",
        "create and manage Inference Endpoints, at the user's cost",
        Power::High,
        &[Pivot],
        OAUTH,
    ),
    row("jobs", "run code in Jobs, at the user's cost", Power::High, &[Pivot], OAUTH),
    row(
        "webhooks",
        "make webhooks, which tell of every change and run jobs that carry secrets",
        Power::High,
        &[Pivot],
        OAUTH,
    ),
    row(
        "write-discussions",
        "take part in discussions and open pull requests",
        Power::Low,
        &[],
        OAUTH,
    ),
    row("read-mcp", "read the user's MCP settings", Power::Low, &[], OAUTH),
];

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
            assert!(row.power == Power::Low || !row.impacts.is_empty(), "{}", row.name);
        }
    }

    #[test]
    fn an_unknown_permission_is_kept_and_weighed_by_its_name() {
        let expected: [(&str, Power, &[Impact]); 5] = [
            ("repo.config.read", Power::Low, &[Download]),
            ("repo.content.write", Power::High, &[Alter, Poison]),
            ("user.tokens.write", Power::High, &[Pivot]),
            ("user.tokens.read", Power::Low, &[]),
            ("org.everything", Power::High, &[Pivot]),
        ];
        for (name, power, impacts) in expected {
            let permission = Permission::from(name);
            assert!(permission.is_unknown());
            assert_eq!(permission.name(), name);
            assert_eq!((permission.power(), permission.impacts()), (power, impacts), "{name}");
        }
    }
}
