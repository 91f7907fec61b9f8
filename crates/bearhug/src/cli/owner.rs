//! What can be typed about those who answer for tokens.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use jiff::SignedDuration;

use super::{hub::parse_age, ledger::WhichLedger, token::Sheets};

/// People and teams that answer for tokens
///
/// Whoever is named with `--owner` enters the ledger by that; here more is said of them, and here they
/// leave.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug owner add ada --email ada@example.org --alias ada-hub
  bearhug owner list                               who has how much, and what nobody has
  bearhug owner offboard ada --transfer-to bob     what to do with each token of who leaves
  bearhug owner campaign --every 90d               what is to be confirmed, and by whom")]
pub(crate) struct Owner {
    #[command(subcommand)]
    pub(crate) command: OwnerCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OwnerCommand {
    Add(AddOwner),
    List(ListOwners),
    Show(ShowOwner),
    Alias(Alias),
    Offboard(Offboard),
    Campaign(Campaign),
}

/// Add somebody, or say more of who is there
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug owner add ada --email ada@example.org
  bearhug owner add ml-platform --team --alias @acme/ml")]
pub(crate) struct AddOwner {
    /// Their name in the ledger, short and unique
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// It is several people
    #[arg(long)]
    pub(crate) team: bool,
    /// Where to reach them
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) email: Option<String>,
    /// An account on the Hub, a name or an address that they write commits under, a name in CODEOWNERS
    /// (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub(crate) alias: Vec<String>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

/// List them with what they answer for
#[derive(Debug, Args)]
pub(crate) struct ListOwners {
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
    #[command(flatten)]
    pub(crate) reporting: Sheets,
}

/// Show one with every token
#[derive(Debug, Args)]
pub(crate) struct ShowOwner {
    /// Their name, or an alias
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
    #[command(flatten)]
    pub(crate) reporting: Sheets,
}

/// Say what else somebody is called
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug owner alias ada ada-hub 'Ada Example'
  bearhug owner alias ada --remove ada-old")]
pub(crate) struct Alias {
    /// Their name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// What else they are called
    #[arg(value_name = "ALIAS", required_unless_present = "remove")]
    pub(crate) aliases: Vec<String>,
    /// What they are no longer called (can be repeated)
    #[arg(long, value_name = "ALIAS")]
    pub(crate) remove: Vec<String>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

/// Decide about every token of somebody who leaves
///
/// Each goes to somebody else, who replaces its value since the one who leaves has seen it, or is to be
/// killed. On a terminal you are asked about each. A token that is to be killed is marked as compromised,
/// and the command that revokes it is printed; it is revoked in the ledger when that is proved.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("decision"),
    after_help = "\
Examples:
  bearhug owner offboard ada --dry-run             what she has
  bearhug owner offboard ada                       decide about each, on a terminal
  bearhug owner offboard ada --transfer-to bob     all of it goes to bob, and is rotated
  bearhug owner offboard ada --plan plan.csv       as lines such as `id_4xq7…,transfer,bob` say"
)]
pub(crate) struct Offboard {
    /// Their name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// All of it goes to this person or team
    #[arg(long, value_name = "NAME", group = "decision")]
    pub(crate) transfer_to: Option<String>,
    /// All of it is to be killed
    #[arg(long, group = "decision")]
    pub(crate) kill: bool,
    /// A file with a line for each: ID,transfer,NAME or ID,kill
    #[arg(long, value_name = "FILE", group = "decision")]
    pub(crate) plan: Option<PathBuf>,
    /// List what they have, and do nothing
    #[arg(short = 'n', long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
    #[command(flatten)]
    pub(crate) reporting: Sheets,
}

/// List what is to be confirmed, and by whom
///
/// `bearhug token confirm` confirms. Exit code 3 if something is overdue.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug owner campaign
  bearhug owner campaign --every 30d --format csv -o due.csv
  bearhug token confirm --all-matching owner=ada")]
pub(crate) struct Campaign {
    /// How often a token is to be confirmed, such as 90d [default: as the policy says]
    #[arg(long, value_name = "TIME", value_parser = parse_age)]
    pub(crate) every: Option<SignedDuration>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
    #[command(flatten)]
    pub(crate) reporting: Sheets,
}
