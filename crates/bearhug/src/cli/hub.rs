//! What can be typed to ask the Hub about tokens.

use std::path::PathBuf;

use bearhug_core::scope::Access;
use clap::{ArgGroup, Args, ValueEnum};
use jiff::{SignedDuration, Span, SpanRelativeTo};

/// Ask the Hub what tokens can do
///
/// Says of each token whether it is live, whose it is, everything that it may do, which organisations
/// keep it out, what somebody could do who got hold of it, and how risky it is. Nothing is changed.
///
/// Without further words it is the token that clients would use: `HF_TOKEN`, or else the file that
/// `hf auth login` writes. Exit codes: 0 all live, 4 there is none or one is dead, 1 the Hub could not be
/// asked, 6 for some it could not.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("from"), after_help = "\
Examples:
  bearhug inspect                                      the token that clients would use
  bearhug inspect --cache                              every token that `hf auth login` keeps
  pass show hugging-face | bearhug inspect -           one from elsewhere
  bearhug inspect --file deploy/.env --format json
  bearhug inspect --repositories                       and which private repositories it can see
  bearhug inspect --need read:acme/model --need write:datasets/acme/train

A scope is an action, and what it is done to: read:acme/model, write:datasets/acme/train, read:acme/* for
all that acme has, inference:acme, jobs:acme, or the action alone for everything.")]
pub(crate) struct Inspect {
    /// `-` reads tokens from the standard input, one a line
    #[arg(value_name = "-", group = "from", value_parser = parse_dash)]
    pub(crate) dash: Option<Dash>,
    /// Every token that `hf auth login` keeps
    #[arg(long, group = "from")]
    pub(crate) cache: bool,
    #[command(flatten)]
    pub(crate) which: Which,
    /// List the private repositories that it can see as well, which takes some more questions
    #[arg(long)]
    pub(crate) repositories: bool,
    /// Say what the least token for this would be (can be repeated)
    #[arg(long, value_name = "SCOPE")]
    pub(crate) need: Vec<Access>,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Wording::Human)]
    pub(crate) format: Wording,
    /// Write the report to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Where a token is.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The token in a variable of the environment
    #[arg(long, value_name = "NAME", group = "from")]
    pub(crate) env: Option<String>,
    /// The tokens in a file
    #[arg(long, value_name = "PATH", group = "from")]
    pub(crate) file: Option<PathBuf>,
}

/// The standard input, by its sign.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dash;

pub(super) fn parse_dash(text: &str) -> Result<Dash, String> {
    if text == "-" {
        Ok(Dash)
    } else {
        Err("a token is no argument, since everybody on this computer can read those; \
             give it by the standard input, --env or --file"
            .to_owned())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wording {
    /// Words for a person
    Human,
    /// One JSON object
    Json,
    /// One JSON object a line
    Jsonl,
}

impl From<Wording> for bearhug_view::Wording {
    fn from(wording: Wording) -> Self {
        match wording {
            Wording::Human => Self::Human,
            Wording::Json => Self::Json,
            Wording::Jsonl => Self::Jsonl,
        }
    }
}

/// Let a job go on only if its token fits
///
/// Asks the Hub about the token that the job's clients would use, and says no (exit code 3) with the
/// condition that failed and what to do. That the token is live is always a condition (exit code 4). If
/// the Hub could not be asked, that is said, and is no pass (exit code 1).
///
/// In GitHub Actions, failures become annotations and the verdict is added to the job's summary.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("from"), after_help = "\
Examples:
  bearhug check --require read:acme/model --forbid write
  bearhug check --fine-grained --max-age 90d --not-leaked-in .
  bearhug check --env DEPLOY_TOKEN --require write:spaces/acme/demo --format json -o verdict.json")]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) which: Which,
    /// The token must allow all of this (can be repeated)
    #[arg(long, value_name = "SCOPE")]
    pub(crate) require: Vec<Access>,
    /// The token must allow none of this (can be repeated)
    #[arg(long, value_name = "SCOPE")]
    pub(crate) forbid: Vec<Access>,
    /// The token must not be older, such as 90d or 12h
    #[arg(long, value_name = "TIME", value_parser = parse_age)]
    pub(crate) max_age: Option<SignedDuration>,
    /// The token must list what it may do
    #[arg(long)]
    pub(crate) fine_grained: bool,
    /// The token must not be found in this folder, its git history included (can be repeated)
    #[arg(long, value_name = "PATH")]
    pub(crate) not_leaked_in: Vec<PathBuf>,
    /// The form of the verdict
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Form::Human)]
    pub(crate) format: Form,
    /// Write the verdict to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Words for a person
    Human,
    /// One JSON object
    Json,
    /// A JUnit report, which GitLab and others show as tests
    Junit,
}

/// Say why the Hub refuses something
///
/// Takes what a client printed, an address or the name of a repository, asks the Hub with the token
/// that the client would use and without it, and says which it is: the token, a permission, a gate, an
/// organisation's rule, the repository or its name, or a limit. Clients often print "Repository Not
/// Found" for any of these.
///
/// Exit codes: 0 nothing is wrong, 3 this is why, 4 it is the token, 1 the Hub could not be asked.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("from"), after_help = "\
Examples:
  bearhug why acme/model
  bearhug why https://huggingface.co/acme/model/resolve/main/config.json
  python train.py 2>&1 | bearhug why
  bearhug why --action write datasets/acme/train")]
pub(crate) struct Why {
    /// The error, an address, or the name of a repository [default: the standard input]
    #[arg(value_name = "WHAT")]
    pub(crate) what: Vec<String>,
    /// What was to be done, if it was not reading
    #[arg(long, value_enum, value_name = "ACTION")]
    pub(crate) action: Option<Deed>,
    #[command(flatten)]
    pub(crate) which: Which,
    /// The form of the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Human)]
    pub(crate) format: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Shape {
    /// Words for a person
    Human,
    /// One JSON object
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deed {
    /// Reading
    Read,
    /// Writing
    Write,
}

/// A length of time, with days of 24 hours.
pub(super) fn parse_age(text: &str) -> Result<SignedDuration, String> {
    let wrong = || "write a time as 90d, 12h or 2w".to_owned();
    let span: Span = text.parse().map_err(|_| wrong())?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    if length.is_positive() { Ok(length) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_a_number_and_a_unit() {
        let hours = |text| parse_age(text).unwrap().as_hours();
        assert_eq!(["90d", "12h", "2w", "1d 12h"].map(hours), [90 * 24, 12, 14 * 24, 36]);
        for bad in ["", "90", "d", "-3d", "0h", "3 months"] {
            assert!(parse_age(bad).is_err(), "{bad}");
        }
    }
}
