//! Causes that lie in one repository, or in what the token may do there.

use bearhug_core::{
    Token,
    grant::{Credential, Grant, Restriction, Role},
    rights::Answer,
    scope::{Access, Action, Resource},
};
use bearhug_hub::{
    Deed, Error, Leave, Reason, Refusal,
    repositories::{RepoKind, RepoName},
};
use bearhug_view::diagnosis::Diagnosis;

use super::{Case, unanswered};
use crate::{commands::check::repository, error::CommandError, hub};

/// How many repositories of an owner are compared with a name that is not there.
const CANDIDATES: usize = 1000;
/// How many files are looked through for one.
const FILES: usize = 5000;

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
struct Asked<'a> {
    case: &'a Case<'a>,
    resource: &'a Resource,
    name: &'a RepoName,
    token: &'a Token,
    grant: &'a Grant,
}

impl Asked<'_> {
    /// The refusal of a deed, if it is refused.
    fn may(&self, deed: &Deed) -> Result<Option<Refusal>, CommandError> {
        match self.case.hub.wait(self.case.hub.client.may(deed, self.token)) {
            Ok(Leave::Granted | Leave::GrantedFor(_)) => Ok(None),
            Ok(Leave::Denied(refusal)) => Ok(Some(refusal)),
            // The token is alive, as whoami said: this is how the Hub hides what is private.
            Err(error) => match error.refusal() {
                Some(refusal) => Ok(Some(refusal.clone())),
                None => Err(unanswered(&error.to_string())),
            },
        }
    }

    fn found(&self, cause: &'static str, sentence: String, next: Vec<String>) -> Diagnosis {
        let about = Some(self.resource.to_string());
        Diagnosis { cause, sentence, about, evidence: Vec::new(), next }
    }

    fn refused(&self, refusal: &Refusal, action: Action) -> Result<Diagnosis, CommandError> {
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

    fn not_permitted(&self, action: Action) -> Diagnosis {
        let access = Access { action, resource: self.resource.clone() };
        let answer = self.grant.allows_all(&access);
        let sentence = format!("The token may not {action} {}.", self.resource);
        let next = match answer {
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
        };
        let evidence = vec![format!("By what the Hub tells of the token, {}.", answer.reason())];
        Diagnosis { evidence, ..self.found("no_permission", sentence, vec![next]) }
    }

    /// The Hub says the same of what does not exist and of what the token may not know of.
    fn unseen(&self) -> Result<Diagnosis, CommandError> {
        if let Some(kind) = self.of_another_kind()? {
            let sentence = format!(
                "There is no {} of this name, but a {}.",
                kind_word(self.name.kind()),
                kind_word(kind)
            );
            let next = format!(
                "Say so to the client: `repo_type=\"{}\"` in Python, `--repo-type {}` for `hf`, `{}/` before \
                 the name in addresses.",
                kind_word(kind),
                kind_word(kind),
                kind.plural()
            );
            return Ok(self.found("wrong_kind", sentence, vec![next]));
        }
        if let Some(close) = self.misspelt()? {
            let sentence = format!("There is no {}, but {close}.", self.resource);
            return Ok(self.found("typo", sentence, vec![format!("Write {close}.")]));
        }
        let access = Access { action: Action::Read, resource: self.resource.clone() };
        match self.grant.allows_all(&access) {
            Answer::Yes(reason) => {
                let sentence = format!("{} does not exist.", self.resource);
                let next = "Check its name, and whether it was moved or deleted.".to_owned();
                let evidence = vec![format!("The token would see it: {reason}.")];
                Ok(Diagnosis { evidence, ..self.found("missing_repository", sentence, vec![next]) })
            }
            answer => {
                let sentence =
                    format!("{} does not exist, or the token may not know of it.", self.resource);
                let next = vec![
                    "Check its name first: the Hub says the same of both.".to_owned(),
                    format!(
                        "If it exists, use a token that reads it: `bearhug inspect --need {access}` gives the \
                         link, and {} must have access.",
                        self.grant.account.name
                    ),
                ];
                let evidence =
                    vec![format!("By what the Hub tells of the token, {}.", answer.reason())];
                Ok(Diagnosis { evidence, ..self.found("hidden_or_missing", sentence, next) })
            }
        }
    }

    fn of_another_kind(&self) -> Result<Option<RepoKind>, CommandError> {
        for kind in RepoKind::ALL.into_iter().filter(|kind| *kind != self.name.kind()) {
            let Ok(name) = RepoName::new(kind, self.name.id()) else { continue };
            if self.may(&Deed::ReadRepository(name))?.is_none() {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    /// A repository of the same owner whose name differs by a slip.
    fn misspelt(&self) -> Result<Option<String>, CommandError> {
        let Some(owner) = self.resource.owner() else { return Ok(None) };
        let listing = self.case.hub.client.repositories(
            self.name.kind(),
            owner.as_str(),
            CANDIDATES,
            self.token,
        );
        let listing = match self.case.hub.wait(listing) {
            Ok(listing) => listing,
            Err(error) if error.refusal().is_some() => return Ok(None),
            Err(error) => return Err(unanswered(&error.to_string())),
        };
        let wanted = self.name.id().to_lowercase();
        let near = |id: &str| slips(&wanted, &id.to_lowercase());
        let close = listing.items.iter().map(|item| (near(&item.id), &item.id));
        let close = close.filter(|(slips, _)| *slips <= 2).min();
        Ok(close.map(|(_, id)| id.clone()))
    }

    /// The repository can be read, so it is a revision or a file that is missing, or nothing is.
    fn inside(&self) -> Result<Diagnosis, CommandError> {
        let clues = &self.case.clues;
        let Some(revision) = &clues.revision else {
            return Ok(self.case.nothing("The token may read this, and the Hub answers."));
        };
        let tree = self.case.hub.client.tree(self.name, (revision, ""), FILES, self.token);
        let tree = match self.case.hub.wait(tree) {
            Ok(tree) => tree,
            Err(error) => return self.no_revision(revision, &error),
        };
        match &clues.path {
            Some(path) if tree.is_complete && !tree.items.iter().any(|e| e.path == *path) => {
                let sentence = format!("{} has no file {path} at {revision}.", self.resource);
                let next = format!(
                    "Look at {}/{}/tree/{revision} for its name.",
                    self.case.hub.address(),
                    self.name
                );
                Ok(self.found("missing_file", sentence, vec![next]))
            }
            _ => Ok(self.case.nothing("The token may read this, and the Hub answers.")),
        }
    }

    fn no_revision(&self, revision: &str, error: &Error) -> Result<Diagnosis, CommandError> {
        match error.refusal() {
            Some(refusal) if matches!(refusal.reason, Reason::Revision | Reason::NotFound) => {
                let sentence = format!("{} has no revision {revision}.", self.resource);
                let next = "Check the branch, tag or commit: `hf repos tag list`, or the page of the \
                            repository, shows them.";
                Ok(self.found("missing_revision", sentence, vec![next.to_owned()]))
            }
            Some(refusal) => self.refused(&refusal.clone(), Action::Read),
            None => Err(unanswered(&error.to_string())),
        }
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

fn kind_word(kind: RepoKind) -> &'static str {
    match kind {
        RepoKind::Model => "model",
        RepoKind::Dataset => "dataset",
        RepoKind::Space => "space",
    }
}

/// How many letters have to be put in, taken out or changed to make one text the other
/// (Levenshtein's distance).
fn slips(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut before = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&two) {
            let changed = before + usize::from(a != *b);
            before = *cell;
            left = changed.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_as_by_hand() {
        let cases = [
            ("", "", 0),
            ("model", "model", 0),
            ("model", "modle", 2),
            ("a", "", 1),
            ("kitten", "sitting", 3),
        ];
        for (one, two, expected) in cases {
            assert_eq!(slips(one, two), expected, "{one} {two}");
            assert_eq!(slips(two, one), expected, "{two} {one}");
        }
    }
}
