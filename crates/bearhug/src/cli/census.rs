//! What can be typed to take a census.

use std::path::PathBuf;

use clap::Args;

use super::{Questions, WhichLedger, Wording};

/// Ask the Hub about what the ledger holds, and record what changed
///
/// Asks about the tokens at hand: those in `HF_TOKEN` and `HUGGING_FACE_HUB_TOKEN`, and those that
/// `hf auth login` keeps. With `--org`, asks for an organisation's tokens, service accounts and members as well,
/// as its administrator: with the token that clients would use here. Notices tokens that were revoked, that
/// expired or got another value, other permissions, the last use, and members who left. What could not be
/// asked changes nothing, and is listed.
///
/// Exit codes: 0 done, 6 something could not be asked, 1 nothing could, 4 there is no token or the Hub does not
/// take it, 130 interrupted: what was learned until then is recorded.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug census                                 the tokens of this computer's user
  bearhug census --org acme                      and all that acme's administrator sees
  bearhug census --org acme --adopt              take in what the ledger does not have
  bearhug census --org acme --dry-run --format json")]
pub(crate) struct Census {
    /// Ask for the tokens, service accounts and members of an organisation (can be repeated)
    #[arg(long = "org", value_name = "NAME")]
    pub(crate) orgs: Vec<String>,
    /// Take in tokens that the ledger does not have, with who may own them
    #[arg(long)]
    pub(crate) adopt: bool,
    /// Weigh every identity anew, not only those that changed or were last weighed a day ago
    #[arg(long)]
    pub(crate) reassess: bool,
    /// Show what would be recorded, and record nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) questions: Questions,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Wording::Human)]
    pub(crate) format: Wording,
    /// Write the report to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}
