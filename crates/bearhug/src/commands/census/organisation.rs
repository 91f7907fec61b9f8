//! What an organisation's administrator is told of it.

use bearhug_core::{Token, grant::Plan as PaidPlan};
use bearhug_hub::{
    Error, Listing,
    organisations::{AuditEvent, Member, OrgToken, ServiceAccount},
};

use super::{Failure, Findings, Round};
use crate::{hub::phrase, interrupt::Interrupted};

/// How many tokens or members are listed of one organisation.
const MOST: usize = 100_000;

/// The events that say who made a service account's token.
const MADE: &str = "type:org.service_account.token.create";

/// What was answered. What was not is none.
pub(super) struct Answers {
    /// The tokens of members, and whether these are all.
    pub(super) tokens: Option<Listing<OrgToken>>,
    /// The members, if these are all.
    pub(super) members: Option<Vec<Member>>,
    /// The service accounts with their tokens, if these are all.
    pub(super) services: Option<Vec<ServiceAccount>>,
    /// Whether its plan has them. One without was not asked, and may have had some under an earlier plan.
    pub(super) offers_services: bool,
    /// Who made what.
    pub(super) makers: Vec<AuditEvent>,
}

/// Asks for everything.
pub(super) fn ask(
    round: &Round<'_>,
    org: &str,
    administrator: &Token,
    findings: &mut Findings,
) -> Result<Answers, Interrupted> {
    let client = &round.hub.client;
    let listed = round.hub.wait(client.org_tokens(org, Some("status:all"), MOST, administrator))?;
    let tokens = findings.take(&format!("the tokens of {org}"), listed, |list| list.items.len());
    if tokens.as_ref().is_some_and(|list| !list.is_complete) {
        let why = format!("there are more than {MOST}, and the rest was not asked for");
        findings.gap(format!("the tokens of {org}"), why, Some(Failure::Other));
    }
    let listed = round.hub.wait(client.members(org, None, MOST, administrator))?;
    let members = findings.take(&format!("the members of {org}"), listed, |list| list.items.len());
    let members = members.filter(|list| list.is_complete).map(|list| list.items);
    let offers_services = may_have_services(round, org, administrator)?;
    let (services, makers) = if offers_services {
        let services = services(round, org, administrator, findings)?;
        let makers = match &services {
            Some(services) if !services.is_empty() => makers(round, org, administrator, findings)?,
            _ => Vec::new(),
        };
        (services, makers)
    } else {
        let why = "they take an Enterprise plan, which the organisation does not have";
        findings.gap(format!("the service accounts of {org}"), why, None);
        (None, Vec::new())
    };
    Ok(Answers { tokens, members, services, offers_services, makers })
}

/// Whether what the organisation pays for includes service accounts, as far as whoami tells.
fn may_have_services(round: &Round<'_>, org: &str, token: &Token) -> Result<bool, Interrupted> {
    let known = round.hub.wait(round.hub.client.whoami(token))?;
    let plan = known.ok().and_then(|known| {
        let access = known.grant.orgs.iter().find(|one| one.name.eq_ignore_ascii_case(org));
        access.and_then(|access| access.plan.clone())
    });
    Ok(!matches!(plan, Some(PaidPlan::Team | PaidPlan::Academia)))
}

/// The service accounts with their tokens. One that could not be asked makes it unknown what others there
/// are, so that nothing is taken for deleted.
fn services(
    round: &Round<'_>,
    org: &str,
    administrator: &Token,
    findings: &mut Findings,
) -> Result<Option<Vec<ServiceAccount>>, Interrupted> {
    let client = &round.hub.client;
    let what = format!("the service accounts of {org}");
    let listed = round.hub.wait(client.service_accounts(org, administrator))?;
    let Some(listed) = findings.take(&what, listed, Vec::len) else { return Ok(None) };
    let mut all = Vec::new();
    for account in listed {
        let described = round.hub.wait(client.service_account(org, &account.id, administrator))?;
        match described {
            Ok(described) => all.push(described),
            Err(error) => {
                findings.refused(&format!("the tokens of {}", account.user), &error);
                return Ok(None);
            }
        }
    }
    Ok(Some(all))
}

/// Who made the tokens of service accounts. It is good to know, and nothing is missing without it.
fn makers(
    round: &Round<'_>,
    org: &str,
    administrator: &Token,
    findings: &mut Findings,
) -> Result<Vec<AuditEvent>, Interrupted> {
    let log = round.hub.wait(round.hub.client.audit_log(org, Some(MADE), administrator))?;
    Ok(log.unwrap_or_else(|error| {
        let why = error.refusal().map_or_else(|| error.to_string(), phrase);
        findings.gap(format!("the audit log of {org}"), why, None);
        Vec::new()
    }))
}

impl Findings {
    /// An answer, or a gap.
    fn take<T>(
        &mut self,
        what: &str,
        answer: Result<T, Error>,
        count: impl Fn(&T) -> usize,
    ) -> Option<T> {
        match answer {
            Ok(answer) => {
                self.report.answered.push((what.to_owned(), count(&answer)));
                Some(answer)
            }
            Err(error) => {
                self.refused(what, &error);
                None
            }
        }
    }

    fn refused(&mut self, what: &str, error: &Error) {
        let is_dead = error.rejects_token();
        let failure = if is_dead { Failure::Unauthenticated } else { Failure::Other };
        self.gap(what, error.to_string(), Some(failure));
    }
}
