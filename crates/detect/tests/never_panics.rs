//! Whatever the bytes, a search ends, and says things that hold together.

mod common;

use std::sync::OnceLock;

use bearhug_detect::{Candidate, Detector, Options, Scan};
use common::scan;
use proptest::prelude::*;

/// What literals, their encodings and what stands around them are made of.
const ALPHABET: [&str; 97] = [
    "hf_",
    "h",
    "f",
    "_",
    "hf",
    "api_org_",
    "api_",
    "org_",
    "oauth_app_secret_",
    "secret",
    "HFAK",
    "hf_oauth_",
    "hf_oauth__refresh_",
    "hf_jwt_",
    "hf_s3_",
    "hf_app_",
    "hf_lease",
    "eyJ",
    "eyJhbGciOiJF",
    ".",
    "-",
    "QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr",
    "QkRvTzLpWmXcJnYb",
    "GsHd",
    "A7Q2ZX9M4T1V8K3PB",
    "Z",
    "0",
    "9",
    "\"",
    "'",
    "`",
    "\\",
    "\\\\",
    "\\\"",
    " + ",
    ", ",
    "+",
    "||",
    "# x",
    "//",
    ".concat(",
    "b",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "  ",
    "\\n",
    "\\r\\n",
    "\\u005f",
    "\\u0068",
    "\\u",
    "\\u{5f}",
    "\\u{",
    "\\x5f",
    "\\x",
    "\\137",
    "\\1",
    "\\U0000005",
    "\\U0000005f",
    "\\N{LOW LINE}",
    "\\N{",
    "%5f",
    "%5F",
    "%68",
    "%255f",
    "%25",
    "%2F",
    "%",
    "&#95;",
    "&#95",
    "&#x5f;",
    "&#x",
    "&#",
    "&amp;#",
    "&lowbar;",
    "wbar;",
    "&",
    "=5F",
    "=68",
    "=\n",
    "=\r\n",
    "=",
    "aGZf",
    "hmX",
    "oZl",
    "aGZfQkRvVHpMcFdt",
    "YUdaZl",
    "68665f",
    "68 66 5f",
    "6",
    "h\0f\0_\0",
    "h\0\0\0f\0\0\0_\0\0\0",
    "\0",
    "\u{1}",
    "é",
];

/// The spans lie in the input and in order, and nothing is found that is not there.
fn check(bytes: &[u8], scan: &Scan) -> Result<(), TestCaseError> {
    let mut last = 0;
    for candidate in &scan.candidates {
        let span = &candidate.span;
        prop_assert!(span.start < span.end && span.end <= bytes.len(), "{span:?}");
        prop_assert!(span.start >= last, "{span:?} after {last}");
        last = span.start;
        prop_assert!(!candidate.assessment.reasons.is_empty());
        if candidate.encodings.is_empty() {
            let value = std::str::from_utf8(&bytes[span.clone()]).expect("a plain value is text");
            let redacted = candidate.token.redacted();
            prop_assert!(redacted.len() < value.len() && !value.contains(&redacted));
            prop_assert_eq!(candidate.token.last4(), &value[value.len() - 4..]);
        } else {
            prop_assert!(candidate.encodings.len() <= 8);
        }
    }
    Ok(())
}

/// Whether a search without decoding finds what is plain, and nothing else.
fn check_plain(bytes: &[u8], all: &Scan) -> Result<(), TestCaseError> {
    let options = Options { decode: false, ..Options::default() };
    let plain = Detector::new(options).scan(bytes);
    prop_assert!(plain.complete);
    for candidate in &plain.candidates {
        prop_assert!(candidate.encodings.is_empty());
        let is_same = |other: &&Candidate| {
            other.span.start <= candidate.span.start && other.span.end >= candidate.span.end
        };
        prop_assert!(all.candidates.iter().any(|c| is_same(&c)), "{:?}", candidate.span);
    }
    Ok(())
}

proptest! {
    #![proptest_config(common::cases(3000))]

    #[test]
    fn bytes(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let scan = scan(&bytes);
        check(&bytes, &scan)?;
        check_plain(&bytes, &scan)?;
    }

    #[test]
    fn pieces_of_what_is_looked_for(
        pieces in prop::collection::vec(prop::sample::select(&ALPHABET[..]), 0..120),
    ) {
        let bytes = pieces.concat().into_bytes();
        let scan = scan(&bytes);
        check(&bytes, &scan)?;
        check_plain(&bytes, &scan)?;
    }

    /// Cut anywhere, so that every lookahead and lookbehind meets an end.
    #[test]
    fn cut_off(
        pieces in prop::collection::vec(prop::sample::select(&ALPHABET[..]), 1..30),
        (from, to) in any::<(prop::sample::Index, prop::sample::Index)>(),
    ) {
        let bytes = pieces.concat().into_bytes();
        let from = from.index(bytes.len());
        let bytes = &bytes[from..from + to.index(bytes.len() - from + 1)];
        check(bytes, &scan(bytes))?;
    }

}

/// Detectors of little patience.
fn impatient() -> &'static [Detector] {
    static DETECTORS: OnceLock<Vec<Detector>> = OnceLock::new();
    DETECTORS.get_or_init(|| {
        let options = (0..3).map(|depth| Options { decode: true, depth, decode_ratio: 0 });
        options.map(Detector::new).collect()
    })
}

proptest! {
    #![proptest_config(common::cases(1000))]

    #[test]
    fn with_small_budgets(
        pieces in prop::collection::vec(prop::sample::select(&ALPHABET[..]), 0..120),
        depth in 0..3_usize,
    ) {
        let bytes = pieces.concat().into_bytes();
        let scan = impatient()[depth].scan(&bytes);
        check(&bytes, &scan)?;
        prop_assert!(scan.candidates.iter().all(|c| c.encodings.len() <= depth));
    }
}
