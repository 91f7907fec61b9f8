//! What can be typed to say which ledger is meant, and what goes into it.

use clap::Args;

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
