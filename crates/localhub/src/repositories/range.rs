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

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Requested {
    Whole,
    Part(Range),
    /// A part that does not exist.
    Nothing,
}

/// What a `Range` header asks for; in a form that is not understood, the whole.
pub(crate) fn requested(header: Option<&str>, whole: u64) -> Requested {
    let Some((first, last)) = header.and_then(|header| ends(header, whole)) else {
        return Requested::Whole;
    };
    let last = last.min(whole.saturating_sub(1));
    if first > last || first >= whole {
        return Requested::Nothing;
    }
    Requested::Part(Range { first, last, whole })
}

/// The first and the last byte that a header names.
fn ends(header: &str, whole: u64) -> Option<(u64, u64)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    match (first, last) {
        ("", last) => Some((whole.saturating_sub(last.parse().ok()?), u64::MAX)),
        (first, "") => Some((first.parse().ok()?, u64::MAX)),
        (first, last) => Some((first.parse().ok()?, last.parse().ok()?)),
    }
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
        let part = |header| match requested(Some(header), 10) {
            Requested::Part(range) => Some((range.first, range.last)),
            _ => None,
        };
        assert_eq!(part("bytes=0-0"), Some((0, 0)));
        assert_eq!(part("bytes=4-"), Some((4, 9)));
        assert_eq!(part("bytes=-3"), Some((7, 9)));
        assert_eq!(part("bytes=2-99"), Some((2, 9)));
        for nothing in ["bytes=10-12", "bytes=5-4"] {
            assert_eq!(requested(Some(nothing), 10), Requested::Nothing, "{nothing}");
        }
        for whole in ["bytes=0-1,4-5", "items=0-1", "bytes=-", "bytes=x-1"] {
            assert_eq!(requested(Some(whole), 10), Requested::Whole, "{whole}");
        }
        assert_eq!(requested(Some("bytes=0-0"), 0), Requested::Nothing);
    }
}
