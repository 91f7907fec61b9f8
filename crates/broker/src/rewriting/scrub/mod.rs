//! Finding a token in whatever an answer says, and putting nothing in its place.

mod needles;
mod stream;

use std::fmt;

use bearhug_core::Token;
use http::{HeaderMap, HeaderValue};
use memchr::memmem;
use zeroize::Zeroizing;

pub use stream::Scrubbing;

/// What stands in a token's place, once for each of its bytes, so that nothing moves.
const FILLER: u8 = b'*';

/// What finds one token in every form that a header or a body repeats it in.
pub struct Scrubber {
    needles: Vec<Zeroizing<Vec<u8>>>,
}

impl Scrubber {
    /// Makes one for a token. It is worth keeping as long as the token is.
    pub fn new(token: &Token) -> Self {
        Self { needles: needles::of(token) }
    }

    /// Whether the token is in some bytes.
    pub fn finds_in(&self, bytes: &[u8]) -> bool {
        self.needles.iter().any(|needle| memmem::find(bytes, needle).is_some())
    }

    /// Puts filler in the token's place, wherever it is.
    pub fn scrub(&self, bytes: &mut [u8]) {
        for needle in &self.needles {
            let mut from = 0;
            while let Some(at) = bytes.get(from..).and_then(|rest| memmem::find(rest, needle)) {
                let end = from + at + needle.len();
                if let Some(found) = bytes.get_mut(from + at..end) {
                    found.fill(FILLER);
                }
                from = end;
            }
        }
    }

    /// The same in a text.
    pub(super) fn scrub_text(&self, text: &mut String) {
        if self.finds_in(text.as_bytes()) {
            let mut bytes = std::mem::take(text).into_bytes();
            self.scrub(&mut bytes);
            *text = String::from_utf8_lossy(&bytes).into_owned();
        }
    }

    /// The same in the values of headers, or of trailers.
    pub fn scrub_headers(&self, headers: &mut HeaderMap) {
        for value in headers.values_mut() {
            if self.finds_in(value.as_bytes()) {
                let mut bytes = value.as_bytes().to_vec();
                self.scrub(&mut bytes);
                *value = HeaderValue::from_bytes(&bytes).unwrap_or(HeaderValue::from_static("*"));
            }
        }
    }

    /// How many bytes at the end may be the start of a token that goes on.
    fn open_end(&self, bytes: &[u8]) -> usize {
        let ends = self.needles.iter().map(|needle| {
            let longest = bytes.len().min(needle.len().saturating_sub(1));
            let is_start = |length: &usize| {
                let end = bytes.get(bytes.len().saturating_sub(*length)..).unwrap_or_default();
                needle.starts_with(end)
            };
            (1..=longest).rev().find(is_start).unwrap_or(0)
        });
        ends.max().unwrap_or(0)
    }
}

impl fmt::Debug for Scrubber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scrubber").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
