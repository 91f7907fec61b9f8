//! What an identity may do on the Hub, as `GET /api/whoami-v2` tells it
//! (<https://huggingface.co/.well-known/openapi.json>).
//!
//! Whatever the Hub adds to its answers is kept by name and not refused.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

mod open_enum;
mod permission;

pub use permission::{Allows, Documented, PERMISSIONS, Permission, Power, Target};

use open_enum::open_enum;

/// Whom a credential speaks for and what it may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Whom it speaks for.
    pub account: Account,
    /// How the Hub names this way of authenticating: `access_token`, `oauth`, `app_token`, ….
    pub auth: String,
    /// What the credential is, and with what limits.
    pub credential: Credential,
    /// The organisations that the account belongs to. The Hub lists them whether or not the
    /// credential reaches them.
    pub orgs: Vec<OrgAccess>,
    /// When it expires. The Hub does not tell it for personal access tokens.
    pub expires_at: Option<Timestamp>,
}

/// A principal of the Hub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What sort of principal.
    pub kind: AccountKind,
    /// The Hub's identifier, 24 hexadecimal digits.
    pub id: String,
    /// The name in URLs.
    pub name: String,
    /// The name for people.
    pub full_name: Option<String>,
}

open_enum! {
    /// What sort of principal an account is. A service account presents itself as a user.
    pub enum AccountKind {
        /// A person or a service account.
        User = "user",
        /// An organisation, whose own tokens no longer work.
        Org = "org",
        /// An application.
        App = "app",
    }
}

/// The credential behind a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// A user's or a service account's access token.
    AccessToken(AccessToken),
    /// An OAuth session or a trusted publisher's token.
    Session(Session),
    /// An application's own token.
    App(Option<AppScope>),
}

/// An access token, without its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessToken {
    /// The name that its owner gave it.
    pub display_name: String,
    /// What it may do.
    pub role: Role,
    /// When it was made, or last rotated.
    pub created_at: Option<Timestamp>,
}

/// What an access token may do
/// (<https://huggingface.co/docs/hub/security-tokens>).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Read whatever its owner can read.
    Read,
    /// Whatever its owner may do with repositories, deleting them included.
    Write,
    /// Everything. The Hub does not document it.
    God,
    /// What is listed, and nothing else.
    FineGrained(FineGrained),
    /// A role that came later than this program, or `fineGrained` without the list.
    Unknown(String),
}

impl Role {
    /// The name that the Hub uses.
    pub fn name(&self) -> &str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::God => "god",
            Self::FineGrained(_) => "fineGrained",
            Self::Unknown(name) => name,
        }
    }
}

/// The list of a fine-grained token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FineGrained {
    /// Permissions that hold everywhere.
    pub global: Vec<Permission>,
    /// Permissions on particular things.
    pub scoped: Vec<Scoped>,
    /// Whether it reads the public gated repositories that its owner was let into.
    pub can_read_gated: bool,
}

/// Permissions on one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scoped {
    /// On what.
    pub entity: Entity,
    /// Which.
    pub permissions: Vec<Permission>,
    /// What narrows them further. Live tokens were seen to carry such patterns, for inference
    /// endpoints; the Hub does not document them for personal tokens.
    pub patterns: Vec<Pattern>,
}

/// Something that permissions can be on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// What sort of thing.
    pub kind: EntityKind,
    /// The Hub's identifier, 24 hexadecimal digits.
    pub id: String,
    /// Its name, such as `acme` or `acme/model`. The Hub leaves it out now and then.
    pub name: Option<String>,
}

open_enum! {
    /// What sort of thing permissions are on.
    pub enum EntityKind {
        /// A model repository.
        Model = "model",
        /// A dataset repository.
        Dataset = "dataset",
        /// A Space.
        Space = "space",
        /// A storage bucket.
        Bucket = "bucket",
        /// A repository of compute kernels.
        Kernel = "kernel",
        /// A collection.
        Collection = "collection",
        /// An organisation and all that is in it.
        Org = "org",
        /// A user and all that is the user's.
        User = "user",
        /// A resource group of an organisation.
        ResourceGroup = "resource-group",
        /// An OAuth application.
        OauthApp = "oauth-app",
    }
}

/// Names, with wildcards, that permissions are narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    /// What the names are of, such as `inference-endpoint`.
    pub resource: String,
    /// The names, in which `*` stands for any characters.
    pub wildcards: Vec<String>,
}

/// What the Hub tells of an OAuth session.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Session {
    /// The OAuth scopes, where anything told them: whoami-v2 does not.
    pub scopes: Option<Vec<Permission>>,
    /// The one thing a trusted publisher's token is for, such as `acme/model`.
    pub resource: Option<String>,
}

/// What an application's token is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppScope {
    /// With what role.
    pub role: OrgRole,
    /// On which things, by the Hub's identifiers.
    pub entities: Vec<String>,
}

/// An organisation of the account, and what it lets this credential do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgAccess {
    /// The Hub's identifier.
    pub id: String,
    /// The name in URLs.
    pub name: String,
    /// The role of the account.
    pub role: Option<OrgRole>,
    /// What the organisation pays for.
    pub plan: Option<Plan>,
    /// What keeps this credential away from the organisation's data at the moment.
    pub restrictions: Vec<Restriction>,
    /// The resource groups that the account has a role in.
    pub resource_groups: Vec<ResourceGroup>,
}

open_enum! {
    /// A member's role in an organisation or a resource group
    /// (<https://huggingface.co/docs/hub/organizations-security>).
    pub enum OrgRole {
        /// Everything, settings and members included.
        Admin = "admin",
        /// Read and write all repositories.
        Write = "write",
        /// Create repositories and write the own ones.
        Contributor = "contributor",
        /// Read all repositories.
        Read = "read",
        /// Nothing by itself: resource groups give access.
        NoAccess = "no_access",
    }
}

open_enum! {
    /// What an organisation pays for.
    pub enum Plan {
        /// Team.
        Team = "team",
        /// Enterprise.
        Enterprise = "enterprise",
        /// Enterprise Plus.
        Plus = "plus",
        /// For universities.
        Academia = "academia",
    }
}

open_enum! {
    /// A rule of an organisation that keeps a credential away from its data.
    pub enum Restriction {
        /// The account has no second factor, and the organisation demands one.
        Mfa = "mfa",
        /// The organisation takes fine-grained tokens only, or has not approved this one
        /// (<https://huggingface.co/docs/hub/enterprise-tokens-management>).
        TokenPolicy = "token-policy",
        /// An administrator revoked this token for the organisation. That is for good.
        TokenRevoked = "token-revoked",
        /// The organisation demands a single sign-on session.
        Sso = "sso",
        /// The request came from an address that the organisation does not allow.
        Ip = "ip",
    }
}

/// A resource group and the account's role in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceGroup {
    /// The Hub's identifier, 24 hexadecimal digits.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The account's role.
    pub role: OrgRole,
}

impl Restriction {
    /// What it means, in a sentence without a full stop.
    pub fn words(&self) -> &str {
        match self {
            Self::Mfa => "the organisation demands a second factor, which the account lacks",
            Self::TokenPolicy => {
                "the organisation takes fine-grained tokens only, or has not approved this one"
            }
            Self::TokenRevoked => {
                "an administrator of the organisation revoked this token there, for good"
            }
            Self::Sso => "the organisation demands a single sign-on session",
            Self::Ip => "the organisation does not allow this network address",
            Self::Unknown(_) => "the organisation refuses this token for a reason that is new",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_new_ones_are_kept() {
        for name in ["mfa", "token-policy", "token-revoked", "sso", "ip", "passkey"] {
            assert_eq!(Restriction::from(name).name(), name);
        }
        assert_eq!(Restriction::from("passkey"), Restriction::Unknown("passkey".to_owned()));
        for name in ["dataset", "resource-group", "oauth-app", "notebook"] {
            assert_eq!(EntityKind::from(name).name(), name);
        }
    }
}
