//! The conditions on what a token may do and how old it is.
//!
//! What a grant says is what the Hub lets one expect. Where a condition is about one thing that the Hub
//! can be asked about without doing it, its own word decides.

use bearhug_core::{
    Token,
    grant::{Credential, Grant, Role},
    need::Need,
    rights::Answer,
    scope::{Access, Action, RepoKind, Resource, Scope},
};
use bearhug_hub::{
    Deed, Leave,
    repositories::{self, RepoName},
};
use bearhug_view::gate::{Condition, Outcome};
use jiff::{SignedDuration, Timestamp};

use crate::{
    cli::Check,
    hub::{self, Hub},
    interrupt::Interrupted,
};

/// A token that is alive, and who judges it.
pub(super) struct Case<'a> {
    pub(super) hub: &'a Hub,
    pub(super) token: &'a Token,
    pub(super) grant: &'a Grant,
    pub(super) required: &'a [Access],
    pub(super) now: Timestamp,
}

/// An outcome and its reason.
type Judgement = (Outcome, String);

/// The Hub's own word on an access, where it has one.
enum Word {
    /// There is no question for it.
    None,
    /// It is allowed.
    Granted,
    /// It is allowed for what bears these names.
    GrantedFor(String),
    /// It is not.
    Denied(String),
    /// It could not be asked.
    Unanswered(String),
}

impl Case<'_> {
    /// Judges all conditions that the user set.
    pub(super) fn judge(&self, check: &Check) -> Result<Vec<Condition>, Interrupted> {
        let mut judged = Vec::new();
        for access in &check.require {
            judged.push(self.condition("require", access.to_string(), self.requires(access)?));
        }
        for access in &check.forbid {
            judged.push(self.condition("forbid", access.to_string(), self.forbids(access)?));
        }
        judged.extend(check.max_age.map(|most| {
            let value = length(most);
            self.condition("max-age", value, self.is_younger(most))
        }));
        if check.fine_grained {
            judged.push(self.condition("fine-grained", String::new(), self.is_fine_grained()));
        }
        Ok(judged)
    }

    fn condition(
        &self,
        name: &'static str,
        value: String,
        (outcome, reason): Judgement,
    ) -> Condition {
        let fix = match outcome {
            Outcome::Passed => None,
            Outcome::Unknown => Some("Run the check again: the Hub did not answer.".to_owned()),
            Outcome::Failed => Some(self.fix(name)),
        };
        Condition { name, value, outcome, reason, fix }
    }

    fn fix(&self, name: &str) -> String {
        if name == "max-age" {
            return format!(
                "Make a new token at {}/settings/tokens, give it to the job, and delete this one.",
                self.hub.address()
            );
        }
        if self.required.is_empty() {
            return "Give the job a fine-grained token for what it does: `bearhug inspect --need SCOPE` \
                    says which permissions that takes and where to make it."
                .to_owned();
        }
        let scope: Scope = self.required.iter().cloned().collect();
        let need = Need::of(&scope, self.grant);
        if !need.impossible.is_empty() {
            let all: Vec<_> = need.impossible.iter().map(ToString::to_string).collect();
            let account = &self.grant.account.name;
            return format!(
                "No token of {account} can have {}: use one of an account that has access there.",
                all.join(", ")
            );
        }
        let single = need.repositories.iter().map(|(repository, permissions)| {
            let names: Vec<_> = permissions.iter().copied().collect();
            format!("{repository} ({})", names.join(", "))
        });
        let single: Vec<_> = single.collect();
        let by_hand = match single.as_slice() {
            [] => String::new(),
            single => format!(" There, add {}.", single.join(" and ")),
        };
        format!(
            "Make a token for what the job requires: {}{by_hand}",
            need.link(&self.hub.address())
        )
    }

    fn requires(&self, access: &Access) -> Result<Judgement, Interrupted> {
        Ok(match self.word(access)? {
            Word::Granted => (Outcome::Passed, "the Hub says that it may".to_owned()),
            Word::GrantedFor(names) => {
                (Outcome::Failed, format!("the Hub says that it may for {names} only"))
            }
            Word::Denied(reason) => (Outcome::Failed, format!("the Hub says no: {reason}")),
            Word::Unanswered(reason) => (Outcome::Unknown, reason),
            Word::None => match self.grant.allows_all(access) {
                Answer::Yes(reason) => (Outcome::Passed, reason),
                Answer::No(reason) => (Outcome::Failed, reason),
                Answer::Unknown(reason) => {
                    (Outcome::Failed, format!("that it may is not sure: {reason}"))
                }
            },
        })
    }

    fn forbids(&self, access: &Access) -> Result<Judgement, Interrupted> {
        let reason = match self.grant.allows_any(access) {
            Answer::No(reason) => return Ok((Outcome::Passed, reason)),
            Answer::Yes(reason) => return Ok((Outcome::Failed, reason)),
            Answer::Unknown(reason) => reason,
        };
        Ok(match self.word(access)? {
            Word::Denied(reason) => (Outcome::Passed, format!("the Hub says no: {reason}")),
            Word::Granted | Word::GrantedFor(_) => {
                (Outcome::Failed, "the Hub says that it may".to_owned())
            }
            Word::Unanswered(reason) => (Outcome::Unknown, reason),
            Word::None => (Outcome::Failed, format!("it cannot be ruled out: {reason}")),
        })
    }

    fn is_younger(&self, most: SignedDuration) -> Judgement {
        if let Credential::AccessToken(token) = &self.grant.credential {
            let Some(created_at) = token.created_at else {
                return (Outcome::Failed, "the Hub does not tell its age".to_owned());
            };
            let age = self.now.duration_since(created_at);
            let outcome = if age <= most { Outcome::Passed } else { Outcome::Failed };
            return (outcome, format!("it was made or rotated {} ago", length(age)));
        }
        let left = self.grant.expires_at.map(|at| at.duration_since(self.now));
        match left {
            Some(left) if left <= most => {
                (Outcome::Passed, format!("it expires in {}", length(left)))
            }
            Some(left) => (Outcome::Failed, format!("it expires in {} only", length(left))),
            None => (Outcome::Failed, "the Hub does not tell its age or expiry".to_owned()),
        }
    }

    fn is_fine_grained(&self) -> Judgement {
        match &self.grant.credential {
            Credential::AccessToken(token) => match &token.role {
                Role::FineGrained(_) => (Outcome::Passed, "it lists what it may do".to_owned()),
                role => (Outcome::Failed, format!("its role is `{}`", role.name())),
            },
            Credential::Session(session) if session.resource.is_some() => {
                (Outcome::Passed, "it is a trusted publisher's, for one thing".to_owned())
            }
            Credential::Session(_) => (Outcome::Failed, "it is an OAuth session".to_owned()),
            Credential::App(_) => (Outcome::Failed, "it is an application's token".to_owned()),
        }
    }

    fn word(&self, access: &Access) -> Result<Word, Interrupted> {
        let Some(deed) = deed(access) else { return Ok(Word::None) };
        Ok(match self.hub.wait(self.hub.client.may(&deed, self.token))? {
            Ok(Leave::Granted) => Word::Granted,
            Ok(Leave::GrantedFor(names)) => Word::GrantedFor(names.join(", ")),
            Ok(Leave::Denied(refusal)) => Word::Denied(hub::phrase(&refusal)),
            Err(error) => Word::Unanswered(error.to_string()),
        })
    }
}

/// A length of time as people say it.
fn length(time: SignedDuration) -> String {
    let (minutes, hours) = (time.as_mins(), time.as_hours());
    match hours {
        1.. if hours % 24 == 0 || hours > 72 => format!("{} days", hours / 24),
        1.. => format!("{hours} hours"),
        _ => format!("{minutes} minutes"),
    }
}

/// The question by which the Hub tells whether an access is allowed, where it has one. It has none
/// that tells managing from writing.
fn deed(access: &Access) -> Option<Deed> {
    match (access.action, &access.resource) {
        (Action::Read, resource) => Some(Deed::ReadRepository(repository(resource)?)),
        (Action::Write, resource) => Some(Deed::WriteRepository(repository(resource)?)),
        (Action::Jobs, Resource::Namespace(_, owner)) => {
            Some(Deed::WriteJobs(owner.as_str().to_owned()))
        }
        (Action::Endpoints, Resource::Namespace(_, owner)) => {
            Some(Deed::WriteEndpoints(owner.as_str().to_owned()))
        }
        _ => None,
    }
}

/// A single repository, by the name that the Hub is asked with.
pub(crate) fn repository(resource: &Resource) -> Option<RepoName> {
    let Resource::Repository(kind, owner, name) = resource else { return None };
    let kind = match kind {
        RepoKind::Model => repositories::RepoKind::Model,
        RepoKind::Dataset => repositories::RepoKind::Dataset,
        RepoKind::Space => repositories::RepoKind::Space,
        RepoKind::Kernel | RepoKind::Bucket => return None,
    };
    let id = match owner {
        Some(owner) => format!("{owner}/{name}"),
        None => name.to_string(),
    };
    RepoName::new(kind, &id).ok()
}
