//! What can be typed to take in a table of tokens.

use std::path::PathBuf;

use clap::Args;

use super::{WhichLedger, Wording};

/// Take in tokens from a table, a CSV file with a line for each
///
/// The first line names the columns: `value`, `fingerprint`, `hub_id` or `last4`, by which a token is known, and
/// any of `organisation`, `account`, `kind`, `name`, `owner`, `backup`, `purpose`, `environment`, `criticality`,
/// `tags`, `resource` and `notes`. Of a `value` nothing is kept but its fingerprint and its last four characters;
/// a token in any other column is refused. What a line leaves empty stays as it is.
///
/// Every line with a mistake is named, and nothing is written unless all are right. Exit codes: 0 done, 6 done
/// with `--partial` but for some lines, 1 nothing was written, 2 the first line is wrong.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug token import inventory.csv --dry-run
  bearhug token import inventory.csv --partial
  vault-export | bearhug token import -")]
pub(crate) struct Import {
    /// The table; `-` is the standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Take in the lines that are right, though others are not
    #[arg(long)]
    pub(crate) partial: bool,
    /// Show what would be written, and write nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Wording::Human)]
    pub(crate) format: Wording,
    /// Write the report to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}
