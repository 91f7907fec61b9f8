//! Token exchange (RFC 8693): an identity token of a trusted publisher, or a member of an organisation,
//! for a token of the Hub's.

use std::collections::BTreeSet;

use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::{OAuthError, Params, grants::SCOPES, mint::Session, scopes};
use crate::{AuditEvent, Publisher, RepoKind, RepoName, Resource, World, jwt};

const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const USER_EMAIL: &str = "urn:huggingface:token-type:user-email";
/// How long a member's token lasts (<https://huggingface.co/docs/hub/oauth>).
const MEMBER_SECONDS: i64 = 28_800;

impl World {
    pub(super) fn exchange(
        &self,
        headers: &HeaderMap,
        params: &Params,
    ) -> Result<Value, OAuthError> {
        match params.need("subject_token_type")? {
            ID_TOKEN => self.exchange_identity(params),
            USER_EMAIL => self.exchange_member(headers, params),
            _ => Err(OAuthError::new("invalid_request", "unsupported subject_token_type")),
        }
    }

    /// A trusted publisher's token, if a publisher of the resource has this issuer and these claims.
    fn exchange_identity(&self, params: &Params) -> Result<Value, OAuthError> {
        let claims = self.verified_claims(params.need("subject_token")?)?;
        let resource = parse_resource(params.need("resource")?)?;
        let publisher =
            self.state().publishers.iter().find(|p| fits(p, &resource, &claims)).cloned();
        let no_publisher = || OAuthError::new("invalid_grant", "no trusted publisher matches");
        let publisher = publisher.ok_or_else(no_publisher)?;
        match &publisher.resource {
            Resource::Repo(repo) => self.mint_publisher(repo, publisher.read_only),
            Resource::User(user) => {
                let mut answer = self.mint_session(&Session {
                    user,
                    client_id: "trusted-publisher",
                    scopes: BTreeSet::from(["gated-repos".to_owned()]),
                    seconds: 3600,
                })?;
                answer["issued_token_type"] =
                    json!("urn:ietf:params:oauth:token-type:access_token");
                Ok(answer)
            }
        }
    }

    /// The claims of an identity token: signed by its issuer, for this Hub, and in time.
    fn verified_claims(&self, token: &str) -> Result<Value, OAuthError> {
        let invalid = |why: &str| OAuthError::new("invalid_grant", why);
        let issuer = jwt::claimed_issuer(token).ok_or_else(|| invalid("no identity token"))?;
        let jwks = if issuer == self.issuer_url() {
            let key = self.keys.issuer().map_err(|_| invalid("the issuer has no key"))?;
            key.jwks()
        } else {
            let state = self.state();
            state.issuers.get(&issuer).cloned().ok_or_else(|| invalid("unknown issuer"))?
        };
        let claims = jwt::verify(token, &jwks).ok_or_else(|| invalid("wrong signature"))?;
        let now = self.clock.now().as_second();
        let is_for_us = match &claims["aud"] {
            Value::String(aud) => *aud == self.origins.hub,
            Value::Array(auds) => auds.iter().any(|aud| aud == self.origins.hub.as_str()),
            _ => false,
        };
        if !is_for_us {
            return Err(invalid("wrong audience"));
        }
        if claims["exp"].as_i64().is_none_or(|end| end <= now)
            || claims["nbf"].as_i64().is_some_and(|start| start > now)
        {
            return Err(invalid("the identity token is not valid now"));
        }
        Ok(claims)
    }

    /// A token of a member of the organisation whose application asks, without the member's doing.
    fn exchange_member(&self, headers: &HeaderMap, params: &Params) -> Result<Value, OAuthError> {
        let app = self.authenticated_app(headers)?;
        let unauthorized =
            || OAuthError::new("unauthorized_client", "no application of an organization");
        let org = app.exchanges_for.as_ref().ok_or_else(unauthorized)?;
        let wanted = scopes(params.get("scope").unwrap_or("openid profile"));
        if !wanted.iter().all(|scope| SCOPES.contains(&scope.as_str())) {
            return Err(OAuthError::new("invalid_scope", "unknown scope"));
        }
        let email = params.need("subject_token")?;
        let user = {
            let state = self.state();
            let members = state.orgs.get(org).map(|org| &org.members);
            let named = |name: &&String| state.users.get(*name).is_some_and(|u| u.email == email);
            members.and_then(|members| members.keys().find(named)).cloned()
        };
        let user = user.ok_or_else(|| OAuthError::new("invalid_grant", "no such member"))?;
        let answer = self.mint_session(&Session {
            user: &user,
            client_id: &app.client_id,
            scopes: wanted,
            seconds: MEMBER_SECONDS,
        })?;
        let event = AuditEvent::by_system("oauth.token", "Exchanged a token", self.clock.now());
        let event = event.with(json!({ "clientId": app.client_id, "user": user }));
        self.state().record(org, event);
        Ok(answer)
    }
}

/// The forms of `huggingface_hub`: `ns/name`, `datasets/ns/name`, `spaces/ns/name`, or a user name.
fn parse_resource(text: &str) -> Result<Resource, OAuthError> {
    let invalid = || OAuthError::new("invalid_target", "unknown resource");
    let parts: Vec<&str> = text.split('/').collect();
    let (kind, namespace, name) = match parts.as_slice() {
        [user] if !user.is_empty() => return Ok(Resource::User((*user).to_owned())),
        [namespace, name] => (RepoKind::Model, namespace, name),
        ["datasets", namespace, name] => (RepoKind::Dataset, namespace, name),
        ["spaces", namespace, name] => (RepoKind::Space, namespace, name),
        _ => return Err(invalid()),
    };
    RepoName::new(kind, namespace, name).map(Resource::Repo).map_err(|_| invalid())
}

/// Claims match exactly: a pattern in a publisher's claim is no pattern.
fn fits(publisher: &Publisher, resource: &Resource, claims: &Value) -> bool {
    publisher.resource == *resource
        && claims["iss"] == publisher.issuer.as_str()
        && publisher.claims.iter().all(|(name, value)| claims[name.as_str()] == value.as_str())
}
