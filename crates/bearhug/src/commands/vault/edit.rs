//! `bearhug vault move`, `rekey` and `remove`.

use std::sync::{Arc, atomic::AtomicBool};

use bearhug_core::Token;
use bearhug_vault::{Draft, Entry, Place, Reference, Unlocked, VaultError, check_name};
use jiff::Timestamp;
use secrecy::ExposeSecret as _;

use super::opened;
use crate::{
    Exit,
    cli::{Global, MoveEntry, Rekey, RemoveEntries, Target},
    error::CommandError,
    vault::Vault,
    words,
};

pub(super) fn rekey(
    arguments: &Rekey,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let vault = Vault::meant(&arguments.vault, global, stop)?;
    let mut unlocked = vault.unlock()?;
    vault.rekey(&mut unlocked, &arguments.key, arguments.new_passphrase_file.clone())?;
    if !global.quiet {
        let source = unlocked.source().name();
        words::say(&format!("encrypted anew, under a key that comes from: {source}"));
    }
    Ok(Exit::Clean)
}

pub(super) fn remove(
    arguments: &RemoveEntries,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    for name in &arguments.names {
        check_name(name).map_err(VaultError::from)?;
    }
    let vault = Vault::meant(&arguments.vault, global, stop)?;
    let mut unlocked = vault.unlock()?;
    let removed = unlocked.change(|draft| {
        arguments.names.iter().map(|name| draft.remove(name)).collect::<Result<Vec<_>, _>>()
    })?;
    if !global.quiet {
        for entry in removed {
            let (name, redacted) = (&entry.name, entry.redacted());
            let rest = match &entry.place {
                Place::Sealed => "the Hub honours it until it is revoked".to_owned(),
                Place::At(reference) => format!("the token stays at {reference}"),
            };
            words::say(&format!("removed {name}, {redacted}: {rest}"));
        }
    }
    Ok(Exit::Clean)
}

/// Moves a token to where it is to be.
pub(super) fn shift(
    arguments: &MoveEntry,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let name = &arguments.name;
    let vault = Vault::meant(&arguments.vault, global, stop)?;
    let mut unlocked = vault.unlock()?;
    vault.wait(unlocked.fetch(&vault.elsewhere))?;
    let token = opened(&unlocked, name, "move")?;
    let before = unlocked.entries().find(|entry| entry.name == *name).map(|e| e.place.clone());
    let place = match &arguments.to {
        Target::Sealed => Place::Sealed,
        Target::Elsewhere(reference) => Place::At(reference.clone()),
    };
    if before.as_ref() == Some(&place) {
        words::say("it is there already");
        return Ok(Exit::Clean);
    }
    if let Target::Elsewhere(reference) = &arguments.to {
        put(&vault, reference, &token)?;
    }
    replace(&mut unlocked, name, place, &token)?;
    if !global.quiet {
        words::say(&format!("moved {name}, {}", token.redacted()));
        if let Some(Place::At(reference)) = before {
            words::say(&format!("the token also stays at {reference}, until it is removed there"));
        }
    }
    Ok(Exit::Clean)
}

/// Puts a token where it is to be, unless it is there, and reads it back.
#[expect(clippy::disallowed_methods, reason = "the user moves it to another vault")]
fn put(vault: &Vault, reference: &Reference, token: &Token) -> Result<(), CommandError> {
    let failed = |error| {
        CommandError::new("the token cannot be moved there")
            .because(error)
            .hint("the entry is as it was; docs/vault.md says what each sort of reference takes")
    };
    let is_there = || -> Result<bool, CommandError> {
        let value = vault.wait(vault.elsewhere.fetch(reference))?;
        Ok(value.is_ok_and(|value| *value.as_str() == *token.expose_secret()))
    };
    if is_there()? {
        return Ok(());
    }
    vault.wait(vault.elsewhere.put(reference, token.expose_secret()))?.map_err(failed)?;
    if is_there()? {
        return Ok(());
    }
    Err(CommandError::new(format!("{reference} does not give back what was put there"))
        .hint("the entry is as it was"))
}

/// Writes the entry anew, if it is still the one that was opened.
fn replace(
    unlocked: &mut Unlocked,
    name: &str,
    place: Place,
    token: &Token,
) -> Result<(), CommandError> {
    let known = unlocked.entries().find(|entry| entry.name == name).cloned();
    let entry = Entry::of(token, name.to_owned(), place, Timestamp::now());
    let sealed = (entry.place == Place::Sealed).then(|| copied(token));
    unlocked.change(|draft: &mut Draft| {
        if draft.entry(name) != known.as_ref() {
            return Err(VaultError::Busy);
        }
        draft.put(entry, sealed)
    })?;
    Ok(())
}

/// Another copy of a token, for the file that it is sealed in.
#[expect(clippy::disallowed_methods, reason = "the copy is sealed, and erased after that")]
fn copied(token: &Token) -> Token {
    Token::new(token.kind(), token.expose_secret().to_owned())
}
