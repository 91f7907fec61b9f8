//! Whether a token is alive, as whoami tells.

use bearhug_core::{
    Token,
    revocation::{Check, Standing},
};

use crate::{client::Client, error::Error, refusal::Reason};

impl Client {
    /// How a token stands with the Hub at this moment.
    pub async fn check(&self, token: &Token) -> Check {
        match self.whoami_now(token).await {
            Ok(known) => Check {
                standing: Standing::Alive,
                account: Some(known.grant.account.name.clone()),
                request_id: known.asked.request_id.clone(),
            },
            Err(error) => Check {
                standing: standing_of(&error),
                account: None,
                request_id: error.asked.request_id.clone(),
            },
        }
    }
}

/// What an error of whoami says about the token.
pub(crate) fn standing_of(error: &Error) -> Standing {
    match error.refusal().map(|refusal| refusal.reason) {
        Some(Reason::ExpiredToken) => Standing::Expired,
        Some(Reason::UnknownToken) => Standing::Unknown,
        _ => Standing::Untold(error.to_string()),
    }
}
