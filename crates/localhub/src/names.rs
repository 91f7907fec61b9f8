//! Names of repositories, and the forms in which paths and bodies write them.

use std::{fmt, str::FromStr};

/// The sorts of repository that the local Hub keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepoKind {
    /// A model, which paths of the web and of git write without a prefix.
    Model,
    /// A dataset.
    Dataset,
    /// A space.
    Space,
}

impl RepoKind {
    /// The word in bodies: `model`.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Dataset => "dataset",
            Self::Space => "space",
        }
    }

    /// The word in the paths of the API: `models`.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Model => "models",
            Self::Dataset => "datasets",
            Self::Space => "spaces",
        }
    }

    /// What paths of the web and of git put before a name: nothing for a model, else `datasets/`.
    pub fn web_prefix(self) -> &'static str {
        match self {
            Self::Model => "",
            Self::Dataset => "datasets/",
            Self::Space => "spaces/",
        }
    }
}

/// The kind that a word names, in the singular or the plural.
impl FromStr for RepoKind {
    type Err = InvalidName;

    fn from_str(word: &str) -> Result<Self, InvalidName> {
        match word {
            "model" | "models" => Ok(Self::Model),
            "dataset" | "datasets" => Ok(Self::Dataset),
            "space" | "spaces" => Ok(Self::Space),
            _ => Err(InvalidName),
        }
    }
}

/// A word that names no kind, or a name that no repository can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidName;

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no kind or name of a repository")
    }
}

impl std::error::Error for InvalidName {}

/// The full name of a repository.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoName {
    /// What sort of repository it is.
    pub kind: RepoKind,
    /// The account it belongs to.
    pub namespace: String,
    /// Its name there.
    pub name: String,
}

impl RepoName {
    /// A name, if both of its parts may be used in paths and as names of folders.
    ///
    /// The Hub allows letters, digits, `-`, `_` and `.`, at most 96 characters, and no part that
    /// starts or ends with `-` or `.` or has `--` or `..` in it (`huggingface_hub`'s `validate_repo_id`).
    pub fn new(kind: RepoKind, namespace: &str, name: &str) -> Result<Self, InvalidName> {
        if !is_valid_part(namespace) || !is_valid_part(name) {
            return Err(InvalidName);
        }
        Ok(Self { kind, namespace: namespace.to_owned(), name: name.to_owned() })
    }

    /// Namespace and name: `acme/model`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }

    /// The path on the web and for git: `datasets/acme/corpus`.
    pub fn web_path(&self) -> String {
        format!("{}{}/{}", self.kind.web_prefix(), self.namespace, self.name)
    }
}

fn is_valid_part(part: &str) -> bool {
    let at_edge = |c: char| c == '-' || c == '.';
    (1..=96).contains(&part.len())
        && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !part.starts_with(at_edge)
        && !part.ends_with(at_edge)
        && !part.contains("--")
        && !part.contains("..")
        && !part.to_ascii_lowercase().ends_with(".git")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_leave_their_folder() {
        let valid = |name| RepoName::new(RepoKind::Model, "acme", name).is_ok();
        assert!(valid("Llama-3.1_8B"));
        for name in ["", "..", ".", "a..b", "a/b", "-a", "a.", "a.git", "a\0", "a b", "ä"] {
            assert!(!valid(name), "{name:?}");
        }
    }
}
