//! What can be typed.

use std::path::PathBuf;

mod census;
mod config;
mod event;
mod hub;
mod import;
mod ledger;
mod lending;
mod owner;
mod policy;
mod revoke;
mod token;
mod vault;

pub(crate) use census::Census;
pub(crate) use config::{Config, ConfigAction, ConfigForm, ConfigPath, ConfigShow};
pub(crate) use event::{
    Event, EventCommand, EventFiltering, EventForm, ExportEvents, ListEvents, SealEvents,
    VerifyEvents,
};
pub(crate) use hub::{Check, Deed, Form, Inspect, Shape, Why, Wording};
pub(crate) use import::Import;
pub(crate) use ledger::{
    Backup, LedgerArguments, LedgerCommand, Migrate, Recording, Restore, Status, WhichLedger,
};
pub(crate) use lending::{CredentialAction, GitCredential, Run};
pub(crate) use owner::{
    AddOwner, Alias, Campaign, ListOwners, Offboard, Owner, OwnerCommand, ShowOwner,
};
pub(crate) use policy::{
    Policy, PolicyAction, PolicyCheck, PolicyShow, PolicyTest, PolicyUnwaive, PolicyWaive,
    PolicyWaivers,
};
pub(crate) use revoke::{AskFirst, Questions, Revoke};
pub(crate) use token::{
    Add, Adopt, Assign, Brand, Chosen, Confirm, Describe, Filtering, List, Mark, Past, Released,
    Retire, SheetForm, Show, Tag, Token, TokenCommand, criticality, state, verdict,
};
pub(crate) use vault::{
    AddEntry, CheckEntries, ImportTokens, KeyChoice, ListEntries, MoveEntry, Rekey, RemoveEntries,
    Showing, Target, Vault, VaultCommand, WhichVault,
};

use bearhug_core::Confidence;
use bearhug_sources::Limits;
use bearhug_view::Format;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

/// Find Hugging Face tokens wherever they were copied to, and know what they can do
///
/// Exit codes: 0 clean or done, 1 error, 2 usage, 3 tokens found or a gate said no, 4 not authenticated,
/// 6 done in part, 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "bearhug", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) global: Global,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Show nothing but the report and errors
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Show more: every sighting, every gap
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Scan(Box<Scan>),
    Inspect(Inspect),
    Check(Check),
    Why(Why),
    Revoke(Box<Revoke>),
    Run(Box<Run>),
    Census(Census),
    Token(Token),
    Owner(Owner),
    Event(Event),
    Ledger(LedgerArguments),
    Hook(Hook),
    Config(Config),
    Policy(Policy),
    Vault(Vault),
    Localhub(Localhub),
    GitCredential(GitCredential),
}

/// Hunt for tokens in files and git histories
///
/// Searches every byte of every file below the given paths, and every object of every git repository
/// among them: hidden files, files that git ignores,
/// binary files, and text in escapes, percent encoding, HTML references, quoted-printable, base64,
/// hex, UTF-16 and UTF-32, nested in one another. Whatever could not be read is listed as a gap.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug scan .                                   hunt through this folder
  bearhug scan --range origin/main..HEAD           what a branch adds
  bearhug scan https://github.com/ada/model        a repository elsewhere, cloned for the scan
  bearhug scan hf://datasets/ada/poems             one on the Hub
  bearhug scan src notebooks --format sarif -o r.sarif
  kubectl get secrets -A -o yaml | bearhug scan -  hunt through a stream
  bearhug scan docker-archive:image.tar:app:1.0    hunt through the layers of an image
  bearhug scan . --write-baseline .bearhug-baseline.json
  bearhug scan . --baseline .bearhug-baseline.json report what is new
  bearhug scan . --verify                          ask the Hub which are alive
  bearhug scan --machine                           hunt where tokens live on this computer
  bearhug scan --machine --keyring                 and in its keyring
  bearhug scan . --record                          and keep what was found in the ledger

A line that says `bearhug:allow` is left out, and the report says how many were.")]
pub(crate) struct Scan {
    /// Files, folders and addresses of repositories; docker-archive:FILE, oci:DIR and docker:NAME are
    /// images, each with :TAG if need be; `-` is the standard input [default: .]
    #[arg(value_name = "PATH", conflicts_with = "staged")]
    pub(crate) paths: Vec<PathBuf>,
    /// Scan what `git commit` would record, instead of files
    #[arg(long)]
    pub(crate) staged: bool,
    /// Look where tokens live on this computer: clients, histories, settings, your own processes
    #[arg(long, conflicts_with_all = ["staged", "since", "branch", "range"])]
    pub(crate) machine: bool,
    /// With --machine, ask git's credential helpers and your keyring as well; the system may want
    /// you to unlock it
    #[arg(long, requires = "machine")]
    pub(crate) keyring: bool,
    #[command(flatten)]
    pub(crate) verification: Verification,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) hunting: Hunting,
    #[command(flatten)]
    pub(crate) reporting: Reporting,
    #[command(flatten)]
    pub(crate) recording: Recording,
}

/// Whether the Hub is asked about what is found.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is asked of the Hub")]
pub(crate) struct Verification {
    /// Ask the Hub about each token that is found: whether it is alive, whose it is and what it can do.
    /// Tokens are sent there and nowhere else
    #[arg(long)]
    pub(crate) verify: bool,
    #[command(flatten)]
    pub(crate) questions: Questions,
}

/// Start a Hub of your own on this computer
///
/// It speaks the Hugging Face Hub's API on loopback, so that clients, and bearhug, can be tried out
/// without the Hub. It starts with one person and a token, or with what a seed file names, and
/// forgets accounts and tokens when it stops.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug localhub                                 one person, one token
  bearhug localhub --port 8000 --seed team.toml    accounts and repositories of a file
  HF_ENDPOINT=http://127.0.0.1:8000 HF_TOKEN=… hf auth whoami")]
pub(crate) struct Localhub {
    /// Accounts, organisations, tokens and repositories to start with, in TOML
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// The port on loopback; 0 lets the system choose
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) port: u16,
    /// Where repositories are kept [default: a folder that is removed at the end]
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// Hugging Face's `local_cas_server`, which keeps large files for clients that use Xet [default:
    /// no Xet]
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) cas_server: Option<PathBuf>,
}

/// Which files are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is read")]
pub(crate) struct Reading {
    /// Leave out files that git ignores; they are scanned by default, since .env files are among them
    #[arg(long)]
    pub(crate) respect_gitignore: bool,
    /// Leave out paths that match, in the syntax of .gitignore (can be repeated)
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Leave out files larger than this, for example 500K, 20M or 2G
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(crate) max_size: Option<u64>,
    /// Search archives and other containers as they are, without opening them
    #[arg(long)]
    pub(crate) no_archives: bool,
    /// How many containers may lie in one another
    #[arg(long, value_name = "N", default_value_t = Limits::default().depth)]
    pub(crate) max_depth: u8,
    /// How many parts the containers of one file may have together
    #[arg(long, value_name = "N", default_value_t = Limits::default().parts)]
    pub(crate) max_parts: u64,
    /// How much one file may be unpacked to [default: 1G and 100 times its size]
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    pub(crate) max_unpacked: Option<u64>,
    /// How much to hold in memory of a container that cannot be read from front to back
    #[arg(long, value_name = "SIZE", value_parser = parse_size, default_value = "64M")]
    pub(crate) max_held: u64,
    #[command(flatten)]
    pub(crate) history: Histories,
    /// How many threads read [default: one a processor]
    #[arg(short = 'j', long, value_name = "N")]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
}

impl Default for Reading {
    /// Everything, as when nothing was typed.
    fn default() -> Self {
        let Limits { depth, parts, unpacked, held } = Limits::default();
        Self {
            respect_gitignore: false,
            exclude: Vec::new(),
            max_size: None,
            no_archives: false,
            max_depth: depth,
            max_parts: parts,
            max_unpacked: unpacked,
            max_held: held,
            history: Histories::default(),
            threads: None,
        }
    }
}

/// Which part of git histories is read.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is read of git histories")]
pub(crate) struct Histories {
    /// Read files only, and no git history
    #[arg(long, conflicts_with_all = ["since", "branch", "range", "state"])]
    pub(crate) no_history: bool,
    /// Read only what was committed since a date, such as 2026-01-31, and no files
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    pub(crate) since: Option<i64>,
    /// Read only what a branch, a tag or another revision leads to, and no files
    #[arg(long, value_name = "REVISION")]
    pub(crate) branch: Option<String>,
    /// Read only what the commits between two revisions add, and no files
    #[arg(long, value_name = "BASE..HEAD", value_parser = parse_range)]
    pub(crate) range: Option<(String, String)>,
    /// Read only what the scans that wrote this file have not, and write it anew
    #[arg(long, value_name = "FILE", conflicts_with_all = ["since", "branch", "range"])]
    pub(crate) state: Option<PathBuf>,
}

/// What counts as a token.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is found")]
pub(crate) struct Hunting {
    /// Search plain text only and no encodings
    #[arg(long)]
    pub(crate) fast: bool,
    /// Report placeholders too, such as those in documentation
    #[arg(long)]
    pub(crate) include_placeholders: bool,
    /// Report only what is at least this sure [default: low]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) min_confidence: Option<Level>,
    /// Leave out the tokens that this file accepts
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write a file that accepts every token found, and succeed
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
}

/// How findings are told.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is reported")]
pub(crate) struct Reporting {
    /// The form of the report: human, json, jsonl, csv, sarif or html
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,
    /// Write the report to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 3 from this confidence on [default: medium]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) fail_on: Option<Level>,
    /// Exit with 6 if something could not be read, or the Hub could not be asked about a token
    #[arg(long)]
    pub(crate) strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    #[default]
    Low,
    Medium,
    High,
}

impl From<Level> for Confidence {
    fn from(level: Level) -> Self {
        match level {
            Level::Low => Self::Low,
            Level::Medium => Self::Medium,
            Level::High => Self::High,
        }
    }
}

/// Keep tokens out of commits and pushes
///
/// Git runs the hooks in every clone where they are installed. A hook that is there already is kept
/// and runs first.
#[derive(Debug, Args)]
pub(crate) struct Hook {
    #[command(subcommand)]
    pub(crate) action: HookAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum HookAction {
    /// Install the hooks in this repository
    #[command(after_help = "Example:\n  bearhug hook install")]
    Install {
        /// Which hooks
        #[arg(value_enum, default_values_t = [HookName::PreCommit, HookName::PrePush])]
        hooks: Vec<HookName>,
    },
    /// Remove the hooks and put back what they replaced
    #[command(after_help = "Example:\n  bearhug hook uninstall")]
    Uninstall {
        /// Which hooks
        #[arg(value_enum, default_values_t = [HookName::PreCommit, HookName::PrePush])]
        hooks: Vec<HookName>,
    },
    /// Do what a hook does: git calls this
    #[command(after_help = "Example:\n  bearhug hook run pre-commit")]
    Run {
        /// Which hook
        #[arg(value_enum)]
        hook: HookName,
        /// What git passes to the hook
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HookName {
    /// Before a commit is made
    PreCommit,
    /// Before commits are sent
    PrePush,
}

/// A number of bytes, with K, M or G for powers of 1024.
pub(crate) fn parse_size(text: &str) -> Result<u64, String> {
    let upper = text.to_ascii_uppercase();
    let number = upper.trim_end_matches(['B', 'I']);
    let (digits, unit) = match number.char_indices().last() {
        Some((at, 'K')) => (&number[..at], 1 << 10),
        Some((at, 'M')) => (&number[..at], 1 << 20),
        Some((at, 'G')) => (&number[..at], 1 << 30),
        _ => (number, 1_u64),
    };
    let count: u64 =
        digits.parse().map_err(|_| "write a size as 500K, 20M or 2G, or in bytes".to_owned())?;
    count.checked_mul(unit).ok_or_else(|| "that is more than any file holds".to_owned())
}

/// The first second of a day in UTC, or a moment, in seconds since 1970.
fn parse_date(text: &str) -> Result<i64, String> {
    let moment = text.parse::<Timestamp>();
    let day = || TimeZone::UTC.to_timestamp(text.parse::<Date>()?.at(0, 0, 0, 0));
    let moment = moment.or_else(|_| day());
    moment
        .map(Timestamp::as_second)
        .map_err(|_| "write a date as 2026-01-31, or as 2026-01-31T12:00:00Z".to_owned())
}

fn parse_range(text: &str) -> Result<(String, String), String> {
    let (base, head) = text.split_once("..").ok_or("write a range as BASE..HEAD")?;
    if head.starts_with('.') {
        return Err("three dots are another thing; write BASE..HEAD".to_owned());
    }
    let or_head = |name: &str| if name.is_empty() { "HEAD".to_owned() } else { name.to_owned() };
    Ok((or_head(base), or_head(head)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }

    #[test]
    fn dates_and_ranges_are_read_or_refused() {
        assert_eq!(parse_date("1970-01-02"), Ok(86400));
        assert_eq!(parse_date("1970-01-01T01:00:00+01:00"), Ok(0));
        assert!(parse_date("yesterday").is_err());
        assert_eq!(parse_range("a..b"), Ok(("a".to_owned(), "b".to_owned())));
        assert_eq!(parse_range("a.."), Ok(("a".to_owned(), "HEAD".to_owned())));
        assert!(parse_range("a...b").is_err() && parse_range("a").is_err());
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(parse_size("20M"), Ok(20 << 20));
        assert_eq!(parse_size("2GiB"), Ok(2 << 30));
        assert_eq!(parse_size("512"), Ok(512));
        for bad in ["", "M", "-1", "1.5G", "99999999999G"] {
            assert!(parse_size(bad).is_err(), "{bad}");
        }
    }
}
