//! What narrows a leave to write: certain revisions, certain paths, nothing deleted.

use std::{collections::BTreeSet, fmt};

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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Limits {
    /// Only these branches, tags or commits: any if there is none.
    pub revision: Option<Pattern>,
    /// Only these paths: any if it is empty. None of them holds another.
    pub paths: BTreeSet<Pattern>,
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
            limits.revision = Some(Pattern::revision(revision)?);
        }
        for option in options {
            match option.split_once('=') {
                Some(("paths", path)) => {
                    limits.paths.insert(Pattern::path(path)?);
                }
                None if option == "no-delete" => limits.keeps = true,
                _ => return None,
            }
        }
        limits.paths = widest(limits.paths);
        Some(limits)
    }

    /// Whether this allows all that the other does.
    pub fn implies(&self, other: &Self) -> bool {
        let fits_revision = self
            .revision
            .as_ref()
            .is_none_or(|own| other.revision.as_ref().is_some_and(|theirs| own.implies(theirs)));
        let is_held = |path: &Pattern| self.paths.iter().any(|own| own.implies(path));
        let fits_paths =
            self.paths.is_empty() || (!other.paths.is_empty() && other.paths.iter().all(is_held));
        fits_revision && fits_paths && (!self.keeps || other.keeps)
    }

    /// What both allow, where that is anything.
    pub fn meet(&self, other: &Self) -> Option<Self> {
        let revision = match (&self.revision, &other.revision) {
            (Some(one), Some(two)) => Some(one.meet(two)?),
            (one, two) => one.as_ref().or(two.as_ref()).cloned(),
        };
        let paths = match (self.paths.is_empty(), other.paths.is_empty()) {
            (true, _) => other.paths.clone(),
            (_, true) => self.paths.clone(),
            (false, false) => {
                let pairs =
                    self.paths.iter().flat_map(|one| other.paths.iter().map(move |two| (one, two)));
                let met: BTreeSet<_> = pairs.filter_map(|(one, two)| one.meet(two)).collect();
                if met.is_empty() {
                    return None;
                }
                met
            }
        };
        Some(Self { revision, paths: widest(paths), keeps: self.keeps || other.keeps })
    }
}

/// The patterns that no other one holds.
fn widest(patterns: BTreeSet<Pattern>) -> BTreeSet<Pattern> {
    let is_needed =
        |one: &&Pattern| !patterns.iter().any(|other| other != *one && other.implies(one));
    patterns.iter().filter(is_needed).cloned().collect()
}

impl fmt::Display for Limits {
    /// As it follows a resource: `@ci/*,paths=logs/**,no-delete`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.revision {
            Some(Pattern::Exact(revision)) => write!(f, "@{revision}")?,
            Some(Pattern::Prefix(prefix)) => write!(f, "@{prefix}*")?,
            None => {}
        }
        for path in &self.paths {
            match path {
                Pattern::Exact(path) => write!(f, ",paths={path}")?,
                Pattern::Prefix(folder) => write!(f, ",paths={folder}**")?,
            }
        }
        f.write_str(if self.keeps { ",no-delete" } else { "" })
    }
}
