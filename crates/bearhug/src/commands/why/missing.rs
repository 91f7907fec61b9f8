//! What is not there: a repository, a revision or a file, and what was probably meant.

use bearhug_core::{
    rights::Answer,
    scope::{Access, Action},
};
use bearhug_hub::{
    Deed, Error, Reason,
    repositories::{RepoKind, RepoName},
};
use bearhug_view::diagnosis::Diagnosis;

use super::{repository::Asked, unanswered};
use crate::error::CommandError;

/// How many repositories of an owner are compared with a name that is not there.
const CANDIDATES: usize = 1000;
/// How many files are looked through for one.
const FILES: usize = 5000;

impl Asked<'_> {
    /// The Hub says the same of what does not exist and of what the token may not know of.
    pub(super) fn unseen(&self) -> Result<Diagnosis, CommandError> {
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
        let access = Access::new(Action::Read, self.resource.clone());
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
        let listing = match self.case.hub.wait(listing)? {
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
    pub(super) fn inside(&self) -> Result<Diagnosis, CommandError> {
        let clues = &self.case.clues;
        let Some(revision) = &clues.revision else {
            return Ok(self.case.nothing("The token may read this, and the Hub answers."));
        };
        let tree = self.case.hub.client.tree(self.name, (revision, ""), FILES, self.token);
        let tree = match self.case.hub.wait(tree)? {
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
