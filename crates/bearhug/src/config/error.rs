//! What is wrong with a configuration, and where.

use std::{error::Error, fmt};

use serde::de;

use super::origin::Origin;

/// How alike two names must be for one to be meant by the other, from 0 to 1. Two letters that changed
/// places in a short name are still above it.
const ALIKE: f64 = 0.75;

/// What is wrong with a configuration. Values are never quoted: one of them may be a token.
#[derive(Debug)]
pub(crate) struct ConfigError {
    origin: Option<Origin>,
    /// The keys that lead there, the innermost first.
    within: Vec<String>,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    /// There is no such key; these there are.
    Key { name: String, known: &'static [&'static str] },
    /// There is no such choice; these there are.
    Choice { known: &'static [&'static str], nearest: Option<&'static str> },
    /// In a sentence without a full stop.
    Other(String),
}

impl ConfigError {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self::of(Problem::Other(problem.into()))
    }

    fn of(problem: Problem) -> Self {
        Self { origin: None, within: Vec::new(), problem }
    }

    /// The same at a place, unless a more exact one is known.
    pub(super) fn at(mut self, origin: &Origin) -> Self {
        self.origin.get_or_insert_with(|| origin.clone());
        self
    }

    /// The same below a key.
    pub(super) fn within(mut self, key: &str) -> Self {
        self.within.push(key.to_owned());
        self
    }

    /// The same of a key that is itself one of a few words.
    pub(super) fn of_key(self, key: &str) -> Self {
        match self.problem {
            Problem::Choice { known, .. } => {
                Self { problem: Problem::Key { name: key.to_owned(), known }, ..self }
            }
            _ => self,
        }
    }

    /// A key as it is written from the root of a file.
    fn path(&self, last: Option<&str>) -> String {
        let keys = self.within.iter().rev().map(String::as_str).chain(last);
        keys.collect::<Vec<_>>().join(".")
    }
}

/// The name among these that is probably meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let known = known.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    let best = known.filter(|(alike, _)| *alike >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, known)| known)
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(origin) = &self.origin {
            write!(f, "{origin}: ")?;
        }
        let list = |names: &[&str]| {
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        };
        match &self.problem {
            Problem::Key { name, known } => {
                write!(f, "there is no `{}`", self.path(Some(name)))?;
                match nearest(name, known.iter().copied()) {
                    Some(nearest) => write!(f, "; did you mean `{}`?", self.path(Some(nearest))),
                    None => write!(f, "; there are {}", list(known)),
                }
            }
            Problem::Choice { known, nearest } => {
                write!(f, "`{}` is one of {}", self.path(None), list(known))?;
                nearest.map_or(Ok(()), |nearest| write!(f, "; did you mean `{nearest}`?"))
            }
            Problem::Other(what) if self.within.is_empty() => f.write_str(what),
            Problem::Other(what) => write!(f, "`{}`: {what}", self.path(None)),
        }
    }
}

impl Error for ConfigError {}

impl de::Error for ConfigError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let found = match found {
            de::Unexpected::Bool(_) => "true or false",
            de::Unexpected::Unsigned(_) | de::Unexpected::Signed(_) => "a whole number",
            de::Unexpected::Float(_) => "a number with a point",
            de::Unexpected::Str(_) => "text",
            de::Unexpected::Seq => "a list",
            de::Unexpected::Map => "a table",
            _ => "something else",
        };
        Self::new(format!("this is {found}, and should be {expected}"))
    }

    fn invalid_value(_found: de::Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::new(format!("this should be {expected}"))
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::of(Problem::Key { name: name.to_owned(), known })
    }

    fn unknown_variant(name: &str, known: &'static [&'static str]) -> Self {
        Self::of(Problem::Choice { known, nearest: nearest(name, known.iter().copied()) })
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(format!("`{name}` is missing"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_for_the_one_it_resembles() {
        let known = ["max-age-days", "owner-required", "dormant-days"];
        for (name, meant) in [
            ("max-age", Some("max-age-days")),
            ("max_age_days", Some("max-age-days")),
            ("maxagedays", Some("max-age-days")),
            ("owner-requierd", Some("owner-required")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
    }

    #[test]
    fn an_error_says_where_and_what() {
        let origin = Origin::File("bearhug.toml".into(), 4);
        let error: ConfigError = de::Error::unknown_field("max-age", &["max-age-days"]);
        assert_eq!(
            error.at(&origin).within("policy").to_string(),
            "bearhug.toml:4: there is no `policy.max-age`; did you mean `policy.max-age-days`?"
        );
        let error: ConfigError = de::Error::unknown_variant("enforced", &["warn", "enforce"]);
        assert_eq!(
            error.within("mode").within("policy").to_string(),
            "`policy.mode` is one of `warn`, `enforce`; did you mean `enforce`?"
        );
    }
}
