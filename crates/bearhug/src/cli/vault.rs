//! What can be typed about the vault.

use std::path::PathBuf;

use bearhug_vault::Reference;
use clap::{ArgGroup, Args, Subcommand};

use super::hub::{Dash, Which, Wording, parse_dash};

/// Keep tokens sealed, or know in which other vault they are
///
/// The vault is a file of yours whose values are encrypted. Its key comes from a passphrase, the keyring of
/// your session, a file or a variable of the environment. An entry may also be a reference to a token that
/// is elsewhere: `env://NAME`, `file:///path`, `keyring://service/account`, `vault://host/mount/path#field` or
/// `aws-sm://name-or-arn#field`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug vault add ci                             asks for the token, and for a passphrase
  bearhug vault import                             takes over what `hf auth login` keeps
  bearhug vault list                               names and fingerprints, which takes no key
  bearhug vault check                              which are alive, and which were replaced elsewhere")]
pub(crate) struct Vault {
    #[command(subcommand)]
    pub(crate) command: VaultCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum VaultCommand {
    Add(AddEntry),
    List(ListEntries),
    Check(CheckEntries),
    Move(MoveEntry),
    Rekey(Rekey),
    Remove(RemoveEntries),
    Import(ImportTokens),
}

/// Which vault, and how it is opened.
#[derive(Debug, Args)]
#[command(next_help_heading = "The vault")]
pub(crate) struct WhichVault {
    /// The file [default: `BEARHUG_VAULT`, or vault in bearhug of `$XDG_DATA_HOME`]
    #[arg(long, value_name = "FILE")]
    pub(crate) vault: Option<PathBuf>,
    /// Read the passphrase from the first line of a file, such as /dev/fd/3, instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// Where the key of a vault is to come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyChoice {
    Passphrase,
    Keyring,
    File(PathBuf),
    Environment(String),
}

/// Reads `passphrase`, `keyring`, `file:PATH` or `env:NAME`.
fn parse_key(text: &str) -> Result<KeyChoice, String> {
    match text.split_once(':') {
        None if text == "passphrase" => Ok(KeyChoice::Passphrase),
        None if text == "keyring" => Ok(KeyChoice::Keyring),
        Some(("file", path)) if !path.is_empty() => Ok(KeyChoice::File(path.into())),
        Some(("env", name)) if !name.is_empty() => Ok(KeyChoice::Environment(name.to_owned())),
        _ => Err("write it as passphrase, keyring, file:PATH or env:NAME".to_owned()),
    }
}

/// Put a token, or a reference to one, into the vault
///
/// The vault is made if it is not there. Without `-`, `--env` or `--file` the token is asked for on the
/// terminal, or read from the standard input where there is none.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("from"), after_help = "\
Examples:
  bearhug vault add ci                             asks for the token
  pass show hugging-face | bearhug vault add ci - --key keyring
  bearhug vault add ci --env HF_TOKEN --replace
  bearhug vault add prod --reference aws-sm://prod/hf#token")]
pub(crate) struct AddEntry {
    /// What it is to be called
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// `-` reads the token from the standard input
    #[arg(value_name = "-", group = "from", value_parser = parse_dash)]
    pub(crate) dash: Option<Dash>,
    #[command(flatten)]
    pub(crate) which: Which,
    /// The token is elsewhere, and stays there
    #[arg(long, value_name = "URI", group = "from")]
    pub(crate) reference: Option<Reference>,
    /// Replace the entry of this name
    #[arg(long)]
    pub(crate) replace: bool,
    /// Where the key of a new vault comes from: `passphrase`, `keyring`, `file:PATH` or `env:NAME`
    #[arg(long, value_name = "SOURCE", value_parser = parse_key)]
    pub(crate) key: Option<KeyChoice>,
    #[command(flatten)]
    pub(crate) vault: WhichVault,
}

/// How entries are shown.
#[derive(Debug, Args)]
pub(crate) struct Showing {
    /// The form
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Wording::Human)]
    pub(crate) format: Wording,
    /// Write it to a file that only you can read
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// List the entries
///
/// Names, fingerprints and places are not encrypted, so that this takes no key. Whether somebody tampered
/// with them is told by what opens the vault.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bearhug vault list --format json")]
pub(crate) struct ListEntries {
    #[command(flatten)]
    pub(crate) vault: WhichVault,
    #[command(flatten)]
    pub(crate) showing: Showing,
}

/// Open every entry, and ask the Hub which are alive
///
/// Exit codes: 0 all live, 3 another vault holds another token than before, 4 one is dead, 6 some could not
/// be opened or asked about.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug vault check
  bearhug vault check ci --format json --passphrase-file /dev/fd/3 3< passphrase")]
pub(crate) struct CheckEntries {
    /// Which [default: all]
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) vault: WhichVault,
    #[command(flatten)]
    pub(crate) showing: Showing,
}

/// Move a token to another vault, or into this one
///
/// It is put there, read back and compared before the entry is changed. What another vault held before
/// stays in it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug vault move ci --to vault:///secret/hf/ci#token
  bearhug vault move prod --to sealed")]
pub(crate) struct MoveEntry {
    /// Which
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// A reference, or `sealed` for this vault
    #[arg(long, value_name = "URI", value_parser = parse_target)]
    pub(crate) to: Target,
    #[command(flatten)]
    pub(crate) vault: WhichVault,
}

/// Where a token is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Sealed,
    Elsewhere(Reference),
}

fn parse_target(text: &str) -> Result<Target, String> {
    if text == "sealed" {
        return Ok(Target::Sealed);
    }
    let reference = text.parse::<Reference>();
    reference
        .map(Target::Elsewhere)
        .map_err(|error| format!("write `sealed`, or a reference: {error}"))
}

/// Give the vault another key
///
/// Everything is encrypted anew. Copies of the file that were made before still open with the old key.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  bearhug vault rekey --key passphrase             another passphrase
  bearhug vault rekey --key keyring
  bearhug vault rekey --key file:/etc/bearhug/key  made if it is not there")]
pub(crate) struct Rekey {
    /// Where the new key comes from: `passphrase`, `keyring`, `file:PATH` or `env:NAME`
    #[arg(long, value_name = "SOURCE", value_parser = parse_key)]
    pub(crate) key: KeyChoice,
    /// Read the new passphrase from the first line of a file instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) vault: WhichVault,
}

/// Take entries out of the vault
///
/// A token that is sealed is gone with its entry; the Hub honours it until it is revoked. One that is
/// elsewhere stays there.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bearhug vault remove ci")]
pub(crate) struct RemoveEntries {
    /// Which
    #[arg(value_name = "NAME", required = true)]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) vault: WhichVault,
}

/// Take over the tokens that `hf auth login` keeps
///
/// Each gets the name that it has there. Then their files can be rid of them, so that programs get no token
/// unless it is lent to them; on a terminal you are asked.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("then"), after_help = "\
Examples:
  bearhug vault import
  bearhug vault import --replace                   and remove them from where they were")]
pub(crate) struct ImportTokens {
    /// Remove the tokens from the files that they were in
    #[arg(long, group = "then")]
    pub(crate) replace: bool,
    /// Leave the files as they are
    #[arg(long, group = "then")]
    pub(crate) keep: bool,
    /// Where the key of a new vault comes from: `passphrase`, `keyring`, `file:PATH` or `env:NAME`
    #[arg(long, value_name = "SOURCE", value_parser = parse_key)]
    pub(crate) key: Option<KeyChoice>,
    #[command(flatten)]
    pub(crate) vault: WhichVault,
}
