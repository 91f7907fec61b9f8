//! Long lists: filters of the form `key:value`, and pages that a `Link` header continues.

use serde::Deserialize;

/// What page of a list is asked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    /// The key of the last item of the page before.
    cursor: Option<String>,
    limit: Option<String>,
}

/// Where the page after begins.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Next {
    cursor: String,
    limit: usize,
}

impl Page {
    /// The items of this page and where the next begins, if there is one.
    pub(crate) fn cut<'a, T>(
        &self,
        items: &'a [T],
        default_limit: usize,
        key: impl Fn(&T) -> String,
    ) -> (&'a [T], Option<Next>) {
        let limit = self.limit.as_ref().and_then(|limit| limit.parse().ok());
        let limit = limit.unwrap_or(default_limit).clamp(1, 10_000);
        let start = self.cursor.as_ref().map_or(0, |cursor| {
            items.iter().position(|item| key(item) == *cursor).map_or(items.len(), |at| at + 1)
        });
        let rest = items.get(start..).unwrap_or_default();
        let page = rest.get(..limit).unwrap_or(rest);
        let next = if page.len() < rest.len() { page.last() } else { None };
        (page, next.map(|last| Next { cursor: key(last), limit }))
    }
}

impl Next {
    /// The value of a `Link` header (RFC 8288) for the next page of the list at `url`.
    pub(crate) fn link(&self, url: &str, query: &[(&str, &str)]) -> String {
        let mut url = format!("{url}?cursor={}&limit={}", self.cursor, self.limit);
        for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
            let value: String = value.bytes().map(percent_encoded).collect();
            url.extend(["&", name, "=", &value]);
        }
        format!("<{url}>; rel=\"next\"")
    }
}

fn percent_encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// A filter of terms like `owner:alice -role:read`, all of which must hold. Words without a known key
/// are no terms.
#[derive(Debug)]
pub(crate) struct Terms(Vec<Term>);

#[derive(Debug)]
struct Term {
    is_negated: bool,
    key: String,
    value: String,
}

impl Terms {
    /// The terms in a query whose keys are among those known.
    pub(crate) fn parse(query: &str, keys: &[&str]) -> Self {
        let terms = query.split_whitespace().filter_map(|word| {
            let stripped = word.strip_prefix('-');
            let (key, value) = stripped.unwrap_or(word).split_once(':')?;
            let (key, value) = (key.to_owned(), value.to_owned());
            keys.contains(&key.as_str()).then_some(Term {
                is_negated: stripped.is_some(),
                key,
                value,
            })
        });
        Self(terms.collect())
    }

    /// Whether any term has this key.
    pub(crate) fn mentions(&self, key: &str) -> bool {
        self.0.iter().any(|term| term.key == key)
    }

    /// Whether all terms hold, as `is` tells for a key and a value.
    pub(crate) fn hold(&self, is: impl Fn(&str, &str) -> bool) -> bool {
        self.0.iter().all(|term| is(&term.key, &term.value) != term.is_negated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_gap_or_overlap() {
        let items: Vec<u32> = (0..25).collect();
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page = Page { cursor, limit: Some("10".to_owned()) };
            let (page, next) = page.cut(&items, 100, ToString::to_string);
            seen.extend_from_slice(page);
            let Some(next) = next else { break };
            cursor = Some(next.cursor);
        }
        assert_eq!(seen, items);
    }

    #[test]
    fn terms_can_be_negated() {
        let terms = Terms::parse("owner:alice -role:read noise x:y", &["owner", "role"]);
        let hold = |owner: &str, role: &str| {
            terms.hold(|key, value| if key == "owner" { owner == value } else { role == value })
        };
        assert!(hold("alice", "write"));
        assert!(!hold("alice", "read"));
        assert!(!hold("bob", "write"));
    }
}
