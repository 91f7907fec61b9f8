//! One row a permission.

use super::{
    Allows, Documented,
    Power::{self, Critical, High, Low},
    Target,
};
use crate::scope::Action::{
    self, Admin, Collections, Discuss, Endpoints, Infer, Jobs, Manage, Read, Webhooks, Write,
};

const REPOSITORY: &[Target] =
    &[Target::Repository, Target::User, Target::Org, Target::ServiceAccount];
const REPOSITORY_OF_PEOPLE: &[Target] = &[Target::Repository, Target::User, Target::Org];
const OWNER: &[Target] = &[Target::User, Target::Org, Target::ServiceAccount];
const PEOPLE: &[Target] = &[Target::User, Target::Org];
const USER: &[Target] = &[Target::User];
const ORG: &[Target] = &[Target::Org];
const ORG_AND_SERVICE: &[Target] = &[Target::Org, Target::ServiceAccount];
const OAUTH: &[Target] = &[Target::Oauth];

const fn all(action: Action) -> Allows {
    Allows { action, part: None }
}

pub(super) const fn part(action: Action, which: &'static str) -> Allows {
    Allows { action, part: Some(which) }
}

const fn row(
    name: &'static str,
    words: &'static str,
    power: Power,
    allows: Option<Allows>,
    targets: &'static [Target],
) -> Documented {
    Documented { name, words, power, allows, targets }
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
        Low,
        Some(all(Read)),
        REPOSITORY,
    ),
    row(
        "repo.write",
        "write contents and settings, create, move and delete repositories, set their secrets, \
         merge pull requests and let people into gated ones",
        High,
        Some(all(Manage)),
        REPOSITORY,
    ),
    row(
        "repo.access.read",
        "see who asked for access to gated repositories",
        Low,
        None,
        REPOSITORY_OF_PEOPLE,
    ),
    row(
        "discussion.write",
        "take part in discussions and open pull requests",
        Low,
        Some(all(Discuss)),
        &[Target::Repository, Target::User, Target::Org, Target::Everywhere],
    ),
    row("post.write", "write posts in the owner's name", Low, None, &[Target::Everywhere]),
    row("collection.read", "read collections", Low, None, OWNER),
    row("collection.write", "change collections", Low, Some(all(Collections)), OWNER),
    row(
        "inference.serverless.write",
        "call models through Inference Providers, at the owner's cost",
        High,
        Some(all(Infer)),
        OWNER,
    ),
    row(
        "inference.endpoints.infer.write",
        "call Inference Endpoints",
        High,
        Some(part(Infer, "Inference Endpoints only")),
        OWNER,
    ),
    row(
        "inference.endpoints.write",
        "create and manage Inference Endpoints, at the owner's cost",
        High,
        Some(all(Endpoints)),
        OWNER,
    ),
    row(
        "job.write",
        "run code in Jobs and sandboxes, at the owner's cost",
        High,
        Some(all(Jobs)),
        OWNER,
    ),
    row(
        "resourceGroup.write",
        "manage resource groups, which decide who reaches which repositories",
        High,
        Some(part(Admin, "resource groups only")),
        OWNER,
    ),
    row("sql-console.embed.write", "embed SQL consoles", Low, None, PEOPLE),
    row("org.read", "read the organisation's settings", Low, None, ORG_AND_SERVICE),
    row(
        "org.write",
        "change the organisation's settings and members",
        Critical,
        Some(part(Admin, "not service accounts and network addresses")),
        ORG_AND_SERVICE,
    ),
    row("org.repos.read", "list the organisation's repositories", Low, None, ORG),
    row("org.members.read", "list the organisation's members", Low, None, ORG),
    row(
        "org.members.write",
        "add and remove members and change their roles",
        Critical,
        Some(part(Admin, "members only")),
        ORG,
    ),
    row(
        "org.auditLog.write",
        "export the organisation's audit log",
        High,
        Some(part(Admin, "the audit log only")),
        ORG_AND_SERVICE,
    ),
    row("org.billing.read", "see what the organisation spends", Low, None, ORG),
    row(
        "org.networkSecurity.read",
        "read which network addresses the organisation allows",
        Low,
        None,
        ORG,
    ),
    row(
        "org.networkSecurity.write",
        "change which network addresses the organisation allows",
        Critical,
        Some(part(Admin, "network addresses only")),
        ORG,
    ),
    row(
        "org.serviceAccounts.read",
        "list service accounts and what their tokens may do",
        Low,
        None,
        ORG_AND_SERVICE,
    ),
    row(
        "org.serviceAccounts.write",
        "make service accounts and tokens of any permission",
        Critical,
        Some(part(Admin, "service accounts only")),
        ORG_AND_SERVICE,
    ),
    row("user.billing.read", "see what the user spends", Low, None, USER),
    row("user.webhooks.read", "list the user's webhooks", Low, None, USER),
    row(
        "user.webhooks.write",
        "make webhooks, which tell of every change and run jobs that carry secrets",
        High,
        Some(all(Webhooks)),
        USER,
    ),
    row("user.notifications.read", "read the user's notifications", Low, None, USER),
    row("user.notifications.write", "change the user's notifications", Low, None, USER),
    row(
        "user.settings.notifications.write",
        "change which notifications the user gets",
        Low,
        None,
        USER,
    ),
    row("user.preferences.write", "change the user's preferences", Low, None, USER),
    row("user.papers.write", "change the user's papers", Low, None, USER),
    row("user.social.likes.write", "like things in the user's name", Low, None, USER),
    row("user.mcp.read", "read the user's MCP settings", Low, None, USER),
    row("openid", "know who the user is", Low, None, OAUTH),
    row("profile", "read the user's public profile", Low, None, OAUTH),
    row("email", "read the user's e-mail address", Low, None, OAUTH),
    row("read-billing", "know whether the user can pay", Low, None, OAUTH),
    row("read-memberships", "list the user's organisations", Low, None, OAUTH),
    row(
        "read-repos",
        "read the user's repositories, private ones included",
        Low,
        Some(all(Read)),
        OAUTH,
    ),
    row(
        "gated-repos",
        "read the public gated repositories that the user was let into",
        Low,
        Some(part(Read, "public gated repositories only")),
        OAUTH,
    ),
    row(
        "contribute-repos",
        "create repositories and write those it created",
        High,
        Some(part(Manage, "repositories that it created only")),
        OAUTH,
    ),
    row("write-repos", "read and write the user's repositories", High, Some(all(Write)), OAUTH),
    row(
        "manage-repos",
        "do anything with the user's repositories, deleting them included",
        High,
        Some(all(Manage)),
        OAUTH,
    ),
    row("read-collections", "read the user's collections", Low, None, OAUTH),
    row("write-collections", "change the user's collections", Low, Some(all(Collections)), OAUTH),
    row(
        "inference-api",
        "call models through Inference Providers, at the user's cost",
        High,
        Some(all(Infer)),
        OAUTH,
    ),
    row("read-endpoints", "list the user's Inference Endpoints", Low, None, OAUTH),
    row(
        "write-endpoints",
        "create and manage Inference Endpoints, at the user's cost",
        High,
        Some(all(Endpoints)),
        OAUTH,
    ),
    row("jobs", "run code in Jobs, at the user's cost", High, Some(all(Jobs)), OAUTH),
    row(
        "webhooks",
        "make webhooks, which tell of every change and run jobs that carry secrets",
        High,
        Some(all(Webhooks)),
        OAUTH,
    ),
    row(
        "write-discussions",
        "take part in discussions and open pull requests",
        Low,
        Some(all(Discuss)),
        OAUTH,
    ),
    row("read-mcp", "read the user's MCP settings", Low, None, OAUTH),
];
