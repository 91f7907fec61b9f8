//! What is said to a person beside the report.

use std::io::Write as _;

use bearhug_detect::{Detector, Options};
use bearhug_guard::hunt::redacted;

/// Says something on the standard error, with every token in it redacted: a path may be named like
/// one, and an error may quote what it choked on.
pub(crate) fn say(text: &str) {
    let text = safe(text.trim_end());
    // With the standard error gone as well there is nobody left to tell.
    drop(writeln!(anstream::stderr(), "{text}"));
}

/// A text with every token in it redacted.
pub(crate) fn safe(text: &str) -> String {
    redacted(&Detector::new(Options::default()), text)
}
