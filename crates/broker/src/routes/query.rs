//! What follows the question mark, as far as a decision depends on it.

use super::Refusal;

/// The longest query, in bytes. Lists are asked for with some dozens of filters.
const LONGEST: usize = 16 << 10;

/// How many pairs a query may have. Servers leave out what comes after some number of them, 1,000 with
/// `qs` and with Node's own, and would not see what was looked at here.
const MOST: usize = 100;

/// A query, with nothing decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Query<'a>(&'a str);

impl<'a> Query<'a> {
    /// Accepts a query that every server takes apart alike.
    pub(super) fn parse(raw: Option<&'a str>) -> Result<Self, Refusal> {
        let raw = raw.unwrap_or_default();
        if raw.len() > LONGEST || !raw.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Refusal::Ambiguous("the query is too long, or has to be escaped"));
        }
        if raw.split('&').count() > MOST {
            return Err(Refusal::Ambiguous("the query has too many pairs"));
        }
        Ok(Self(raw))
    }

    /// The value of a name. Servers differ in what they make of a name that is given twice, in brackets
    /// or with escapes, so none of these is taken.
    pub(super) fn one(self, name: &str) -> Result<Option<String>, Refusal> {
        let mut found = None;
        for pair in self.0.split('&') {
            let Some((key, value)) = form_urlencoded::parse(pair.as_bytes()).next() else {
                continue;
            };
            // `[author]` is `author` to some.
            let Some(rest) = key.trim_start_matches('[').strip_prefix(name) else { continue };
            let is_plain = pair.strip_prefix(name).is_some_and(|raw| raw.starts_with(['=']));
            if rest.is_empty() && is_plain && found.is_none() {
                found = Some(value.into_owned());
            } else if rest.is_empty() || rest.starts_with(['[', ']']) {
                return Err(Refusal::Ambiguous("the query can be read in two ways"));
            }
        }
        Ok(found)
    }

    /// Whether a pull request is made in place of a change. What the Hub makes of other values is not
    /// documented, and a change must not pass for a proposal.
    pub(super) fn is_proposal(self) -> Result<bool, Refusal> {
        match self.one("create_pr")?.as_deref() {
            None => Ok(false),
            Some("1" | "true") => Ok(true),
            Some(_) => Err(Refusal::Ambiguous("create_pr is neither 1 nor left out")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author(query: &str) -> Result<Option<String>, Refusal> {
        Query::parse(Some(query)).and_then(|query| query.one("author"))
    }

    #[test]
    fn a_name_has_one_value() {
        assert_eq!(author("limit=3&author=acme&expand[]=likes"), Ok(Some("acme".into())));
        assert_eq!(author("authors=acme"), Ok(None));
        assert_eq!(author(""), Ok(None));
        assert!(author(&format!("{}author=a", "a&".repeat(1_000))).is_err());
        for query in [
            "author=a&author=b",
            "author=a&%61uthor=b",
            "%61uthor=a",
            "author[]=a",
            "author%5B0%5D=a",
            "author=a&[author]=b",
            "author=a&%5Bauthor%5D=b",
            "author",
        ] {
            assert!(author(query).is_err(), "{query}");
        }
    }

    #[test]
    fn a_proposal_is_asked_for_plainly() {
        let ask = |query| Query::parse(Some(query)).and_then(Query::is_proposal);
        assert_eq!(ask("create_pr=1"), Ok(true));
        assert_eq!(ask("hot_reload=1"), Ok(false));
        for query in ["create_pr=0", "create_pr=", "create_pr", "create_pr=1&create_pr=0", "a\tb"] {
            assert!(ask(query).is_err(), "{query}");
        }
    }
}
