//! Causes that lie in one repository, or in what the token may do there.

use bearhug_core::{
    Token,
    grant::{Credential, Grant, OrgAccess, OrgRole, Restriction, Role},
    rights::Answer,
    scope::{Access, Action, Resource},
};
use bearhug_hub::{Deed, Leave, Reason, Refusal, repositories::RepoName};
use bearhug_view::diagnosis::Diagnosis;

use super::{Case, unanswered};
use crate::{commands::check::repository, error::CommandError, hub};

impl Case<'_> {
    pub(super) fn about(
        &self,
        resource: &Resource,
        token: &Token,
        grant: &Grant,
    ) -> Result<Diagnosis, CommandError> {
        let Some(name) = repository(resource) else {
            return Ok(self.nothing("The Hub has no question about this sort of repository."));
        };
        let case = Asked { case: self, resource, name: &name, token, grant };
        match case.may(&Deed::ReadRepository(name.clone()))? {
            Some(refusal) => case.refused(&refusal, Action::Read),
            None if self.writes => match case.may(&Deed::WriteRepository(name.clone()))? {
                Some(refusal) => case.refused(&refusal, Action::Write),
                None => Ok(self.nothing("The token may read and write this, and the Hub answers.")),
            },
            None => case.inside(),
        }
    }
}

/// A repository, asked about with a token that is alive.
pub(super) struct Asked<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) resource: &'a Resource,
    pub(super) name: &'a RepoName,
    pub(super) token: &'a Token,
    pub(super) grant: &'a Grant,
}

impl Asked<'_> {
    /// The refusal of a deed, if it is refused.
    pub(super) fn may(&self, deed: &Deed) -> Result<Option<Refusal>, CommandError> {
        match self.case.hub.wait(self.case.hub.client.may(deed, self.token))? {
            Ok(Leave::Granted | Leave::GrantedFor(_)) => Ok(None),
            Ok(Leave::Denied(refusal)) => Ok(Some(refusal)),
            // The token is alive, as whoami said: this is how the Hub hides what is private.
            Err(error) => match error.refusal().filter(|refusal| refusal.is_about_the_token()) {
                Some(refusal) => Ok(Some(refusal.clone())),
                None => Err(unanswered(&error.to_string())),
            },
        }
    }

    pub(super) fn found(
        &self,
        cause: &'static str,
        sentence: String,
        next: Vec<String>,
    ) -> Diagnosis {
        let about = Some(self.resource.to_string());
        Diagnosis { cause, sentence, about, evidence: Vec::new(), next }
    }

    pub(super) fn refused(
        &self,
        refusal: &Refusal,
        action: Action,
    ) -> Result<Diagnosis, CommandError> {
        let said = hub::phrase(refusal);
        let evidence = format!("Asked whether it may {action} {}: {said}.", self.resource);
        let found = match refusal.reason {
            Reason::Gated => self.gated(),
            Reason::OrgRevoked => self.barred_by("org_revoked", &Restriction::TokenRevoked),
            Reason::OrgPolicy => self.policy(),
            Reason::Disabled => self.found(
                "disabled",
                format!("The Hub disabled {}.", self.resource),
                vec!["Only its owner can learn more, from the Hub's staff.".to_owned()],
            ),
            _ => match self.restriction() {
                Some(restriction) => self.barred_by(cause_of(restriction), restriction),
                None if refusal.reason == Reason::Permission || action == Action::Write => {
                    self.not_permitted(action)
                }
                None => self.unseen()?,
            },
        };
        let evidence = [vec![evidence], found.evidence].concat();
        Ok(Diagnosis { evidence, ..found })
    }

    /// The rule of the owner that keeps the token out, by whoami.
    fn restriction(&self) -> Option<&Restriction> {
        let (_, restrictions) = self.grant.barred(self.resource)?;
        restrictions.first()
    }

    fn owner(&self) -> String {
        self.resource.owner().map_or_else(|| "its owner".to_owned(), ToString::to_string)
    }

    fn gated(&self) -> Diagnosis {
        let page = format!("{}/{}", self.case.hub.address(), self.name);
        let mut next = vec![format!(
            "Open {page} as {}, and ask for access or accept the conditions.",
            self.grant.account.name
        )];
        if let Credential::AccessToken(token) = &self.grant.credential
            && let Role::FineGrained(fine) = &token.role
            && !fine.can_read_gated
        {
            next.push(
                "If that was done already: the token does not read public gated repositories. Tick that in \
                 its settings at https://huggingface.co/settings/tokens."
                    .to_owned(),
            );
        }
        let sentence = format!("{} is gated, and the token was not let in.", self.resource);
        self.found("gated", sentence, next)
    }

    fn policy(&self) -> Diagnosis {
        let is_fine = matches!(&self.grant.credential, Credential::AccessToken(token)
            if matches!(token.role, Role::FineGrained(_)));
        let owner = self.owner();
        if is_fine {
            let sentence = format!(
                "{owner} approves tokens, and has not approved this one, or has denied it."
            );
            let next = format!("Ask an administrator of {owner} to approve the token.");
            self.found("policy_pending", sentence, vec![next])
        } else {
            let sentence = format!("{owner} takes fine-grained tokens only.");
            let next = format!(
                "Use a fine-grained token: `bearhug inspect --need read:{}` gives the link that makes one.",
                self.resource
            );
            self.found("policy", sentence, vec![next])
        }
    }

    fn barred_by(&self, cause: &'static str, restriction: &Restriction) -> Diagnosis {
        if *restriction == Restriction::TokenPolicy {
            return self.policy();
        }
        let owner = self.owner();
        let next = match restriction {
            Restriction::TokenRevoked => format!(
                "Make another token, since this is for good, and ask the administrators of {owner} why."
            ),
            Restriction::Sso => format!("Sign in to {owner} in a browser, then try again."),
            Restriction::Mfa => {
                "Set up a second factor at https://huggingface.co/settings/authentication."
                    .to_owned()
            }
            Restriction::Ip => {
                format!(
                    "Use a network that {owner} allows, or ask its administrators to allow this one."
                )
            }
            _ => format!("Ask the administrators of {owner}."),
        };
        self.found(
            cause,
            format!("{owner} keeps the token out: {}.", restriction.words()),
            vec![next],
        )
    }

    /// What to do where the account's role is too weak, which no other token mends.
    fn weak_membership(&self, action: Action) -> Option<String> {
        let owner = self.resource.owner()?;
        let is_owner = |org: &&OrgAccess| org.name.eq_ignore_ascii_case(owner.as_str());
        let role = self.grant.orgs.iter().find(is_owner)?.role.as_ref()?;
        let is_weak = matches!(role, OrgRole::Read | OrgRole::NoAccess) && action != Action::Read;
        is_weak.then(|| {
            format!(
                "Ask the administrators of {owner} for more than the role `{}`: no token of {} exceeds it.",
                role.name(),
                self.grant.account.name
            )
        })
    }

    fn not_permitted(&self, action: Action) -> Diagnosis {
        let access = Access::new(action, self.resource.clone());
        let answer = self.grant.allows_all(&access);
        let sentence = format!("The token may not {action} {}.", self.resource);
        let next = self.weak_membership(action).unwrap_or_else(|| match answer {
            // By what it lists it may, so it is its owner that may not.
            Answer::Yes(_) => format!(
                "The token would, but {} may not: ask {} for access.",
                self.grant.account.name,
                self.owner()
            ),
            _ => format!(
                "Use a token that may: `bearhug inspect --need {access}` says what it takes and gives the \
                 link that makes one."
            ),
        });
        let evidence = vec![format!("By what the Hub tells of the token, {}.", answer.reason())];
        Diagnosis { evidence, ..self.found("no_permission", sentence, vec![next]) }
    }
}

fn cause_of(restriction: &Restriction) -> &'static str {
    match restriction {
        Restriction::Mfa => "mfa",
        Restriction::TokenPolicy => "policy",
        Restriction::TokenRevoked => "org_revoked",
        Restriction::Sso => "sso",
        Restriction::Ip => "ip",
        Restriction::Unknown(_) => "org_rule",
    }
}
