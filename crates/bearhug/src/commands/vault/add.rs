//! `bearhug vault add`.

use std::{
    io::{self, IsTerminal as _},
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::Token;
use bearhug_vault::{Entry, Place, Reference, VaultError, check_name};
use jiff::Timestamp;

use crate::{
    Exit,
    cli::{AddEntry, Global},
    error::CommandError,
    interrupt, prompt,
    tokens::{self, Held},
    vault::Vault,
    words,
};

pub(super) fn run(
    arguments: &AddEntry,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    check_name(&arguments.name).map_err(VaultError::from)?;
    let vault = Vault::meant(&arguments.vault, global, stop)?;
    let (token, place) = match &arguments.reference {
        Some(reference) => (elsewhere(&vault, reference)?, Place::At(reference.clone())),
        None => (token(arguments, stop)?, Place::Sealed),
    };
    let mut unlocked = vault.unlock_or_make(arguments.key.as_ref())?;
    let entry = Entry::of(&token, arguments.name.clone(), place, Timestamp::now());
    let (redacted, fingerprint) = (entry.redacted(), entry.fingerprint);
    let sealed = (entry.place == Place::Sealed).then_some(token);
    unlocked.change(|draft| {
        if draft.entry(&entry.name).is_some() && !arguments.replace {
            return Err(VaultError::Taken(entry.name));
        }
        draft.put(entry, sealed)
    })?;
    if !global.quiet {
        words::say(&format!("{}: {redacted} {fingerprint}", arguments.name));
    }
    Ok(Exit::Clean)
}

/// The token that is at a reference now.
fn elsewhere(vault: &Vault, reference: &Reference) -> Result<Token, CommandError> {
    let value = vault.wait(vault.elsewhere.fetch(reference))?.map_err(|error| {
        CommandError::new("the token cannot be fetched")
            .because(error)
            .hint("docs/vault.md says what each sort of reference takes")
    })?;
    tokens::whole(&value)
        .filter(tokens::is_recognised)
        .ok_or_else(|| CommandError::new(format!("what is at {reference} is no token")))
}

/// The one token that the user gives.
fn token(arguments: &AddEntry, stop: &AtomicBool) -> Result<Token, CommandError> {
    let found = match (&arguments.which.env, &arguments.which.file) {
        (Some(name), _) => tokens::variable(name)?,
        (_, Some(path)) => tokens::file(path)?,
        _ if arguments.dash.is_none() && io::stdin().is_terminal() => {
            let typed = prompt::secret("token", stop)?;
            let token = tokens::whole(&typed).filter(tokens::is_recognised);
            return token.ok_or_else(|| {
                CommandError::new("that is not written as a token is")
                    .hint("give the whole value, and nothing around it")
            });
        }
        _ => interrupt::reading(stop, tokens::standard_input)??,
    };
    let mut held = tokens::merged(found).into_iter();
    let (Some(Held { token, .. }), None) = (held.next(), held.next()) else {
        return Err(CommandError::new("there is more than one token")
            .hint("add one at a time, each under its name")
            .usage());
    };
    if !tokens::is_recognised(&token) {
        let redacted = token.redacted();
        return Err(CommandError::new(format!("{redacted} is not written as a token is"))
            .hint("give the whole value, and nothing around it"));
    }
    Ok(token)
}
