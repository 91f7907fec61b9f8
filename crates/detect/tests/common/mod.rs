//! What the tests of the detector and its fuzz targets share: tokens, texts to put them in, and
//! encoders.
//!
//! Nothing here uses the detector's code, so that the one can judge the other.

#![allow(dead_code, reason = "each test uses a part of this")]

pub(crate) mod dice;
pub(crate) mod layers;
pub(crate) mod text;
pub(crate) mod tokens;

use std::{ops::Range, sync::OnceLock};

use bearhug_detect::{Detector, Options, Scan};
use proptest::test_runner::Config;

/// So many cases of a property, or as many as `PROPTEST_CASES` asks for if they are more. What
/// they find is kept as a test with a name, not as a seed.
pub(crate) fn cases(cases: u32) -> Config {
    let usual = Config::default();
    Config { cases: usual.cases.max(cases), failure_persistence: None, ..usual }
}

/// Searches with one detector, which without optimisation takes a while to build.
pub(crate) fn scan(bytes: impl AsRef<[u8]>) -> Scan {
    static DETECTOR: OnceLock<Detector> = OnceLock::new();
    DETECTOR.get_or_init(|| Detector::new(Options::default())).scan(bytes.as_ref())
}

/// Bytes with a token in them.
#[derive(Clone)]
pub(crate) struct Marked {
    pub(crate) bytes: Vec<u8>,
    /// Where the token, or what encodes it, stands.
    pub(crate) token: Range<usize>,
}

impl Marked {
    /// A token by itself.
    pub(crate) fn bare(token: &str) -> Self {
        Self { bytes: token.as_bytes().to_vec(), token: 0..token.len() }
    }

    /// Whether no line break may cut the start of what encodes the token. The literal by which it
    /// is noticed stands there, and only the commonest, `hf_`, is looked for in pieces.
    pub(crate) fn is_fragile(&self) -> bool {
        !self.bytes[self.token.clone()].starts_with(b"hf_")
    }

    /// Whether the token, cut off at `at`, could pass for another: a lease has the prefix of a user
    /// token, and is one if it ends where that would.
    pub(crate) fn is_user_token_before(&self, at: usize) -> bool {
        at == 37 && self.bytes[self.token.clone()].starts_with(b"hf_lease")
    }

    /// The same with something before and after it.
    pub(crate) fn between(self, before: impl AsRef<[u8]>, after: impl AsRef<[u8]>) -> Self {
        let shift = before.as_ref().len();
        let bytes = [before.as_ref(), &self.bytes, after.as_ref()].concat();
        Self { bytes, token: self.token.start + shift..self.token.end + shift }
    }
}

impl std::fmt::Debug for Marked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let part = |range: Range<usize>| String::from_utf8_lossy(&self.bytes[range]);
        let (before, after) = (0..self.token.start, self.token.end..self.bytes.len());
        write!(f, "{:?} ⟦{:?}⟧ {:?}", part(before), part(self.token.clone()), part(after))
    }
}
