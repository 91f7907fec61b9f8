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
    #[serde(default, deserialize_with = "wire::list")]
    scoped: Vec<ScopedWire>,
    #[serde(default)]
    can_read_gated_repos: Option<bool>,
}

#[derive(Deserialize)]
struct ScopedWire {
    entity: EntityWire,
    #[serde(default, deserialize_with = "wire::list")]
    permissions: Vec<String>,
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
    #[serde(default, deserialize_with = "wire::list")]
    entities: Vec<Value>,
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
            None if answer.kind == "app" => Credential::App(answer.scope.map(AppScope::from)),
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
        let role = match (token.role.as_str(), token.fine_grained) {
            ("read", _) => Role::Read,
            ("write", _) => Role::Write,
            ("god", _) => Role::God,
            ("fineGrained", Some(list)) => Role::FineGrained(list.into()),
            (other, _) => Role::Unknown(other.to_owned()),
        };
        Self { display_name: token.display_name, role, created_at: token.created_at }
    }
}

impl From<FineGrainedWire> for FineGrained {
    fn from(list: FineGrainedWire) -> Self {
        Self {
            global: permissions(&list.global),
            scoped: list.scoped.into_iter().map(Scoped::from).collect(),
            can_read_gated: list.can_read_gated_repos.unwrap_or(false),
        }
    }
}

impl From<ScopedWire> for Scoped {
    fn from(scoped: ScopedWire) -> Self {
        let patterns = scoped.patterns.into_iter().map(|pattern| Pattern {
            resource: pattern.resource_type,
            wildcards: pattern.wildcard_patterns,
        });
        let EntityWire { id, kind, name } = scoped.entity;
        Self {
            entity: Entity { kind: kind.as_str().into(), id, name },
            permissions: permissions(&scoped.permissions),
            patterns: patterns.collect(),
        }
    }
}

impl From<AppScopeWire> for AppScope {
    fn from(scope: AppScopeWire) -> Self {
        let entities = scope.entities.iter().filter_map(|entity| match entity {
            Value::String(id) => Some(id.clone()),
            other => other.get("_id")?.as_str().map(str::to_owned),
        });
        Self { role: scope.role.as_str().into(), entities: entities.collect() }
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
