//! What repositories are called.

use std::fmt;

use bearhug_core::resembles_token;

/// What a repository is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepoKind {
    /// A model.
    Model,
    /// A dataset.
    Dataset,
    /// A Space.
    Space,
}

impl RepoKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Model, Self::Dataset, Self::Space];

    /// What it is called in the paths of the API.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Model => "models",
            Self::Dataset => "datasets",
            Self::Space => "spaces",
        }
    }
}

/// A repository's name. It is checked, so that it cannot lead to another address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoName {
    kind: RepoKind,
    id: String,
}

/// The text is no name of a repository.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a repository is called NAME or OWNER/NAME, of letters, digits, `-`, `_` and `.`")]
pub struct NotARepository;

impl RepoName {
    /// Checks a name such as `acme/model`, or `gpt2` for the few models and datasets that have no owner.
    /// The rules are those of `huggingface_hub`, which refuses the same, save that what looks like a
    /// token is no name: it would become part of an address.
    ///
    /// # Errors
    ///
    /// If it is no name.
    pub fn new(kind: RepoKind, id: &str) -> Result<Self, NotARepository> {
        let parts = id.split('/').count();
        let is_plain = |part: &str| {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            let has_good_ends = !part.starts_with(['.', '-']) && !part.ends_with(['.', '-']);
            !part.is_empty() && part.len() <= 96 && part.chars().all(fits) && has_good_ends
        };
        let is_name = parts <= 2 && id.split('/').all(is_plain);
        if is_name && !id.contains("..") && !id.contains("--") && !resembles_token(id) {
            Ok(Self { kind, id: id.to_owned() })
        } else {
            Err(NotARepository)
        }
    }

    /// What the repository is for.
    pub fn kind(&self) -> RepoKind {
        self.kind
    }

    /// Its name, with the owner's if it has one.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The start of its addresses in the API.
    pub(crate) fn segments(&self) -> Vec<&str> {
        ["api", self.kind.plural()].into_iter().chain(self.id.split('/')).collect()
    }
}

impl fmt::Display for RepoName {
    /// As its address on the site ends.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            RepoKind::Model => f.write_str(&self.id),
            kind => write!(f, "{}/{}", kind.plural(), self.id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> String {
        format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0)
    }

    #[test]
    fn a_name_is_one_or_two_plain_words() {
        for good in ["gpt2", "acme/model", "a-b/c_d.e", "A1/x"] {
            let name = RepoName::new(RepoKind::Dataset, good).expect(good);
            assert_eq!(name.to_string(), format!("datasets/{good}"));
        }
        for bad in
            ["", "/", "a/", "a/b/c", "../x", "a/..", "a b", "a/b?", "-a", "a/b.", "a--b", "é"]
        {
            assert_eq!(RepoName::new(RepoKind::Model, bad), Err(NotARepository), "{bad:?}");
        }
        for token in [token(), format!("acme/{}", token()), format!("{}/model", token())] {
            assert_eq!(RepoName::new(RepoKind::Model, &token), Err(NotARepository));
        }
    }
}
