//! Cutting a token, known by its value, off from an organisation, and proving it.

use bearhug_core::{
    Token,
    grant::{Credential, Grant, Restriction},
    revocation::{Check, Ending, Namesake, Outcome, Standing},
};
use tokio::time::Instant;

use super::OrgToken;
use crate::{
    client::Client,
    error::Error,
    whoami::{Whoami, standing_of},
};

/// How many tokens with the same last four characters are looked through.
const NAMESAKES: usize = 200;

impl Client {
    /// Cuts a token off from an organisation with an administrator's. The Hub lists an organisation's
    /// tokens without their values, so the right one is told by its last four characters, its owner, its
    /// name and its age. If that leaves more than one, none is touched, and the ending lists them.
    pub async fn cut_off(
        &self,
        org: &str,
        token: &Token,
        administrator: &Token,
        ending: &mut Ending,
    ) {
        let known = self.whoami_now(token).await;
        ending.before = Some(check_in(org, &known));
        if let Err(error) = &known
            && error.rejects_token()
        {
            ending.outcome = Outcome::AlreadyGone;
            return;
        }
        let candidates = match self.candidates(org, token, administrator).await {
            Ok(candidates) => candidates,
            Err(error) => {
                ending.outcome = Outcome::NotSent(error.to_string());
                return;
            }
        };
        let grant = known.as_ref().ok().map(|known| &known.grant);
        let mut fitting: Vec<OrgToken> = candidates
            .into_iter()
            .filter(|one| grant.is_none_or(|grant| fits(one, grant)))
            .collect();
        match (fitting.pop(), fitting.is_empty()) {
            (None, _) => {
                let reason = format!("`{org}` lists no token that ends so and fits its owner");
                ending.outcome = Outcome::NotSent(reason);
            }
            (Some(one), true) => self.cut_off_one(org, (token, &one), administrator, ending).await,
            (Some(one), false) => {
                fitting.push(one);
                let reason = format!("`{org}` lists {} tokens that it may be", fitting.len());
                ending.outcome = Outcome::NotSent(reason);
                ending.namesakes = fitting.into_iter().map(Namesake::from).collect();
            }
        }
    }

    async fn candidates(
        &self,
        org: &str,
        token: &Token,
        administrator: &Token,
    ) -> Result<Vec<OrgToken>, Error> {
        let last4 = token.last4();
        let query = format!("token:{last4} status:all");
        let list = self.org_tokens(org, Some(&query), NAMESAKES, administrator).await?;
        let ends_so = |one: &OrgToken| one.last4.as_ref().is_none_or(|listed| *listed == last4);
        Ok(list.items.into_iter().filter(ends_so).collect())
    }

    async fn cut_off_one(
        &self,
        org: &str,
        (token, listed): (&Token, &OrgToken),
        administrator: &Token,
        ending: &mut Ending,
    ) {
        if listed.approval.as_ref().is_some_and(|approval| approval.status == "revoked") {
            ending.outcome = Outcome::AlreadyGone;
            return;
        }
        // Whoever drops this future meanwhile reads what is known until then.
        let unasked = "the Hub was told to cut it off and not asked whether it did";
        ending.outcome = Outcome::Unproven(unasked.to_owned());
        let sent = Instant::now();
        match self.revoke_for_org(org, &listed.id, administrator).await {
            Ok(asked) => ending.revoked_by = asked.request_id,
            Err(error) => {
                ending.outcome = Outcome::NotSent(error.to_string());
                return;
            }
        }
        let check = check_in(org, &self.whoami_now(token).await);
        ending.outcome = match &check.standing {
            Standing::Alive => Outcome::StillAlive,
            Standing::Untold(reason) => Outcome::Unproven(reason.clone()),
            Standing::CutOff | Standing::Unknown | Standing::Expired => Outcome::CutOff,
        };
        if ending.outcome == Outcome::CutOff {
            ending.proved_within = Some(sent.elapsed());
        }
        ending.after = Some(check);
    }
}

impl From<OrgToken> for Namesake {
    fn from(listed: OrgToken) -> Self {
        Self {
            id: listed.id,
            owner: listed.owner.and_then(|owner| owner.user),
            display_name: listed.display_name,
            created_at: listed.created_at,
            last_used_at: listed.last_used_at,
        }
    }
}

/// How a token stands with an organisation, by what whoami said.
fn check_in(org: &str, known: &Result<std::sync::Arc<Whoami>, Error>) -> Check {
    match known {
        Ok(known) => {
            let access = known.grant.orgs.iter().find(|one| one.name == org);
            let is_off = access
                .is_some_and(|access| access.restrictions.contains(&Restriction::TokenRevoked));
            Check {
                standing: if is_off { Standing::CutOff } else { Standing::Alive },
                account: Some(known.grant.account.name.clone()),
                request_id: known.asked.request_id.clone(),
            }
        }
        Err(error) => Check {
            standing: standing_of(error),
            account: None,
            request_id: error.asked.request_id.clone(),
        },
    }
}

/// Whether a listed token may be the one that whoami described, by what both tell of it.
fn fits(listed: &OrgToken, grant: &Grant) -> bool {
    let owner = listed.owner.as_ref().and_then(|owner| owner.user.as_ref());
    let (name, made) = match &grant.credential {
        Credential::AccessToken(token) => (Some(&token.display_name), token.created_at),
        _ => (None, None),
    };
    let agrees = |listed: Option<&String>, told: Option<&String>| match (listed, told) {
        (Some(listed), Some(told)) => listed == told,
        _ => true,
    };
    let is_as_old = match (listed.created_at, made) {
        (Some(listed), Some(made)) => listed.as_second() == made.as_second(),
        _ => true,
    };
    agrees(owner, Some(&grant.account.name))
        && agrees(listed.display_name.as_ref(), name)
        && is_as_old
}
