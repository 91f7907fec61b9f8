//! What can be typed to say which ledger is meant.

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
