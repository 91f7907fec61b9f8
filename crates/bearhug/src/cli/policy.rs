//! What can be typed about the policy.

use std::path::PathBuf;

use bearhug_core::policy::{Mode, Rule};
use clap::{Args, Subcommand};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use super::{Shape, WhichLedger, Wording};

/// Hold the ledger to a policy
///
/// The policy stands in `bearhug.toml` under `[policy]`. Each rule is observed, warned of or enforced. See
/// docs/policy.md.
#[derive(Debug, Args)]
pub(crate) struct Policy {
    #[command(subcommand)]
    pub(crate) action: PolicyAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyAction {
    /// Show every rule, as it is set
    #[command(after_help = "Example:\n  bearhug policy show")]
    Show(PolicyShow),
    Check(PolicyCheck),
    Test(PolicyTest),
    Waive(PolicyWaive),
    /// Withdraw a waiver
    #[command(after_help = "Example:\n  bearhug policy unwaive id_7kq2mhfz max-age-days")]
    Unwaive(PolicyUnwaive),
    /// Show which rules are waived, for whom and until when
    #[command(after_help = "Example:\n  bearhug policy waivers")]
    Waivers(PolicyWaivers),
}

#[derive(Debug, Args)]
pub(crate) struct PolicyShow {
    /// The form of the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Human)]
    pub(crate) format: Shape,
}

/// Say who breaks the policy, and what to do about it
///
/// Holds every identity of the ledger against the policy as it is now. Exit codes: 0 nothing is broken
/// that is enforced, 3 something is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug policy check                             what is broken, the most urgent first
  bearhug policy check --fail-on warn              a stricter gate
  bearhug policy check --rule owner-required --environment production --format json")]
pub(crate) struct PolicyCheck {
    /// Only this rule (can be repeated)
    #[arg(long, value_name = "RULE", value_parser = parse_rule)]
    pub(crate) rule: Vec<Rule>,
    /// Only identities that are for this environment, or were seen in it
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// Exit with 3 if a rule of this mode, or of one that is stricter, is broken
    #[arg(long, value_name = "MODE", value_parser = parse_mode, default_value = "enforce")]
    pub(crate) fail_on: Mode,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Wording::Human)]
    pub(crate) format: Wording,
    /// Write the report to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) which: WhichLedger,
}

/// Try the policy on examples
///
/// Each example describes an identity in a few words and lists the rules that it must break, no more and
/// no fewer. Exit codes: 0 all come out as they say, 3 some do not.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug policy test                              policy-examples.toml here
  bearhug policy test ci/policy/*.toml

An example:
  [[example]]
  name = \"a write token outside CI\"
  breaks = [\"no-write-outside\"]
  identity = { role = \"write\", environment = \"notebook\", owner = \"ada\" }")]
pub(crate) struct PolicyTest {
    /// Files with examples [default: policy-examples.toml]
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Human)]
    pub(crate) format: Shape,
}

/// Give an identity leave to break a rule for a while
///
/// The breach is then shown as waived and fails nothing, until the end of the day that is named. Who gave
/// the leave, and why, is recorded.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  bearhug policy waive id_7kq2mhfz max-age-days --until 2027-01-31 --reason \"rotates with release 4\"")]
pub(crate) struct PolicyWaive {
    /// The identity: the start of its name, or the fingerprint of its token
    #[arg(value_name = "ID")]
    pub(crate) identity: String,
    /// The rule
    #[arg(value_name = "RULE", value_parser = parse_rule)]
    pub(crate) rule: Rule,
    /// The last day on which it is waived, in UTC, such as 2027-01-31
    #[arg(long, value_name = "DATE", value_parser = parse_last_day)]
    pub(crate) until: Timestamp,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    #[command(flatten)]
    pub(crate) which: WhichLedger,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyUnwaive {
    /// The identity: the start of its name, or the fingerprint of its token
    #[arg(value_name = "ID")]
    pub(crate) identity: String,
    /// The rule
    #[arg(value_name = "RULE", value_parser = parse_rule)]
    pub(crate) rule: Rule,
    #[command(flatten)]
    pub(crate) which: WhichLedger,
}

#[derive(Debug, Args)]
pub(crate) struct PolicyWaivers {
    /// Those that have ended as well
    #[arg(long)]
    pub(crate) all: bool,
    /// The form of the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Human)]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) which: WhichLedger,
}

fn parse_rule(text: &str) -> Result<Rule, String> {
    Rule::of_key(text).ok_or_else(|| {
        let keys: Vec<_> = Rule::ALL.iter().map(|rule| rule.key()).collect();
        format!("the rules are {}", keys.join(", "))
    })
}

fn parse_mode(text: &str) -> Result<Mode, String> {
    Mode::of_name(text).ok_or_else(|| "the modes are observe, warn and enforce".to_owned())
}

/// The end of a day in UTC.
fn parse_last_day(text: &str) -> Result<Timestamp, String> {
    let wrong = |_| "write the day as 2027-01-31".to_owned();
    let day: Date = text.parse().map_err(wrong)?;
    let next = day.checked_add(1.day()).map_err(wrong)?;
    TimeZone::UTC.to_timestamp(next.at(0, 0, 0, 0)).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_counts_to_its_end() {
        let end = parse_last_day("2027-01-31").unwrap();
        assert_eq!(end.to_string(), "2027-02-01T00:00:00Z");
        for bad in ["tomorrow", "2027-02-30", "", "9999-12-31"] {
            assert!(parse_last_day(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rules_and_modes_go_by_their_names() {
        for rule in Rule::ALL {
            assert_eq!(parse_rule(rule.key()), Ok(*rule));
        }
        assert!(parse_rule("max-age").unwrap_err().contains("max-age-days"));
        assert_eq!(parse_mode("warn"), Ok(Mode::Warn));
        assert!(parse_mode("warning").is_err());
    }
}
