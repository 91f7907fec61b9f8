//! The tokens that reach an organisation, and cutting one off.
//!
//! `GET /api/organizations/{name}/settings/tokens` is documented at
//! <https://huggingface.co/docs/hub/enterprise-tokens-management> and not in the `OpenAPI` document. Which of
//! its fields are always there is not known, so all but the id may be missing.

use bearhug_core::{Token, grant::FineGrained};
use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;

use crate::{
    Listing,
    client::Client,
    error::{Asked, Error},
    request::{Login, Request},
    whoami::wire::FineGrainedWire,
    wire,
};

/// A token that reaches an organisation, as its administrators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgToken {
    /// By which it is revoked.
    pub id: String,
    /// Its name, which is shown only where the organisation approves tokens.
    pub display_name: Option<String>,
    /// Its role: `read`, `write`, `fineGrained`.
    pub role: Option<String>,
    /// Its last four characters.
    pub last4: Option<String>,
    /// When it was made, or last rotated.
    pub created_at: Option<Timestamp>,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Whose it is.
    pub owner: Option<TokenOwner>,
    /// What the administrators decided on it.
    pub approval: Option<Approval>,
    /// What it may do in the organisation, if it is fine-grained.
    pub fine_grained: Option<FineGrained>,
}

/// Whose a token is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TokenOwner {
    /// The name of the account.
    #[serde(alias = "name")]
    pub user: Option<String>,
}

/// What the administrators decided on a token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Approval {
    /// `pending`, `approved`, `denied` or `revoked`.
    pub status: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrgTokenWire {
    #[serde(rename = "_id")]
    id: String,
    display_name: Option<String>,
    role: Option<String>,
    last4: Option<String>,
    #[serde(default, deserialize_with = "wire::moment")]
    created_at: Option<Timestamp>,
    #[serde(default, deserialize_with = "wire::moment")]
    last_used_at: Option<Timestamp>,
    owner: Option<TokenOwner>,
    authorization: Option<Approval>,
    fine_grained: Option<FineGrainedWire>,
}

impl From<OrgTokenWire> for OrgToken {
    fn from(wire: OrgTokenWire) -> Self {
        Self {
            id: wire.id,
            display_name: wire.display_name,
            role: wire.role,
            last4: wire.last4,
            created_at: wire.created_at,
            last_used_at: wire.last_used_at,
            owner: wire.owner,
            approval: wire.authorization,
            fine_grained: wire.fine_grained.and_then(FineGrainedWire::understood),
        }
    }
}

impl Client {
    /// The tokens that reach an organisation. The query takes `owner:`, `role:`, `status:` and `token:`
    /// with the last four characters; revoked ones are left out unless it says `status:all`.
    ///
    /// # Errors
    ///
    /// If the Hub does not list them: the token must be an administrator's.
    pub async fn org_tokens(
        &self,
        org: &str,
        query: Option<&str>,
        most: usize,
        token: &Token,
    ) -> Result<Listing<OrgToken>, Error> {
        let request = Request::get(&["api", "organizations", org, "settings", "tokens"], token)
            .with("limit", Some(most.clamp(1, 100)))
            .with("q", query);
        let Listing { items, is_complete } = self.list::<OrgTokenWire>(&request, most).await?;
        Ok(Listing { items: items.into_iter().map(OrgToken::from).collect(), is_complete })
    }

    /// Cuts a token off from an organisation, for good. It goes on working elsewhere. An Enterprise plan
    /// is needed, and nobody can cut off the token that asks.
    ///
    /// # Errors
    ///
    /// If the Hub refuses or cannot be asked.
    pub async fn revoke_for_org(&self, org: &str, id: &str, token: &Token) -> Result<Asked, Error> {
        let path = ["api", "organizations", org, "settings", "tokens", id, "revoke"];
        let request = Request::new(Method::POST, &path, Login::Bearer(token));
        Ok(self.ask(&request).await?.asked)
    }
}
