//! Parts of a content that a request asks for (RFC 9110, section 14).

use std::ops::Range as Indices;

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

/// A part of a content: the first and the last byte of it, and how long the whole is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) first: u64,
    pub(crate) last: u64,
    whole: u64,
}

impl Range {
    /// How many bytes it has.
    pub(crate) fn length(self) -> u64 {
        self.last - self.first + 1
    }

    /// As `Content-Range` states it.
    pub(crate) fn header(self) -> String {
        format!("bytes {}-{}/{}", self.first, self.last, self.whole)
    }

    /// As indices of a content in memory.
    pub(crate) fn indices(self) -> Indices<usize> {
        let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        index(self.first)..index(self.last + 1)
    }
}

/// The part that a `Range` header asks for: nothing if it asks for none in a form that is understood,
/// which means the whole; and then nothing if there is no such part.
pub(crate) fn requested(header: Option<&str>, whole: u64) -> Option<Option<Range>> {
    let (first, last) = header?.strip_prefix("bytes=")?.split_once('-')?;
    if last.contains(',') {
        return None;
    }
    let (first, last) = match (first.is_empty(), last.is_empty()) {
        (true, true) => return None,
        (true, false) => (whole.saturating_sub(last.parse().ok()?), whole.checked_sub(1)),
        (false, true) => (first.parse().ok()?, whole.checked_sub(1)),
        (false, false) => (first.parse().ok()?, Some(last.parse::<u64>().ok()?)),
    };
    let last = last.map(|last| last.min(whole.saturating_sub(1)));
    Some(last.filter(|last| first <= *last && first < whole).map(|last| Range {
        first,
        last,
        whole,
    }))
}

/// 416: there is no such part.
pub(crate) fn unsatisfiable(whole: u64) -> Response {
    let range = [(header::CONTENT_RANGE, format!("bytes */{whole}"))];
    (StatusCode::RANGE_NOT_SATISFIABLE, range).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_as_the_standard_has_it() {
        let part = |header| requested(Some(header), 10).map(|r| r.map(|r| (r.first, r.last)));
        assert_eq!(part("bytes=0-0"), Some(Some((0, 0))));
        assert_eq!(part("bytes=4-"), Some(Some((4, 9))));
        assert_eq!(part("bytes=-3"), Some(Some((7, 9))));
        assert_eq!(part("bytes=2-99"), Some(Some((2, 9))));
        assert_eq!(part("bytes=10-12"), Some(None));
        assert_eq!(part("bytes=5-4"), Some(None));
        assert_eq!(part("bytes=0-1,4-5"), None);
        assert_eq!(part("items=0-1"), None);
        assert_eq!(requested(Some("bytes=0-0"), 0), Some(None));
    }
}
