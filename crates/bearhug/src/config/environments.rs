//! Which environment a source belongs to.

use std::{cmp::Ordering, collections::BTreeMap};

use globset::{Glob, GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};

/// A pattern of the paths or addresses of sources. A star does not reach over a slash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Pattern(Glob);

impl TryFrom<String> for Pattern {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let glob = GlobBuilder::new(&text).literal_separator(true).build();
        glob.map(Self).map_err(|_| "this is no pattern of paths")
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0.glob().to_owned()
    }
}

impl Ord for Pattern {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.glob().cmp(other.0.glob())
    }
}

impl PartialOrd for Pattern {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Patterns of sources, each with an environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environments {
    /// The longest pattern first, since it says most.
    patterns: Vec<(GlobMatcher, String)>,
}

impl Environments {
    pub(super) fn new(table: &BTreeMap<Pattern, String>) -> Self {
        let mut table: Vec<_> = table.iter().collect();
        table.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.0.glob().len()));
        let compiled = table.into_iter().map(|(p, name)| (p.0.compile_matcher(), name.clone()));
        Self { patterns: compiled.collect() }
    }

    /// The environment of a source, by its path or address.
    pub(crate) fn of(&self, source: &str) -> Option<&str> {
        let found = self.patterns.iter().find(|(glob, _)| glob.is_match(source));
        found.map(|(_, environment)| environment.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_pattern_that_matches_is_meant() {
        let pattern = |text: &str| Pattern::try_from(text.to_owned()).unwrap();
        let known = Environments::new(&BTreeMap::from([
            (pattern("/srv/**"), "staging".to_owned()),
            (pattern("/srv/prod/**"), "production".to_owned()),
            (pattern("https://github.com/acme/*"), "ci".to_owned()),
        ]));
        for (source, expected) in [
            ("/srv/a/b", Some("staging")),
            ("/srv/prod/a", Some("production")),
            ("/home/ada", None),
            ("https://github.com/acme/model", Some("ci")),
            ("https://github.com/acme/model/wiki", None),
        ] {
            assert_eq!(known.of(source), expected, "{source}");
        }
    }
}
