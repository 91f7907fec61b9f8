//! What a local Hub holds from the start, as a file in TOML describes it.
//!
//! The command's documentation (`docs/localhub.md`) shows every key. Values of tokens are no part of it:
//! they are made when the Hub starts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::{
    Entity, FineGrained, InvalidName, Issued, OrgRole, Plan, Power, Publisher, RepoKind, RepoName,
    Resource, Restriction, Role, Scoped, ServicePower, TokenPolicy, TokenSpec, World,
};

/// The content of a seed file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Seed {
    /// People.
    users: Vec<SeedUser>,
    /// Organisations.
    orgs: Vec<SeedOrg>,
    /// Repositories.
    repos: Vec<SeedRepo>,
    /// Access tokens.
    tokens: Vec<SeedToken>,
    /// Service accounts, with a token each.
    service_accounts: Vec<SeedServiceAccount>,
    /// Trusted publishers.
    publishers: Vec<SeedPublisher>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedUser {
    name: String,
    #[serde(default)]
    pro: bool,
    email: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedOrg {
    name: String,
    plan: Option<Plan>,
    #[serde(default)]
    policy: Option<TokenPolicy>,
    #[serde(default)]
    members: BTreeMap<String, OrgRole>,
    /// What keeps members out, by their names.
    #[serde(default)]
    restrictions: BTreeMap<String, BTreeSet<Restriction>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedRepo {
    /// `acme/llm`, `datasets/acme/corpus` or `spaces/acme/demo`.
    name: String,
    /// Who created it.
    creator: String,
    #[serde(default)]
    private: bool,
    #[serde(default)]
    gated: bool,
    /// Texts of files, by their paths.
    #[serde(default)]
    files: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedToken {
    user: String,
    name: String,
    role: SeedRole,
    expires_in_days: Option<i64>,
    #[serde(default)]
    can_read_gated_repos: bool,
    #[serde(default)]
    global: BTreeSet<String>,
    /// Permissions, by what they are on: `user:alice`, `org:acme`, `model:acme/llm`.
    #[serde(default)]
    scopes: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SeedRole {
    Read,
    Write,
    FineGrained,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedServiceAccount {
    org: String,
    name: String,
    #[serde(default)]
    permissions: BTreeSet<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedPublisher {
    /// A repository as in `repos`, or a person's name.
    resource: String,
    /// The issuer's URL; the local Hub's own if left out.
    issuer: Option<String>,
    claims: BTreeMap<String, String>,
    #[serde(default)]
    read_only: bool,
}

/// Why a seed cannot be planted.
#[derive(Debug)]
pub enum SeedError {
    /// It is no TOML, or has what a seed has not.
    Syntax(Box<toml::de::Error>),
    /// It names somebody or something that it does not introduce.
    Unknown(String),
    /// It names what cannot be a repository's name.
    Name(String),
    /// The Hub stopped meanwhile.
    Stopped,
    /// A repository could not be made.
    Repository(crate::Denial),
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(error) => error.fmt(f),
            Self::Unknown(name) => write!(f, "`{name}` is not introduced"),
            Self::Name(name) => write!(f, "`{name}` cannot be the name of a repository"),
            Self::Stopped => f.write_str("the Hub stopped"),
            Self::Repository(denial) => denial.fmt(f),
        }
    }
}

impl std::error::Error for SeedError {}

/// A credential that a seed asked for.
#[derive(Debug)]
pub struct Planted {
    /// Who holds it.
    pub holder: String,
    /// The name it was given.
    pub name: String,
    /// `read`, `write`, `fine-grained` or `service account`.
    pub role: &'static str,
    /// The credential.
    pub issued: Issued,
}

impl Seed {
    /// Reads a seed file.
    pub fn parse(text: &str) -> Result<Self, SeedError> {
        toml::from_str(text).map_err(|error| SeedError::Syntax(Box::new(error)))
    }

    /// One person with a token that writes: what there is if nobody asks for more.
    pub fn minimal() -> Self {
        let (user, name) = ("alice".to_owned(), "laptop".to_owned());
        let token = SeedToken {
            user: user.clone(),
            name,
            role: SeedRole::Write,
            expires_in_days: None,
            can_read_gated_repos: false,
            global: BTreeSet::new(),
            scopes: BTreeMap::new(),
        };
        let users = vec![SeedUser { name: user, pro: false, email: None }];
        Self { users, tokens: vec![token], ..Self::default() }
    }

    /// Makes the repositories.
    pub(crate) async fn plant_repos(&self, world: &World) -> Result<(), SeedError> {
        for seed in &self.repos {
            self.introduced(&seed.creator)?;
            let repo = repo_name(&seed.name)?;
            let refused = SeedError::Repository;
            world.add_repo(&repo, &seed.creator, seed.private).await.map_err(refused)?;
            for (path, text) in &seed.files {
                world.add_file(&repo, path, text.as_bytes()).await.map_err(refused)?;
            }
            if seed.gated {
                world.gate_repo(&repo, true, true).map_err(refused)?;
            }
        }
        Ok(())
    }

    /// Adds people and organisations.
    pub(crate) fn plant_accounts(&self, world: &World) -> Result<(), SeedError> {
        for user in &self.users {
            world.add_user(&user.name);
            if let Some(known) = world.state().users.get_mut(&user.name) {
                known.pro = user.pro;
                known.email = user.email.clone().unwrap_or_else(|| known.email.clone());
            }
        }
        for org in &self.orgs {
            world.add_org(&org.name, org.plan);
            for (user, role) in &org.members {
                self.introduced(user)?;
                world.set_role(&org.name, user, *role);
            }
            let mut state = world.state();
            let Some(known) = state.orgs.get_mut(&org.name) else { continue };
            known.policy = org.policy.unwrap_or(known.policy);
            for (user, restrictions) in &org.restrictions {
                let member = known.members.get_mut(user);
                let member = member.ok_or_else(|| SeedError::Unknown(user.clone()))?;
                member.restrictions.clone_from(restrictions);
            }
        }
        Ok(())
    }

    /// Issues the credentials, once everything that they name is there.
    pub(crate) fn plant_credentials(&self, world: &World) -> Result<Vec<Planted>, SeedError> {
        let mut planted = Vec::new();
        for token in &self.tokens {
            self.introduced(&token.user)?;
            let power = token.power(world)?;
            let mut spec = TokenSpec::of(&token.name, power);
            spec.expires_at = token.expires_in_days.map(|days| in_days(world.clock.now(), days));
            let issued = world.issue(&token.user, spec);
            let role = token.role.name();
            let (holder, name) = (token.user.clone(), token.name.clone());
            planted.push(Planted { holder, name, role, issued });
        }
        for account in &self.service_accounts {
            let power = ServicePower {
                permissions: account.permissions.clone(),
                ..ServicePower::default()
            };
            let added = world.add_service_account(&account.org, &account.name, power);
            let (_, issued) = added.ok_or_else(|| SeedError::Unknown(account.org.clone()))?;
            let (holder, name) = (account.org.clone(), account.name.clone());
            planted.push(Planted { holder, name, role: "service account", issued });
        }
        for publisher in &self.publishers {
            world.add_publisher(publisher.publisher(world)?);
        }
        Ok(planted)
    }

    fn introduced(&self, user: &str) -> Result<(), SeedError> {
        let is_known = self.users.iter().any(|known| known.name == user);
        if is_known { Ok(()) } else { Err(SeedError::Unknown(user.to_owned())) }
    }
}

impl SeedRole {
    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::FineGrained => "fine-grained",
        }
    }
}

impl SeedToken {
    fn power(&self, world: &World) -> Result<Power, SeedError> {
        match self.role {
            SeedRole::Read => Ok(Power::Role(Role::Read)),
            SeedRole::Write => Ok(Power::Role(Role::Write)),
            SeedRole::FineGrained => {
                let scoped = self.scopes.iter().map(|(entity, permissions)| {
                    let entity = find_entity(world, entity)?;
                    Ok(Scoped { entity, permissions: permissions.clone() })
                });
                Ok(Power::FineGrained(FineGrained {
                    global: self.global.clone(),
                    scoped: scoped.collect::<Result<_, _>>()?,
                    can_read_gated_repos: self.can_read_gated_repos,
                }))
            }
        }
    }
}

impl SeedPublisher {
    fn publisher(&self, world: &World) -> Result<Publisher, SeedError> {
        let resource = if self.resource.contains('/') {
            Resource::Repo(repo_name(&self.resource)?)
        } else {
            Resource::User(self.resource.clone())
        };
        Ok(Publisher {
            resource,
            issuer: self.issuer.clone().unwrap_or_else(|| world.issuer_url()),
            claims: self.claims.clone(),
            read_only: self.read_only,
        })
    }
}

/// What permissions are on, by a text such as `org:acme` or `dataset:acme/corpus`.
fn find_entity(world: &World, text: &str) -> Result<Entity, SeedError> {
    let unknown = || SeedError::Unknown(text.to_owned());
    let (kind, name) = text.split_once(':').ok_or_else(unknown)?;
    let id = {
        let state = world.state();
        match kind {
            "user" => state.users.get(name).map(|user| user.id.clone()),
            "org" => state.orgs.get(name).map(|org| org.id.clone()),
            _ => None,
        }
    };
    let id = match (id, kind.parse::<RepoKind>(), name.split_once('/')) {
        (Some(id), ..) => Some(id),
        (None, Ok(kind), Some((namespace, name))) => {
            let repo = RepoName::new(kind, namespace, name).ok();
            repo.and_then(|repo| world.repositories.facts(&repo)).map(|facts| facts.id)
        }
        _ => None,
    };
    let id = id.ok_or_else(unknown)?;
    Ok(Entity { id, kind: kind.to_owned(), name: name.to_owned() })
}

fn repo_name(text: &str) -> Result<RepoName, SeedError> {
    let parts: Vec<&str> = text.split('/').collect();
    let name = match parts.as_slice() {
        [namespace, name] => RepoName::new(RepoKind::Model, namespace, name),
        ["datasets", namespace, name] => RepoName::new(RepoKind::Dataset, namespace, name),
        ["spaces", namespace, name] => RepoName::new(RepoKind::Space, namespace, name),
        _ => Err(InvalidName),
    };
    name.map_err(|_| SeedError::Name(text.to_owned()))
}

fn in_days(now: Timestamp, days: i64) -> Timestamp {
    let hours = SignedDuration::from_hours(days.clamp(-36_500, 36_500) * 24);
    now.checked_add(hours).unwrap_or(now)
}
