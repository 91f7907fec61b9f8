//! `GET /api/organizations/{name}/members`.

use bearhug_core::{Token, grant::OrgRole};
use serde::Deserialize;

use crate::{Listing, client::Client, error::Error, request::Request};

/// A member of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The Hub's identifier.
    pub id: String,
    /// The name of the account.
    pub user: String,
    /// The name for people.
    pub full_name: Option<String>,
    /// The member's role, which administrators see.
    pub role: Option<OrgRole>,
    /// Whether the account has a second factor, which administrators see.
    pub has_second_factor: Option<bool>,
    /// The address that the member signs on with, which administrators of paying organisations see.
    pub verified_email: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemberWire {
    #[serde(rename = "_id", default)]
    id: String,
    user: String,
    fullname: Option<String>,
    role: Option<String>,
    two_fa_enabled: Option<bool>,
    verified_email: Option<String>,
}

impl From<MemberWire> for Member {
    fn from(wire: MemberWire) -> Self {
        Self {
            id: wire.id,
            user: wire.user,
            full_name: wire.fullname,
            role: wire.role.as_deref().map(Into::into),
            has_second_factor: wire.two_fa_enabled,
            verified_email: wire.verified_email,
        }
    }
}

impl Client {
    /// The members of an organisation, up to about as many as wanted; with an e-mail address, those who
    /// sign on with it.
    ///
    /// # Errors
    ///
    /// If the Hub does not list them.
    pub async fn members(
        &self,
        org: &str,
        email: Option<&str>,
        most: usize,
        token: &Token,
    ) -> Result<Listing<Member>, Error> {
        let request = Request::get(&["api", "organizations", org, "members"], token)
            .with("limit", Some(most.clamp(10, 1000)))
            .with("email", email);
        let Listing { items, is_complete } = self.list::<MemberWire>(&request, most).await?;
        Ok(Listing { items: items.into_iter().map(Member::from).collect(), is_complete })
    }
}
