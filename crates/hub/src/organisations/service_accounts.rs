//! Service accounts and their tokens, the only long-lived credentials that the Hub's API makes, changes
//! and deletes (<https://huggingface.co/docs/hub/enterprise-service-accounts>).

use bearhug_core::Token;
use jiff::Timestamp;
use reqwest::Method;
use serde::{Deserialize, Serialize};

use crate::{
    client::Client,
    error::{Asked, Error},
    request::{Login, Request},
    wire,
};

/// An account of an organisation that is nobody's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccount {
    /// The Hub's identifier.
    #[serde(rename = "_id")]
    pub id: String,
    /// The name of the account in URLs.
    pub user: String,
    /// The name for people.
    #[serde(alias = "fullname")]
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Timestamp>,
    /// Its tokens, which only the question about one account tells.
    #[serde(default, deserialize_with = "wire::list")]
    pub access_tokens: Vec<ServiceTokenInfo>,
}

/// What is known of a service account's token beside its value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceTokenInfo {
    /// The Hub's identifier.
    #[serde(rename = "_id")]
    pub id: String,
    /// Its name.
    pub display_name: String,
    /// When it was made, or last rotated.
    #[serde(default, deserialize_with = "wire::moment")]
    pub created_at: Option<Timestamp>,
    /// When it was last used.
    #[serde(default, deserialize_with = "wire::moment")]
    pub last_used_at: Option<Timestamp>,
    /// When it expires.
    #[serde(default, deserialize_with = "wire::moment")]
    pub expiration: Option<Timestamp>,
    /// Its last four characters.
    pub last4: Option<String>,
    /// What it may do in the whole organisation.
    #[serde(default, deserialize_with = "wire::list")]
    pub permissions: Vec<String>,
    /// The repositories, by the Hub's identifiers, that it may do something else with.
    #[serde(default, deserialize_with = "wire::list")]
    pub repo_ids: Vec<String>,
    /// What it may do with those.
    #[serde(default, deserialize_with = "wire::list")]
    pub repo_permissions: Vec<String>,
    /// The Inference Endpoints that its permissions are narrowed to.
    #[serde(default, deserialize_with = "wire::list")]
    pub endpoint_patterns: Vec<String>,
    /// Whether the organisation's rules on networks do not hold for it.
    #[serde(default)]
    pub skip_network_security: bool,
}

/// A service account to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewServiceAccount {
    /// Its name, of up to 50 characters.
    pub name: String,
    /// What it is for, in up to 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// What a service account's token is to be called and may do. What is left out takes the Hub's default
/// in a new token, and stays as it is in an old one.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rights {
    /// Its name, of up to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it may do in the whole organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Vec<String>>,
    /// The repositories, by the Hub's identifiers, that it may do something else with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo_ids: Option<Vec<String>>,
    /// What it may do with those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo_permissions: Option<Vec<String>>,
    /// The Inference Endpoints that its permissions are narrowed to, up to 20.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint_patterns: Option<Vec<String>>,
    /// Whether the organisation's rules on networks do not hold for it, which takes Enterprise Plus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_network_security: Option<bool>,
}

/// A token that was just made. The Hub shows its value this once.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewToken {
    /// The token.
    #[serde(deserialize_with = "wire::token")]
    pub token: Token,
    /// What is known of it.
    pub token_info: ServiceTokenInfo,
}

/// A token of a service account, by the Hub's identifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceToken<'a> {
    /// The organisation's name.
    pub org: &'a str,
    /// The account.
    pub account: &'a str,
    /// The token.
    pub id: &'a str,
}

impl<'a> ServiceToken<'a> {
    fn segments(self) -> [&'a str; 7] {
        ["api", "organizations", self.org, "service-accounts", self.account, "tokens", self.id]
    }
}

/// All of these take an administrator's token or one with `org.serviceAccounts.read` or `….write`, and an
/// Enterprise plan. They fail if the Hub refuses or cannot be asked.
impl Client {
    /// The service accounts of an organisation, without their tokens.
    pub async fn service_accounts(
        &self,
        org: &str,
        token: &Token,
    ) -> Result<Vec<ServiceAccount>, Error> {
        let path = ["api", "organizations", org, "service-accounts"];
        let request = Request::get(&path, token);
        self.ask(&request).await?.json(&request)
    }

    /// One service account with what is known of its tokens.
    pub async fn service_account(
        &self,
        org: &str,
        id: &str,
        token: &Token,
    ) -> Result<ServiceAccount, Error> {
        let path = ["api", "organizations", org, "service-accounts", id];
        let request = Request::get(&path, token);
        self.ask(&request).await?.json(&request)
    }

    /// Makes a service account.
    pub async fn create_service_account(
        &self,
        org: &str,
        new: &NewServiceAccount,
        token: &Token,
    ) -> Result<ServiceAccount, Error> {
        let path = ["api", "organizations", org, "service-accounts"];
        self.send(Method::POST, &path, Some(new), token).await?.json_with_secrets()
    }

    /// Deletes a service account and all its tokens. It cannot be undone.
    pub async fn delete_service_account(
        &self,
        org: &str,
        id: &str,
        token: &Token,
    ) -> Result<Asked, Error> {
        let path = ["api", "organizations", org, "service-accounts", id];
        Ok(self.send(Method::DELETE, &path, None::<&()>, token).await?.asked)
    }

    /// Makes a token for a service account.
    pub async fn create_service_token(
        &self,
        (org, account): (&str, &str),
        rights: &Rights,
        token: &Token,
    ) -> Result<NewToken, Error> {
        let path = ["api", "organizations", org, "service-accounts", account, "tokens"];
        self.send(Method::POST, &path, Some(rights), token).await?.json_with_secrets()
    }

    /// Changes the name or the rights of a token. Its value stays.
    pub async fn update_service_token(
        &self,
        which: ServiceToken<'_>,
        rights: &Rights,
        token: &Token,
    ) -> Result<ServiceTokenInfo, Error> {
        self.send(Method::PATCH, &which.segments(), Some(rights), token).await?.json_with_secrets()
    }

    /// Gives a token a new value. The old one stops working at once: where that would interrupt
    /// somebody, make a second token first and delete this one later.
    pub async fn rotate_service_token(
        &self,
        which: ServiceToken<'_>,
        token: &Token,
    ) -> Result<NewToken, Error> {
        let path: Vec<&str> = which.segments().into_iter().chain(["rotate"]).collect();
        self.send(Method::POST, &path, None::<&()>, token).await?.json_with_secrets()
    }

    /// Deletes a token. It cannot be undone.
    pub async fn delete_service_token(
        &self,
        which: ServiceToken<'_>,
        token: &Token,
    ) -> Result<Asked, Error> {
        Ok(self.send(Method::DELETE, &which.segments(), None::<&()>, token).await?.asked)
    }

    async fn send(
        &self,
        method: Method,
        path: &[&str],
        content: Option<&impl Serialize>,
        token: &Token,
    ) -> Result<crate::reply::Reply, Error> {
        let request = Request::new(method, path, Login::Bearer(token));
        let asked = request.asked();
        let request = match content {
            Some(content) => request.json(content),
            None => Ok(request),
        };
        self.ask(&request.map_err(|problem| Error::new(&asked, problem.into()))?).await
    }
}
