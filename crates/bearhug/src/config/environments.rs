//! Which environment a source belongs to.

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobMatcher};

use super::error::ConfigError;

/// Patterns of sources, each with an environment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environments {
    /// The longest pattern first, since it says most.
    patterns: Vec<(GlobMatcher, String)>,
}

impl Environments {
    pub(super) fn new(table: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut table: Vec<_> = table.iter().collect();
        table.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.len()));
        let compiled = table.into_iter().map(|(pattern, environment)| {
            let glob = GlobBuilder::new(pattern).literal_separator(true).build();
            let glob =
                glob.map_err(|_| ConfigError::new("this is no pattern of paths").within(pattern))?;
            Ok((glob.compile_matcher(), environment.clone()))
        });
        Ok(Self { patterns: compiled.collect::<Result<_, _>>()? })
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

    fn environments(patterns: &[(&str, &str)]) -> Result<Environments, ConfigError> {
        let own = |(pattern, name): &(&str, &str)| ((*pattern).to_owned(), (*name).to_owned());
        Environments::new(&patterns.iter().map(own).collect())
    }

    #[test]
    fn the_longest_pattern_that_matches_is_meant() {
        let known = environments(&[
            ("/srv/**", "staging"),
            ("/srv/prod/**", "production"),
            ("https://github.com/acme/*", "ci"),
        ])
        .unwrap();
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

    #[test]
    fn a_pattern_that_is_none_is_an_error() {
        let error = environments(&[("a[", "x")]).unwrap_err();
        assert_eq!(error.to_string(), "`a[`: this is no pattern of paths");
    }
}
