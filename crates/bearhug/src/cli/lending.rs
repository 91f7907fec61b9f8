//! What can be typed to lend a token to a command.

use std::{ffi::OsString, num::NonZeroU64, path::PathBuf};

use bearhug_core::scope::Access;
use clap::{ArgGroup, Args, ValueEnum};

/// Run a command that reaches the Hub without ever holding a token
///
/// Starts a broker on this computer for as long as the command runs, and gives the command its address
/// (`HF_ENDPOINT`) and a lease (`HF_TOKEN`) in place of your token. Unmodified clients work with that:
/// `hf`, `huggingface_hub`, `transformers`, `datasets`, `@huggingface/hub`, git and git-lfs. The lease
/// allows what `--allow` says and ends with the command; whoever copies it has nothing.
///
/// The token is the one that clients would use: `HF_TOKEN`, or else the file that `hf auth login` writes,
/// unless you name another. The exit code is the command's own, or 128 and the number of the signal that ended it; 126 and 127 if
/// it could not be started.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("from"), after_help = "\
Examples:
  bearhug run -- python train.py                         read what your token can read
  bearhug run --allow read:acme/* --allow write:acme/model -- hf upload acme/model out
  bearhug run --allow write:acme/model@ci/*,no-delete -- git push origin HEAD:ci/42
  bearhug run --allow write:datasets/acme/train,paths=checkpoints/** -- ./publish.sh
  bearhug run --entry ci -- ./publish.sh                 a token of the vault
  bearhug run --file secrets/hf --requests 100 -- ./fetch-models
  bearhug run --direct -- some-tool                      a tool that knows no HF_ENDPOINT

A scope is an action, and what it is done to; `bearhug inspect --help` has more of them.")]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) which: super::hub::Which,
    /// The token of an entry of the vault
    #[arg(long, value_name = "NAME", group = "from")]
    pub(crate) entry: Option<String>,
    #[command(flatten)]
    pub(crate) vault: super::WhichVault,
    /// What the command may do (can be repeated) [default: read]
    #[arg(long, value_name = "SCOPE")]
    pub(crate) allow: Vec<Access>,
    /// How many requests it may make
    #[arg(long, value_name = "NUMBER")]
    pub(crate) requests: Option<NonZeroU64>,
    /// How many bytes it may move, up and down together
    #[arg(long, value_name = "NUMBER")]
    pub(crate) bytes: Option<NonZeroU64>,
    /// What it is needed for, for the record
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Keep a record of every request in this file, which must be new; only you can read it
    #[arg(long, value_name = "FILE", conflicts_with = "direct")]
    pub(crate) record: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) ledger: super::WhichLedger,
    /// Give the command the token itself, and take it out of what the command prints
    ///
    /// For tools that cannot be pointed to another address. Nothing limits what such a tool does with the
    /// token, and nothing records it.
    #[arg(long, conflicts_with_all = ["allow", "requests", "bytes"])]
    pub(crate) direct: bool,
    /// The command and its arguments; no shell is involved
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// Answer git's question for the credential of a broker
///
/// A helper as gitcredentials(7) describes. It answers with the lease of this environment (`HF_TOKEN`) for
/// the broker of this environment (`HF_ENDPOINT`), and for nothing else. `bearhug run` sets it up for
/// the command that it runs.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  git -c credential.helper='!bearhug git-credential' fetch")]
pub(crate) struct GitCredential {
    /// What git wants
    #[arg(value_enum)]
    pub(crate) action: CredentialAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CredentialAction {
    /// The credential
    Get,
    /// To have it kept, which is not done
    Store,
    /// To have it forgotten
    Erase,
}
