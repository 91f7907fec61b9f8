//! Examples that show what a policy does, for `bearhug policy test`.
//!
//! Each describes an identity in a few words and lists the rules that it must break, no more and no
//! fewer, so that somebody who changes a policy sees what else changes.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Policy, Rule, evaluate};
use crate::{
    Fingerprint, Kind,
    grant::{
        AccessToken, Account, AccountKind, Credential, Entity, EntityKind, FineGrained, Grant,
        Permission, Role, Scoped,
    },
    identity::{
        Attested, Condition, Criticality, Exposure, Identity, IdentityId, Ownership, Purpose,
        Standing, State, Version,
    },
    lifecycle::{Author, Discovery},
    risk::Keeping,
};

/// A file of examples.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Each under `[[example]]`.
    pub example: Vec<Example>,
}

/// An identity in a few words, and the rules that it breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Example {
    /// What it is an example of.
    pub name: String,
    /// The rules that it must break.
    pub breaks: BTreeSet<Rule>,
    /// The identity.
    #[serde(default)]
    pub identity: Short,
}

/// An identity in a few words. What is left out is not known, or not so. Days count back from the
/// moment of the test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Short {
    /// What sort of credential it is, such as `user_token`.
    pub kind: Kind,
    /// Where in its life it is.
    pub state: State,
    /// What is wrong with it.
    pub conditions: BTreeSet<Condition>,
    /// Its role, such as `write`.
    pub role: Option<String>,
    /// Whether it can write, if it is fine-grained. The classic roles say so themselves.
    pub can_write: Option<bool>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Who else does.
    pub backup_owner: Option<String>,
    /// The environment that it is for.
    pub environment: Option<String>,
    /// How much depends on it.
    pub criticality: Criticality,
    /// The environments that it was seen in.
    pub seen_in_environments: BTreeSet<String>,
    /// The repositories, machines and exports that it was seen in.
    pub seen_in: BTreeSet<String>,
    /// The ways in which it is kept.
    pub kept: BTreeSet<Keeping>,
    /// How old its token is.
    pub age_days: Option<u32>,
    /// When it ends by itself: so many days ahead.
    pub expires_in_days: Option<u32>,
    /// When it was last used.
    pub unused_days: Option<u32>,
    /// When it was found.
    pub known_days: u32,
    /// When somebody last confirmed it.
    pub attested_days: Option<u32>,
    /// When something was last released with it.
    pub released_days: Option<u32>,
}

/// What came out of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The rules that it should break and does not.
    pub missing: BTreeSet<Rule>,
    /// The rules that it breaks and should not, each with what is wrong.
    pub surplus: Vec<super::Breach>,
}

impl Outcome {
    /// Whether the policy does what the example says.
    pub fn is_as_expected(&self) -> bool {
        self.missing.is_empty() && self.surplus.is_empty()
    }
}

impl Example {
    /// Lays the policy against it.
    pub fn test(&self, policy: &Policy, now: Timestamp) -> Outcome {
        let mut missing = self.breaks.clone();
        let mut surplus = evaluate(&self.identity.at(now), policy, &BTreeSet::new(), now);
        surplus
            .retain(|breach| Rule::of_key(&breach.rule).is_none_or(|rule| !missing.remove(&rule)));
        Outcome { missing, surplus }
    }
}

impl Short {
    /// What a fine-grained token may do of which it is said whether it can write.
    fn grant(&self) -> Option<Grant> {
        let permission = if self.can_write? { "repo.write" } else { "repo.content.read" };
        let name = Some("example/model".to_owned());
        let scoped = Scoped {
            entity: Entity { kind: EntityKind::Model, id: String::new(), name },
            permissions: vec![Permission::from(permission)],
            patterns: Vec::new(),
        };
        let list = FineGrained { scoped: vec![scoped], ..FineGrained::default() };
        let role = Role::FineGrained(list);
        let is_fine = self.role.as_deref().is_none_or(|name| name == role.name());
        let display_name = "example".to_owned();
        let account = Account {
            kind: AccountKind::User,
            id: String::new(),
            name: display_name.clone(),
            full_name: None,
        };
        let token = AccessToken { display_name, role, created_at: None };
        is_fine.then(|| Grant {
            account,
            auth: "access_token".to_owned(),
            credential: Credential::AccessToken(token),
            orgs: Vec::new(),
            expires_at: None,
        })
    }

    /// The identity as it is at a moment.
    pub fn at(&self, now: Timestamp) -> Identity {
        let first = Fingerprint::of("an example");
        let ago = |days: u32| {
            now.checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
                .unwrap_or(Timestamp::MIN)
        };
        let ahead = |days: u32| {
            now.checked_add(SignedDuration::from_hours(24 * i64::from(days)))
                .unwrap_or(Timestamp::MAX)
        };
        let since = ago(self.known_days);
        let version =
            Version { fingerprint: Some(first), hub_id: None, last4: None, since, until: None };
        let id = IdentityId::of_token(first);
        let found = Discovery { id, name: "example".to_owned(), kind: self.kind, version };
        let author = Author { name: "example".to_owned() };
        let (identity, _) = Identity::discover(found, &author, since);
        let places = self.seen_in.len() as u64;
        Identity {
            state: self.state,
            conditions: self.conditions.clone(),
            ownership: Ownership {
                owner: self.owner.clone(),
                backup: self.backup_owner.clone(),
                attested: self
                    .attested_days
                    .map(|days| Attested { at: ago(days), by: author.name.clone() }),
                ..Ownership::default()
            },
            purpose: Purpose {
                environment: self.environment.clone(),
                criticality: self.criticality,
                released_at: self.released_days.map(ago),
                ..Purpose::default()
            },
            standing: Standing {
                role: self.role.clone(),
                grant: self.grant(),
                issued_at: self.age_days.map(ago),
                expires_at: self.expires_in_days.map(ahead),
                last_used_at: self.unused_days.map(ago),
                ..Standing::default()
            },
            exposure: Exposure {
                places,
                present: places,
                keepings: self.kept.clone(),
                environments: self.seen_in_environments.clone(),
                sources: self.seen_in.clone(),
                ..Exposure::default()
            },
            ..identity
        }
    }
}

impl Default for Short {
    fn default() -> Self {
        Self {
            kind: Kind::UserToken,
            state: State::Active,
            conditions: BTreeSet::new(),
            role: None,
            can_write: None,
            owner: None,
            backup_owner: None,
            environment: None,
            criticality: Criticality::default(),
            seen_in_environments: BTreeSet::new(),
            seen_in: BTreeSet::new(),
            kept: BTreeSet::new(),
            age_days: None,
            expires_in_days: None,
            unused_days: None,
            known_days: 0,
            attested_days: None,
            released_days: None,
        }
    }
}
