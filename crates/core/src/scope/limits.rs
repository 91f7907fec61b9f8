//! What narrows a leave to write: certain revisions, certain paths, nothing deleted.

use std::fmt;

/// A text, or all texts that start with one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// This text alone.
    Exact(String),
    /// Everything that starts like this.
    Prefix(String),
}

impl Pattern {
    /// Whether everything that fits the other fits this.
    pub fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Prefix(prefix), Self::Exact(text) | Self::Prefix(text)) => {
                text.starts_with(prefix.as_str())
            }
            (Self::Exact(one), Self::Exact(two)) => one == two,
            (Self::Exact(_), Self::Prefix(_)) => false,
        }
    }

    /// What fits both. Of two that overlap one holds the other.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        if self.implies(other) {
            Some(other.clone())
        } else if other.implies(self) {
            Some(self.clone())
        } else {
            None
        }
    }

    /// Reads a revision: `main`, or `ci/*` for all that start with `ci/`.
    pub fn revision(text: &str) -> Option<Self> {
        Self::ending_in(text, "*")
    }

    /// Reads a path: `README.md`, or `logs/**` for all that a folder holds.
    pub fn path(text: &str) -> Option<Self> {
        let pattern = Self::ending_in(text, "**")?;
        let is_folder = match &pattern {
            Self::Prefix(folder) => folder.is_empty() || folder.ends_with('/'),
            Self::Exact(path) => !path.ends_with('/'),
        };
        let text = match &pattern {
            Self::Prefix(text) | Self::Exact(text) => text.trim_end_matches('/'),
        };
        let is_plain =
            text.is_empty() || text.split('/').all(|part| !matches!(part, "" | "." | ".."));
        (is_folder && is_plain).then_some(pattern)
    }

    fn ending_in(text: &str, star: &str) -> Option<Self> {
        let (text, is_prefix) = match text.strip_suffix(star) {
            Some(prefix) => (prefix, true),
            None => (text, false),
        };
        let is_plain =
            text.chars().all(|c| !c.is_control() && !c.is_whitespace() && !"*?[]\\,".contains(c));
        match (is_plain, is_prefix) {
            (true, true) => Some(Self::Prefix(text.to_owned())),
            (true, false) if !text.is_empty() => Some(Self::Exact(text.to_owned())),
            _ => None,
        }
    }
}

/// What narrows a leave to write. The default narrows nothing.
///
/// There is one pattern of each sort, so that a scope, which is a set of accesses, has one way to say what it
/// says: two folders are two accesses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Limits {
    /// Only these branches, tags or commits.
    pub revision: Option<Pattern>,
    /// Only these paths.
    pub path: Option<Pattern>,
    /// Nothing is deleted: no file, no branch, no tag, no history.
    pub keeps: bool,
}

impl Limits {
    /// Reads what [`Display`](fmt::Display) writes, parted at the commas.
    pub(super) fn parse<'a>(
        revision: Option<&str>,
        options: impl Iterator<Item = &'a str>,
    ) -> Option<Self> {
        let mut limits = Self::default();
        if let Some(revision) = revision {
            limits.revision = unless_any(Pattern::revision(revision)?);
        }
        let mut has_path = false;
        for option in options {
            match option.split_once('=') {
                Some(("paths", path)) if !has_path => {
                    limits.path = unless_any(Pattern::path(path)?);
                    has_path = true;
                }
                None if option == "no-delete" => limits.keeps = true,
                _ => return None,
            }
        }
        Some(limits)
    }

    /// Whether this allows all that the other does.
    pub fn implies(&self, other: &Self) -> bool {
        let fits = |own: &Option<Pattern>, theirs: &Option<Pattern>| match (own, theirs) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(own), Some(theirs)) => own.implies(theirs),
        };
        fits(&self.revision, &other.revision)
            && fits(&self.path, &other.path)
            && (!self.keeps || other.keeps)
    }

    /// What both allow, where that is anything.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let both = |one: &Option<Pattern>, two: &Option<Pattern>| match (one, two) {
            (Some(one), Some(two)) => one.meet(two).map(Some),
            (one, two) => Some(one.as_ref().or(two.as_ref()).cloned()),
        };
        Some(Self {
            revision: both(&self.revision, &other.revision)?,
            path: both(&self.path, &other.path)?,
            keeps: self.keeps || other.keeps,
        })
    }
}

/// A pattern that everything fits narrows nothing.
fn unless_any(pattern: Pattern) -> Option<Pattern> {
    (pattern != Pattern::Prefix(String::new())).then_some(pattern)
}

impl fmt::Display for Limits {
    /// As it follows a resource: `@ci/*,paths=logs/**,no-delete`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.revision {
            Some(Pattern::Exact(revision)) => write!(f, "@{revision}")?,
            Some(Pattern::Prefix(prefix)) => write!(f, "@{prefix}*")?,
            None => {}
        }
        match &self.path {
            Some(Pattern::Exact(path)) => write!(f, ",paths={path}")?,
            Some(Pattern::Prefix(folder)) => write!(f, ",paths={folder}**")?,
            None => {}
        }
        f.write_str(if self.keeps { ",no-delete" } else { "" })
    }
}
