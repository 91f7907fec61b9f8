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
    revocation::UNASKED,
    whoami::{Whoami, standing_of},
};

/// How many tokens with the same last four characters are looked through.
const NAMESAKES: usize = 200;

impl Client {
    /// Cuts a token off from an organisation with an administrator's. The Hub lists an organisation's
    /// tokens without their values, and the wrong one cannot be given back: it has to have the last four
    /// characters, the owner and the age of the one that whoami knows. Whatever leaves a doubt, an answer
    /// that is missing or a list with an end that is not seen, has nothing done, and the ending says why.
    pub async fn cut_off(
        &self,
        org: &str,
        token: &Token,
        administrator: &Token,
        ending: &mut Ending,
    ) {
        let known = self.whoami_now(token).await;
        let before = ending.before.insert(check_in(org, &known));
        let known = match known {
            Ok(known) => known,
            Err(_) if before.standing.is_dead() => {
                ending.outcome = Outcome::AlreadyGone;
                return;
            }
            Err(error) => {
                let reason = format!("it is not known whose it is: {error}");
                ending.outcome = Outcome::NotSent(reason);
                return;
            }
        };
        let listed = match self.listed(org, token, &known.grant, administrator).await {
            Ok(listed) => listed,
            Err(reason) => {
                ending.outcome = Outcome::NotSent(reason);
                return;
            }
        };
        if let [one] = listed.as_slice() {
            return self.cut_off_one(org, (token, one), administrator, ending).await;
        }
        let reason = match listed.len() {
            0 => format!("`{org}` lists no token of this owner that ends so and is as old"),
            n => format!("`{org}` lists {n} tokens that it may be"),
        };
        ending.outcome = Outcome::NotSent(reason);
        ending.namesakes = listed.into_iter().map(Namesake::from).collect();
    }

    /// What an organisation lists that has all the marks of a token, if all that it lists was seen.
    async fn listed(
        &self,
        org: &str,
        token: &Token,
        grant: &Grant,
        administrator: &Token,
    ) -> Result<Vec<OrgToken>, String> {
        let last4 = token.last4();
        let query = format!("token:{last4} status:all");
        let list = self.org_tokens(org, Some(&query), NAMESAKES, administrator).await;
        let list = list.map_err(|error| error.to_string())?;
        if !list.is_complete {
            return Err(format!("`{org}` lists more than {NAMESAKES} tokens that may end so"));
        }
        let has_all_marks = |one: &OrgToken| is_surely(one, &last4, grant);
        Ok(list.items.into_iter().filter(has_all_marks).collect())
    }

    async fn cut_off_one(
        &self,
        org: &str,
        (token, listed): (&Token, &OrgToken),
        administrator: &Token,
        ending: &mut Ending,
    ) {
        if listed.approval.as_ref().is_some_and(|approval| approval.status == "revoked") {
            let is_off = ending.before.as_ref().is_some_and(|b| b.standing == Standing::CutOff);
            ending.outcome = if is_off {
                Outcome::AlreadyGone
            } else {
                let reason = format!("`{org}` lists it as revoked, and the Hub lets it in");
                Outcome::NotSent(reason)
            };
            return;
        }
        // What is known to whoever gives up waiting for the answer.
        ending.outcome = Outcome::Unproven(UNASKED.to_owned());
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
            let access = known.grant.orgs.iter().find(|one| one.name.eq_ignore_ascii_case(org));
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

/// Whether a listed token is the one that whoami described. What either does not tell is no agreement,
/// but for the name, which is listed only where an organisation approves tokens.
fn is_surely(listed: &OrgToken, last4: &str, grant: &Grant) -> bool {
    let Credential::AccessToken(known) = &grant.credential else { return false };
    let owner = listed.owner.as_ref().and_then(|owner| owner.user.as_deref());
    listed.last4.as_deref() == Some(last4)
        && owner == Some(grant.account.name.as_str())
        && known.created_at.is_some()
        && listed.created_at == known.created_at
        && listed.display_name.as_ref().is_none_or(|name| *name == known.display_name)
}
