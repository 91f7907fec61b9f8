//! What is said to a person beside the report.

use std::io::Write as _;

use bearhug_core::resembles_token;
use bearhug_detect::{Detector, Options};
use bearhug_guard::hunt::redacted;

use crate::error::CommandError;

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

/// Refuses an argument that holds a token, without repeating it.
pub(crate) fn no_token_argument(text: &str) -> Result<(), CommandError> {
    if !resembles_token(text) {
        return Ok(());
    }
    Err(CommandError::new(
        "a token is no argument, since everybody on this computer can read those",
    )
    .hint("name it by its fingerprint `fp_…` or as `bearhug token list` does")
    .usage())
}

/// A text that is to be kept, unless there is a token in it: the ledger never holds one. `what` says
/// where the text was given.
pub(crate) fn without_token<'a>(text: &'a str, what: &str) -> Result<&'a str, CommandError> {
    let found = Detector::new(Options::default()).scan(text.as_bytes()).candidates;
    if found.is_empty() && !resembles_token(text) {
        return Ok(text);
    }
    Err(CommandError::new(format!("{what} holds what looks like a token, and is not recorded"))
        .hint("say it without the token; its fingerprint `fp_…` names it as well")
        .usage())
}
