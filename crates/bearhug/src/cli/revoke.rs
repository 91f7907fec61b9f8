//! What can be typed to revoke tokens.

use std::path::PathBuf;

use bearhug_core::Fingerprint;
use clap::{ArgGroup, Args, ValueEnum};

use super::hub::{Which, Wording};

/// Kill leaked tokens and prove that they are dead
///
/// Tells the Hub to revoke tokens, which takes no rights but holding their values, and then asks about
/// each until the Hub says that it is dead. It cannot be undone. The owners are told by e-mail.
///
/// Without a PATH, tokens are read from the standard input, one a line. With one, they are what a scan of
/// it finds. What a scan finds, unless `--fingerprint` names it, and more than one token is a dry run,
/// unless you confirm or say `--yes`.
///
/// Exit codes: 0 all are out of use, or it was a dry run; 6 some are, or not all could be read; 1 none is,
/// or something failed; 130 interrupted.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("from"), after_help = "\
Examples:
  pass show leaked | bearhug revoke
  bearhug revoke notebooks                       what a scan would find: shown, and not revoked
  bearhug revoke notebooks --yes -o proof.json --format json
  bearhug revoke . --from-scan report.jsonl --fingerprint fp_n3g4p6t6dvaewwyzvcznr3thlu
  bearhug revoke --org acme < leaked.txt         cut off from an organisation only, with your own token")]
pub(crate) struct Revoke {
    /// Files, folders and whatever else a scan takes; `-` is the standard input, with one token a line
    #[arg(value_name = "PATH", group = "from")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) which: Which,
    /// Of what is found, only what this report of a scan lists (JSON or JSON lines)
    #[arg(long, value_name = "REPORT", requires = "paths")]
    pub(crate) from_scan: Option<PathBuf>,
    /// Of what is found, only the token of this name (can be repeated)
    #[arg(long, value_name = "fp_…")]
    pub(crate) fingerprint: Vec<Fingerprint>,
    /// Cut them off from this organisation only, as its administrator: with the token that clients
    /// would use here
    #[arg(long, value_name = "NAME")]
    pub(crate) org: Option<String>,
    /// Do it without asking
    #[arg(short, long, conflicts_with = "dry_run")]
    pub(crate) yes: bool,
    /// Show what would be revoked, and do nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// When to ask whose tokens they are before they die: the Hub answers few such questions a minute,
    /// and leaked tokens live meanwhile
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = AskFirst::Auto)]
    pub(crate) ask_first: AskFirst,
    /// How many seconds to go on asking about a token that is still alive
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) wait: u32,
    #[command(flatten)]
    pub(crate) questions: Questions,
    /// The form of the proof
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Wording::Human)]
    pub(crate) format: Wording,
    /// Write the proof to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How fast the Hub is asked about tokens.
#[derive(Debug, Args)]
pub(crate) struct Questions {
    /// How many questions about tokens to ask the Hub in a minute; it limits them strictly
    #[arg(long, value_name = "N", default_value_t = Self::default().per_minute, value_parser = clap::value_parser!(u32).range(1..=600_000))]
    pub(crate) per_minute: u32,
}

impl Default for Questions {
    fn default() -> Self {
        Self { per_minute: 100 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AskFirst {
    /// If it takes no longer than ten seconds
    Auto,
    /// Whatever it takes
    Always,
    /// Never
    Never,
}
