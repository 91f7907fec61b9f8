//! What on the Hub something can be done to.

use std::{cmp::Ordering, fmt};

use crate::resembles_token;

/// A sort of repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RepoKind {
    /// A model.
    Model,
    /// A dataset.
    Dataset,
    /// A Space.
    Space,
    /// Compute kernels.
    Kernel,
    /// A storage bucket.
    Bucket,
}

impl RepoKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Model, Self::Dataset, Self::Space, Self::Kernel, Self::Bucket];

    /// The first segment of its paths in the Hub's API, such as `datasets`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Model => "models",
            Self::Dataset => "datasets",
            Self::Space => "spaces",
            Self::Kernel => "kernels",
            Self::Bucket => "buckets",
        }
    }

    /// What a person calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Dataset => "dataset",
            Self::Space => "Space",
            Self::Kernel => "kernel",
            Self::Bucket => "bucket",
        }
    }

    /// The kind of this folder.
    pub fn of_folder(folder: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.folder() == folder)
    }
}

/// A user's, an organisation's or a repository's name. Names that differ in case only are one, so
/// that a rule cannot be dodged by another spelling.
#[derive(Debug, Clone)]
pub struct Name(String);

/// The longest name. The Hub allows 96 characters
/// (`validate_repo_id` of `huggingface_hub`).
const MAX_NAME: usize = 96;

impl Name {
    /// The name, if the Hub could have it: ASCII letters and digits, `.`, `_` and `-`. What looks like
    /// a token is none, since names become parts of addresses.
    pub fn new(text: &str) -> Option<Self> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let has_word = text.bytes().any(|b| b.is_ascii_alphanumeric());
        let is_name = text.len() <= MAX_NAME && has_word && text.bytes().all(fits);
        (is_name && !resembles_token(text)).then(|| Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> Ordering {
        let folded =
            |name: &Self| name.0.bytes().map(|b| b.to_ascii_lowercase()).collect::<Vec<_>>();
        folded(self).cmp(&folded(other))
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What something can be done to: repositories, or the namespaces that they are in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// Everything, or every repository of a kind: `*`, `datasets/*`.
    All(Option<RepoKind>),
    /// What a user or an organisation has, or its repositories of a kind: `acme/*`,
    /// `datasets/acme/*`.
    Namespace(Option<RepoKind>, Name),
    /// One repository: `acme/model`, `datasets/acme/train`. Old ones have no namespace: `gpt2`.
    Repository(RepoKind, Option<Name>, Name),
}

impl Resource {
    /// Everything in a namespace, where the name is one.
    pub fn namespace(name: &str) -> Option<Self> {
        Some(Self::Namespace(None, Name::new(name)?))
    }

    /// One repository by its path within its kind, such as `acme/train`.
    pub fn repository(kind: RepoKind, path: &str) -> Option<Self> {
        Some(match path.split_once('/') {
            Some((owner, name)) => {
                Self::Repository(kind, Some(Name::new(owner)?), Name::new(name)?)
            }
            None => Self::Repository(kind, None, Name::new(path)?),
        })
    }

    /// Reads what [`Display`](fmt::Display) writes. A path without a kind is a model's, as in the
    /// Hub's own addresses, while `acme/*` is all that `acme` has, of every kind.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = match text.split_once('/') {
            Some((folder, rest)) => match RepoKind::of_folder(folder) {
                Some(kind) => (Some(kind), rest),
                None => (None, text),
            },
            None => (None, text),
        };
        match rest.split_once('/') {
            None if rest == "*" => Some(Self::All(kind)),
            Some((namespace, "*")) => Some(Self::Namespace(kind, Name::new(namespace)?)),
            _ => Self::repository(kind.unwrap_or(RepoKind::Model), rest),
        }
    }

    /// The kind of repository, where there is but one.
    pub fn kind(&self) -> Option<RepoKind> {
        match self {
            Self::All(kind) | Self::Namespace(kind, _) => *kind,
            Self::Repository(kind, ..) => Some(*kind),
        }
    }

    /// Whose it is, where it is one user's or organisation's.
    pub fn owner(&self) -> Option<&Name> {
        match self {
            Self::All(_) => None,
            Self::Namespace(_, owner) => Some(owner),
            Self::Repository(_, owner, _) => owner.as_ref(),
        }
    }

    /// The most that both include.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Repository(..), Self::Repository(..)) => (self == other).then(|| self.clone()),
            (Self::Repository(..), wide) => wide.holds(self).then(|| self.clone()),
            (wide, Self::Repository(..)) => wide.holds(other).then(|| other.clone()),
            _ => {
                let kind = match (self.kind(), other.kind()) {
                    (Some(one), Some(two)) if one != two => return None,
                    (one, two) => one.or(two),
                };
                Some(match (self.owner(), other.owner()) {
                    (Some(one), Some(two)) if one != two => return None,
                    (None, None) => Self::All(kind),
                    (Some(owner), _) | (None, Some(owner)) => Self::Namespace(kind, owner.clone()),
                })
            }
        }
    }

    /// Whether a set of repositories holds this one.
    fn holds(&self, repository: &Self) -> bool {
        let fits_kind = self.kind().is_none() || self.kind() == repository.kind();
        fits_kind && self.owner().is_none_or(|owner| Some(owner) == repository.owner())
    }

    /// Whether all of the other is part of this.
    pub fn implies(&self, other: &Self) -> bool {
        self.meet(other).as_ref() == Some(other)
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = match self {
            // Without a kind `acme/model` is a model, and `acme/*` everything.
            Self::Repository(RepoKind::Model, ..) => None,
            other => other.kind().map(RepoKind::folder),
        };
        if let Some(folder) = folder {
            write!(f, "{folder}/")?;
        }
        match self {
            Self::All(_) => f.write_str("*"),
            Self::Namespace(_, owner) => write!(f, "{owner}/*"),
            Self::Repository(_, Some(owner), name) => write!(f, "{owner}/{name}"),
            Self::Repository(_, None, name) => write!(f, "{name}"),
        }
    }
}
