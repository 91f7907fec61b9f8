//! The answer of whoami-v2, as the Hub's `OpenAPI` document has it, and what it means. App and
//! organisation answers, and the `patterns` of scopes, are not in the document: they are from the
//! types of `@huggingface/hub` and from live answers.

use bearhug_core::grant::{
    AccessToken, Account, AppScope, Credential, Entity, FineGrained, Grant, OrgAccess, Pattern,
    Permission, ResourceGroup, Restriction, Role, Scoped, Session,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::wire;

#[derive(Deserialize)]
pub(super) struct Answer {
    auth: Option<AuthWire>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: String,
    name: String,
    fullname: Option<String>,
    #[serde(default, deserialize_with = "wire::list")]
    orgs: Vec<OrgWire>,
    scope: Option<AppScopeWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthWire {
    #[serde(rename = "type", default)]
    kind: String,
    access_token: Option<AccessTokenWire>,
    #[serde(default, deserialize_with = "wire::moment")]
    expires_at: Option<Timestamp>,
    resource: Option<ResourceWire>,
}

#[derive(Deserialize)]
struct ResourceWire {
    sub: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AccessTokenWire {
    #[serde(default)]
    display_name: String,
    role: String,
    #[serde(default, deserialize_with = "wire::moment")]
    created_at: Option<Timestamp>,
    fine_grained: Option<FineGrainedWire>,
}

/// Also part of an organisation's list of tokens.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FineGrainedWire {
    #[serde(default, deserialize_with = "wire::list")]
    global: Vec<String>,
    /// Without it nothing is known of what the token may do.
    scoped: Option<Vec<ScopedWire>>,
    #[serde(default)]
    can_read_gated_repos: Option<bool>,
}

#[derive(Deserialize)]
struct ScopedWire {
    entity: EntityWire,
    permissions: Option<Vec<String>>,
    #[serde(default, deserialize_with = "wire::list")]
    patterns: Vec<PatternWire>,
}

#[derive(Deserialize)]
struct EntityWire {
    #[serde(rename = "_id", default)]
    id: String,
    #[serde(rename = "type")]
    kind: String,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PatternWire {
    #[serde(default)]
    resource_type: String,
    #[serde(default, deserialize_with = "wire::list")]
    wildcard_patterns: Vec<String>,
}

#[derive(Deserialize)]
struct AppScopeWire {
    role: String,
    entities: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrgWire {
    #[serde(default)]
    id: String,
    name: String,
    role_in_org: Option<String>,
    plan: Option<String>,
    #[serde(default, deserialize_with = "wire::list")]
    security_restrictions: Vec<String>,
    #[serde(default, deserialize_with = "wire::list")]
    resource_groups: Vec<GroupWire>,
}

#[derive(Deserialize)]
struct GroupWire {
    id: String,
    name: String,
    role: String,
}

impl From<Answer> for Grant {
    fn from(answer: Answer) -> Self {
        let account = Account {
            kind: answer.kind.as_str().into(),
            id: answer.id,
            name: answer.name,
            full_name: answer.fullname.filter(|name| !name.is_empty()),
        };
        let (auth, token, expires_at, resource) = match answer.auth {
            Some(auth) => (auth.kind, auth.access_token, auth.expires_at, auth.resource),
            None => (String::new(), None, None, None),
        };
        let credential = match token {
            Some(token) => Credential::AccessToken(token.into()),
            None if answer.kind == "app" => {
                Credential::App(answer.scope.and_then(AppScopeWire::understood))
            }
            None => {
                let resource = resource.map(|resource| resource.sub);
                Credential::Session(Session { scopes: None, resource })
            }
        };
        let orgs = answer.orgs.into_iter().map(OrgAccess::from).collect();
        Self { account, auth, credential, orgs, expires_at }
    }
}

impl From<AccessTokenWire> for AccessToken {
    fn from(token: AccessTokenWire) -> Self {
        let list = token.fine_grained.and_then(FineGrainedWire::understood);
        let role = match (token.role.as_str(), list) {
            ("read", _) => Role::Read,
            ("write", _) => Role::Write,
            ("god", _) => Role::God,
            ("fineGrained", Some(list)) => Role::FineGrained(list),
            (other, _) => Role::Unknown(other.to_owned()),
        };
        Self { display_name: token.display_name, role, created_at: token.created_at }
    }
}

impl FineGrainedWire {
    /// The list, if all of it is there: half of one would pass for a token that may do little.
    pub(crate) fn understood(self) -> Option<FineGrained> {
        let scoped = self.scoped?.into_iter().map(ScopedWire::understood);
        Some(FineGrained {
            global: permissions(&self.global),
            scoped: scoped.collect::<Option<_>>()?,
            can_read_gated: self.can_read_gated_repos.unwrap_or(false),
        })
    }
}

impl ScopedWire {
    fn understood(self) -> Option<Scoped> {
        let patterns = self.patterns.into_iter().map(|pattern| Pattern {
            resource: pattern.resource_type,
            wildcards: pattern.wildcard_patterns,
        });
        let EntityWire { id, kind, name } = self.entity;
        Some(Scoped {
            entity: Entity { kind: kind.as_str().into(), id, name },
            permissions: permissions(&self.permissions?),
            patterns: patterns.collect(),
        })
    }
}

impl AppScopeWire {
    /// The scope, if each thing in it can be told.
    fn understood(self) -> Option<AppScope> {
        let entities = self.entities?.into_iter().map(|entity| match entity {
            Value::String(id) => Some(id),
            other => other.get("_id")?.as_str().map(str::to_owned),
        });
        let entities = entities.collect::<Option<_>>()?;
        Some(AppScope { role: self.role.as_str().into(), entities })
    }
}

impl From<OrgWire> for OrgAccess {
    fn from(org: OrgWire) -> Self {
        let groups = org.resource_groups.into_iter().map(|group| ResourceGroup {
            id: group.id,
            name: group.name,
            role: group.role.as_str().into(),
        });
        let restrictions = org.security_restrictions.iter();
        Self {
            id: org.id,
            name: org.name,
            role: org.role_in_org.as_deref().map(Into::into),
            plan: org.plan.as_deref().map(Into::into),
            restrictions: restrictions.map(|name| Restriction::from(name.as_str())).collect(),
            resource_groups: groups.collect(),
        }
    }
}

fn permissions(names: &[String]) -> Vec<Permission> {
    names.iter().map(|name| Permission::from(name.as_str())).collect()
}
