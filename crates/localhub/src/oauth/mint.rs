//! Making OAuth's tokens: signed values, which are remembered like every other credential.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::OAuthError;
use crate::{Owner, Power, RepoName, TokenSpec, World, ids, world::Refresh, world::digest};

/// A session that is to have a token.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub(super) user: &'a str,
    pub(super) client_id: &'a str,
    pub(super) scopes: BTreeSet<String>,
    pub(super) seconds: i64,
}

/// The expiry that many seconds after a time.
pub(super) fn after(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

impl World {
    /// An access token of a session: `hf_oauth_` and a JWT with the claims that the Hub's have.
    pub(super) fn mint_session(&self, session: &Session<'_>) -> Result<Value, OAuthError> {
        let now = self.clock.now();
        let end = after(now, session.seconds);
        let claims = json!({
            "scope": session.scopes,
            "aud": self.origins.hub,
            "oauthApp": session.client_id,
            "sessionId": ids::object_id(),
            "iat": now.as_second(),
            "exp": end.as_second(),
            "sub": self.state().account_id(session.user),
        });
        let value = format!("hf_oauth_{}", self.sign(&claims)?);
        let owner = Owner::User(session.user.to_owned());
        let power = Power::OAuth(session.scopes.clone());
        let spec = TokenSpec::of("OAuth session", power).until(end);
        let issued = self.state().issue_as(value, owner, spec, now);
        let scope: Vec<&str> = session.scopes.iter().map(String::as_str).collect();
        Ok(json!({
            "access_token": issued.value,
            "token_type": "bearer",
            "expires_in": session.seconds,
            "scope": scope.join(" "),
        }))
    }

    /// The same with a refresh token, which works once.
    pub(super) fn mint_refreshable(&self, session: &Session<'_>) -> Result<Value, OAuthError> {
        let mut answer = self.mint_session(session)?;
        let value = format!("hf_oauth__refresh_{}", ids::letters(34));
        let refresh = Refresh {
            client_id: session.client_id.to_owned(),
            user: session.user.to_owned(),
            scopes: session.scopes.clone(),
        };
        self.state().refreshes.insert(digest(&value), refresh);
        answer["refresh_token"] = json!(value);
        Ok(answer)
    }

    /// A trusted publisher's token for one repository, for an hour: `hf_jwt_` and a JWT.
    pub(super) fn mint_publisher(
        &self,
        repo: &RepoName,
        read_only: bool,
    ) -> Result<Value, OAuthError> {
        const SECONDS: i64 = 3600;
        let now = self.clock.now();
        let end = after(now, SECONDS);
        let claims = json!({
            "sub": repo.web_path(),
            "aud": self.origins.hub,
            "iat": now.as_second(),
            "exp": end.as_second(),
        });
        let value = format!("hf_jwt_{}", self.sign(&claims)?);
        let owner = Owner::App { name: "[OIDC]".to_owned() };
        let power = Power::Publisher { repo: repo.clone(), read_only };
        let spec = TokenSpec::of("Trusted publisher", power).until(end);
        let issued = self.state().issue_as(value, owner, spec, now);
        Ok(json!({
            "access_token": issued.value,
            "token_type": "bearer",
            "expires_in": SECONDS,
            "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
        }))
    }

    fn sign(&self, claims: &Value) -> Result<String, OAuthError> {
        let failed = |_| OAuthError::new("server_error", "could not sign");
        self.keys.hub().sign(claims).map_err(failed)
    }
}
