//! Xet tokens: what the Hub gives to those who may read or write a repository, and the gateway asks for.

use serde_json::{Value, json};

use crate::{Denial, RepoName, World, jwt};

/// How long a token works, in seconds. Revoking the credential that it was given for does not end it.
const SECONDS: i64 = 900;

/// A token for the store, and where it is for.
#[derive(Debug)]
pub(crate) struct XetToken {
    /// Where the store is.
    pub(crate) cas_url: String,
    /// The bearer's value.
    pub(crate) access_token: String,
    /// When it stops working, in seconds since 1970.
    pub(crate) expires_at: i64,
}

impl XetToken {
    /// The members of the Hub's answer.
    pub(crate) fn json(&self) -> Value {
        json!({
            "casUrl": self.cas_url,
            "accessToken": self.access_token,
            "exp": self.expires_at,
        })
    }

    /// The headers that say the same.
    pub(crate) fn headers(&self) -> [(&'static str, String); 3] {
        [
            ("x-xet-cas-url", self.cas_url.clone()),
            ("x-xet-access-token", self.access_token.clone()),
            ("x-xet-token-expiration", self.expires_at.to_string()),
        ]
    }
}

impl World {
    /// A token for the store in a repository's name, or nothing if there is no store.
    pub(crate) fn xet_token(
        &self,
        repo: &RepoName,
        writes: bool,
    ) -> Result<Option<XetToken>, Denial> {
        let Some(cas) = &self.cas else { return Ok(None) };
        let now = self.clock.now().as_second();
        let expires_at = now.saturating_add(SECONDS);
        let claims = json!({
            "repo": repo.web_path(),
            "scope": if writes { "write" } else { "read" },
            "iat": now,
            "exp": expires_at,
        });
        let signed = self.keys.hub().sign(&claims).map_err(|error| Denial::internal(&error))?;
        let access_token = format!("xet_{signed}");
        Ok(Some(XetToken { cas_url: cas.origin.clone(), access_token, expires_at }))
    }

    /// Whether a value is a token that works now, and for writing if need be.
    pub(super) fn accepts_xet_token(&self, value: &str, writes: bool) -> bool {
        let claims = value.strip_prefix("xet_");
        let claims = claims.and_then(|signed| jwt::verify(signed, &self.keys.hub().jwks()));
        claims.is_some_and(|claims| {
            let is_live = claims["exp"].as_i64().is_some_and(|e| e > self.clock.now().as_second());
            let scope = claims["scope"].as_str().unwrap_or_default();
            is_live && (scope == "write" || scope == "read" && !writes)
        })
    }
}
