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
    Deed, Leave, Reason, Refusal,
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
    Denied(Refusal),
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
            self.condition("max-age", value, is_younger(self.grant, self.now, most))
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
            Outcome::Unknown if name == "max-age" => {
                Some("Set this computer's clock, and run the check again.".to_owned())
            }
            Outcome::Unknown => {
                Some("Run the check again: the Hub gave no clear answer.".to_owned())
            }
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
            Word::Denied(refusal) => {
                (Outcome::Failed, format!("the Hub says no: {}", hub::phrase(&refusal)))
            }
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
            Word::Denied(refusal) if self.is_lasting(&refusal, access) => {
                (Outcome::Passed, format!("the Hub says no: {}", hub::phrase(&refusal)))
            }
            Word::Denied(refusal) => {
                let now = hub::phrase(&refusal);
                (
                    Outcome::Failed,
                    format!("it cannot be ruled out: {reason}; for the moment, {now}"),
                )
            }
            Word::Granted | Word::GrantedFor(_) => {
                (Outcome::Failed, "the Hub says that it may".to_owned())
            }
            Word::Unanswered(reason) => (Outcome::Unknown, reason),
            Word::None => (Outcome::Failed, format!("it cannot be ruled out: {reason}")),
        })
    }

    /// Whether a no is about what the token may do, and not about a rule of the organisation that lets
    /// it in once somebody signs in or approves it.
    fn is_lasting(&self, refusal: &Refusal, access: &Access) -> bool {
        let is_revoked = refusal.reason == Reason::OrgRevoked;
        is_revoked || (refusal.is_lasting() && self.grant.barred(&access.resource).is_none())
    }

    fn is_fine_grained(&self) -> Judgement {
        match &self.grant.credential {
            Credential::AccessToken(token) => match &token.role {
                Role::FineGrained(_) => (Outcome::Passed, "it lists what it may do".to_owned()),
                Role::Unknown(name) => {
                    let reason = format!("the Hub gives its role as `{name}`, and no list");
                    (Outcome::Unknown, reason)
                }
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
            Ok(Leave::Denied(refusal)) => Word::Denied(refusal),
            Err(error) => Word::Unanswered(error.to_string()),
        })
    }
}

/// Whether a token is young enough. What has no age must end soon enough.
fn is_younger(grant: &Grant, now: Timestamp, most: SignedDuration) -> Judgement {
    let left = grant.expires_at.map(|at| at.duration_since(now));
    if let Some(left) = left.filter(SignedDuration::is_negative) {
        return (Outcome::Failed, format!("it expired {} ago", length(left.abs())));
    }
    if let Credential::AccessToken(token) = &grant.credential {
        let Some(created_at) = token.created_at else {
            return (Outcome::Failed, "the Hub does not tell its age".to_owned());
        };
        let age = now.duration_since(created_at);
        if age.is_negative() {
            let reason = format!(
                "its age is not known: by the Hub it was made at {created_at}, and here it is {now}"
            );
            return (Outcome::Unknown, reason);
        }
        let outcome = if age <= most { Outcome::Passed } else { Outcome::Failed };
        return (outcome, format!("it was made or rotated {} ago", length(age)));
    }
    match left {
        Some(left) if left <= most => (Outcome::Passed, format!("it expires in {}", length(left))),
        Some(left) => (Outcome::Failed, format!("it expires in {} only", length(left))),
        None => (Outcome::Failed, "the Hub does not tell its age or expiry".to_owned()),
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

#[cfg(test)]
mod tests {
    use bearhug_core::grant::{AccessToken, Account, AccountKind, Session};

    use super::*;

    fn judged(created_at: Option<&str>, expires_at: Option<&str>) -> Judgement {
        let time = |text: &str| text.parse::<Timestamp>().unwrap();
        let credential = match created_at {
            Some(at) => Credential::AccessToken(AccessToken {
                display_name: String::new(),
                role: Role::Read,
                created_at: Some(time(at)),
            }),
            None => Credential::Session(Session::default()),
        };
        let grant = Grant {
            account: Account {
                kind: AccountKind::User,
                id: String::new(),
                name: "ada".to_owned(),
                full_name: None,
            },
            auth: String::new(),
            credential,
            orgs: Vec::new(),
            expires_at: expires_at.map(time),
        };
        is_younger(&grant, time("2026-06-01T12:00:00Z"), SignedDuration::from_hours(24))
    }

    #[test]
    fn a_token_is_young_old_expired_or_from_the_future() {
        for (created_at, expires_at, outcome, words) in [
            (Some("2026-06-01T02:00:00Z"), None, Outcome::Passed, "10 hours ago"),
            (Some("2026-01-01T00:00:00Z"), None, Outcome::Failed, "151 days ago"),
            (Some("2036-06-01T12:00:00Z"), None, Outcome::Unknown, "made at 2036-06-01T12:00:00Z"),
            (Some("2026-06-01T12:00:01Z"), None, Outcome::Unknown, "its age is not known"),
            (
                Some("2026-06-01T02:00:00Z"),
                Some("2026-06-01T08:00:00Z"),
                Outcome::Failed,
                "expired 4 hours ago",
            ),
            (None, Some("2026-06-01T14:00:00Z"), Outcome::Passed, "expires in 2 hours"),
            (None, Some("2026-07-01T12:00:00Z"), Outcome::Failed, "expires in 30 days only"),
            (None, Some("2026-06-01T11:30:00Z"), Outcome::Failed, "expired 30 minutes ago"),
            (None, None, Outcome::Failed, "does not tell"),
        ] {
            let (told, reason) = judged(created_at, expires_at);
            assert_eq!(told, outcome, "{reason}");
            assert!(reason.contains(words), "{reason}");
        }
    }
}
