//! The path of a request, taken apart before anything in it is decoded.
//!
//! Whatever two servers could read in two ways is refused, so that what is decided about is what the Hub
//! does. An escaped slash stays within its segment.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::Refusal;

/// The longest path, in bytes. The Hub's own limit for a file's path is 1,000 characters (its OpenAPI
/// document, commit), and each may be escaped.
const LONGEST: usize = 4096;

/// The segments of a path, as they were sent.
#[derive(Debug)]
pub(super) struct Path<'a>(Vec<&'a str>);

impl<'a> Path<'a> {
    /// Takes a path apart.
    pub(super) fn parse(raw: &'a str) -> Result<Self, Refusal> {
        if raw.len() > LONGEST {
            return Err(Refusal::Ambiguous("the path is too long"));
        }
        if !raw.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'\\' | b';')) {
            return Err(Refusal::Ambiguous("the path has characters that must be escaped"));
        }
        let segments = raw.strip_prefix('/').ok_or(Refusal::Ambiguous("the path has no root"))?;
        let segments: Vec<&str> = segments.split('/').collect();
        for segment in &segments {
            decoded(segment)?;
        }
        Ok(Self(segments))
    }

    pub(super) fn segments(&self) -> &[&'a str] {
        &self.0
    }
}

/// A segment without its escapes, where that can mean but one thing.
pub(super) fn decoded(segment: &str) -> Result<Cow<'_, str>, Refusal> {
    let text = match memchr::memchr(b'%', segment.as_bytes()) {
        None => Cow::Borrowed(segment),
        Some(_) if escapes(segment) == segment.matches('%').count() => {
            percent_decode_str(segment).decode_utf8().map_err(|_| UNCLEAR)?
        }
        Some(_) => return Err(UNCLEAR),
    };
    if escapes(&text) > 0 || text.contains(|c: char| c.is_control() || c == '\\') {
        return Err(UNCLEAR);
    }
    let is_dots = |part: &str| part.bytes().all(|b| b == b'.');
    if text.strip_suffix('/').unwrap_or(&text).split('/').any(is_dots) {
        return Err(Refusal::Ambiguous("the path has a segment that is empty or only dots"));
    }
    Ok(text)
}

const UNCLEAR: Refusal = Refusal::Ambiguous("the path has escapes that can be read in two ways");

/// How many escapes a text has.
fn escapes(text: &str) -> usize {
    let is_escape = |three: &&[u8]| matches!(three, [b'%', high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit());
    text.as_bytes().windows(3).filter(is_escape).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_slash_stays_in_its_segment() {
        let path = Path::parse("/api/models/acme/m/tree/refs%2Fpr%2F1/a%20b").unwrap();
        assert_eq!(path.segments().last(), Some(&"a%20b"));
        assert_eq!(decoded(path.segments()[5]).unwrap(), "refs/pr/1");
        assert_eq!(decoded("100%25").unwrap(), "100%");
        assert_eq!(decoded("logs%2F").unwrap(), "logs/");
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for path in [
            "",
            "/",
            "api/models",
            "/a//b",
            "/a/",
            "/a/../b",
            "/a/./b",
            "/a/.../b",
            "/a/%2e%2E/b",
            "/a/.%2e/b",
            "/a/x%2F..%2Fy",
            "/a/x%2F%2Fy",
            "/a/%2Fetc",
            "/a/%252e%252e/b",
            "/a/x%2541",
            "/a/%",
            "/a/%4",
            "/a/%zz",
            "/a/%00",
            "/a/%0d%0aX",
            "/a/%5c..%5cb",
            "/a/%ff",
            "/a\\b",
            "/a;b",
            "/a b",
            "/\u{e9}",
            "/a\0",
            &format!("/{}", "a".repeat(5000)),
        ] {
            assert!(matches!(Path::parse(path), Err(Refusal::Ambiguous(_))), "{path}");
        }
    }
}
