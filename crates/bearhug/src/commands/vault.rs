//! `bearhug vault`.

use std::sync::Arc;

use bearhug_core::{Token, lending, lending::Keeper as _};
use bearhug_vault::{KeySource, Unlocked, check_name};

use crate::{
    Exit, cli,
    cli::{Global, VaultCommand, WhichVault},
    error::CommandError,
    interrupt,
    vault::Vault,
};

mod add;
mod check;
mod edit;
mod import;
mod list;
mod logins;

pub(crate) fn run(arguments: &cli::Vault, global: &Global) -> Result<Exit, CommandError> {
    let stop = interrupt::flag()?;
    match &arguments.command {
        VaultCommand::Add(add) => add::run(add, global, &stop),
        VaultCommand::List(list) => list::run(list, global, &stop),
        VaultCommand::Check(check) => check::run(check, global, &stop),
        VaultCommand::Move(target) => edit::shift(target, global, &stop),
        VaultCommand::Rekey(rekey) => edit::rekey(rekey, global, &stop),
        VaultCommand::Remove(remove) => edit::remove(remove, global, &stop),
        VaultCommand::Import(import) => import::run(import, global, &stop),
    }
}

/// The token of an entry, at the word of the vault's keeper.
fn opened(
    unlocked: &Unlocked,
    name: &str,
    purpose: &'static str,
) -> Result<Arc<Token>, CommandError> {
    // What is typed may be a token, and is repeated by errors.
    check_name(name).map_err(bearhug_vault::VaultError::from)?;
    let permit = lending::keep(name.to_owned(), purpose);
    unlocked.open(&permit).map_err(|why| {
        CommandError::new(format!("the entry `{name}` cannot be opened: {why}"))
            .hint("`bearhug vault check` looks at all of them")
    })
}

/// What is lent of a vault.
pub(crate) struct Lent {
    pub(crate) token: Arc<Token>,
    /// The variable that the vault's key is in, where it is in one.
    pub(crate) key_variable: Option<String>,
}

/// The token of an entry, which is fetched if it is elsewhere.
pub(crate) fn lent(name: &str, which: &WhichVault, global: &Global) -> Result<Lent, CommandError> {
    check_name(name).map_err(bearhug_vault::VaultError::from)?;
    let vault = Vault::meant(which, global, &Arc::default())?;
    let unlocked = vault.unlock()?;
    vault.wait(unlocked.fetch(&vault.elsewhere))?;
    let key_variable = match unlocked.source() {
        KeySource::Environment { name } => Some(name.clone()),
        _ => None,
    };
    Ok(Lent { token: opened(&unlocked, name, "run")?, key_variable })
}
