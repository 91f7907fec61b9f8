//! What can be typed to see the configuration.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// See how bearhug is set up, and where each value comes from
///
/// Values come from the `bearhug.toml` of the repository that the command runs in, then from
/// `$XDG_CONFIG_HOME/bearhug/config.toml`, then from variables that start with `BEARHUG_`, then from
/// flags. The later holds.
#[derive(Debug, Args)]
pub(crate) struct Config {
    #[command(subcommand)]
    pub(crate) action: ConfigAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Show every value
    #[command(after_help = "\
Examples:
  bearhug config show --origin                     every value, and where it comes from
  bearhug config show --format toml > bearhug.toml a file to start from")]
    Show(ConfigShow),
    /// Show which files are read
    #[command(after_help = "Example:\n  bearhug config path")]
    Path(ConfigPath),
}

#[derive(Debug, Args)]
pub(crate) struct ConfigShow {
    /// Say where each value comes from; JSON always does
    #[arg(long)]
    pub(crate) origin: bool,
    /// The form of the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ConfigForm::Human)]
    pub(crate) format: ConfigForm,
    /// Write the list to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigPath {
    /// The form of the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = super::Shape::Human)]
    pub(crate) format: super::Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfigForm {
    /// Words for a person
    Human,
    /// One JSON object
    Json,
    /// A file that would set the same
    Toml,
}
