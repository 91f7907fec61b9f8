//! What can be typed to say which ledger is meant, what goes into it, and what is done with all of it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::hub::Shape;

/// Which ledger is read and written.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "The ledger")]
pub(crate) struct WhichLedger {
    /// The ledger: a file, or postgres://… [default: `BEARHUG_LEDGER`, or ledger.db in
    /// `$XDG_STATE_HOME/bearhug`]. Give a password by the environment, not here
    #[arg(long = "ledger", value_name = "ADDRESS")]
    pub(crate) address: Option<String>,
}

/// Whether what a scan finds is kept.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "The ledger")]
pub(crate) struct Recording {
    /// Keep what is found in the ledger: tokens, where each is, and what is gone since the last scan
    #[arg(long, conflicts_with = "staged")]
    pub(crate) record: bool,
    /// Where the tokens found here are used, such as production or ci
    #[arg(long, value_name = "NAME", requires = "record")]
    pub(crate) environment: Option<String>,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

/// Ledgers as a whole: how one stands, copies, backups
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug ledger status
  bearhug ledger backup bearhug-2026-11-24.backup
  bearhug ledger migrate --from ledger.db --to postgres://host/bearhug")]
pub(crate) struct LedgerArguments {
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    Status(Status),
    Migrate(Migrate),
    Backup(Backup),
    Restore(Restore),
}

/// Show what a ledger holds, and who vouches for it
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug ledger status
  bearhug ledger status --format json")]
pub(crate) struct Status {
    /// The form
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Human)]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

/// Copy everything into another ledger, which must be empty
///
/// It is read at one moment, looked through, written at once or not at all, and read again to compare. The
/// old ledger stays as it is.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug ledger migrate --from ledger.db --to postgres://host/bearhug
  PGPASSWORD=… bearhug ledger migrate --from postgres://ada@host/bearhug --to copy.db")]
pub(crate) struct Migrate {
    /// The ledger to copy: a file, or postgres://…
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) from: String,
    /// The ledger to fill, which is made if it is not there
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: String,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Human)]
    pub(crate) format: Shape,
}

/// Write everything to a file that only you can read
///
/// The file is JSON Lines, compressed with Zstandard, and the same for every database. Others may write to
/// the ledger meanwhile.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug ledger backup bearhug-2026-11-24.backup
  bearhug ledger backup /dev/stdout | age -r age1… > bearhug.backup.age")]
pub(crate) struct Backup {
    /// The file, which is replaced if it is there
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Human)]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}

/// Fill a ledger from a backup
///
/// If the file is not whole, or its chain of events is broken, the ledger stays as it is. So it does if this
/// computer remembers later events, or others, than are in the file.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug ledger restore bearhug-2026-11-24.backup
  bearhug ledger restore --replace bearhug-2026-11-24.backup
  age -d bearhug.backup.age | bearhug ledger restore -")]
pub(crate) struct Restore {
    /// What `bearhug ledger backup` wrote; `-` is the standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Delete what the ledger holds
    #[arg(long)]
    pub(crate) replace: bool,
    /// Forget what this computer remembers of the ledger, as an older backup takes it back to how it was
    #[arg(long)]
    pub(crate) forget: bool,
    /// The form of the report
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Shape::Human)]
    pub(crate) format: Shape,
    #[command(flatten)]
    pub(crate) ledger: WhichLedger,
}
