//! `bearhug vault import`.

use std::{
    collections::{
        BTreeMap, BTreeSet,
        btree_map::Entry::{Occupied, Vacant},
    },
    io::{self, IsTerminal as _, Write as _},
    sync::{Arc, atomic::AtomicBool},
};

use bearhug_core::{Fingerprint, Token};
use bearhug_vault::{Draft, Entry, Place, VaultError, check_name};
use jiff::Timestamp;

use super::logins::{self, Login, LoginFile};
use crate::{
    Exit,
    cli::{Global, ImportTokens},
    error::CommandError,
    interrupt,
    vault::Vault,
    words,
};

pub(super) fn run(
    arguments: &ImportTokens,
    global: &Global,
    stop: &Arc<AtomicBool>,
) -> Result<Exit, CommandError> {
    let files = logins::all()?;
    if files.is_empty() {
        return Err(CommandError::new("no token is kept where `hf auth login` keeps them")
            .hint("set HF_HOME to where you did log in, or add one with `bearhug vault add`")
            .not_authenticated());
    }
    let paths: Vec<_> = files.iter().map(|file| file.path.clone()).collect();
    let tokens = merged(files);
    let kept: BTreeSet<_> = tokens.keys().copied().collect();
    let vault = Vault::meant(&arguments.vault, global, stop)?;
    let mut unlocked = vault.unlock_or_make(arguments.key.as_ref())?;
    let outcome = unlocked.change(|draft| take_in(draft, tokens))?;
    if !global.quiet {
        for line in outcome {
            words::say(&line);
        }
    }
    let shown: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    if !is_to_be_rid(arguments, &shown, stop)? {
        if !global.quiet {
            let files = shown.join(" and ");
            words::say(&format!("they are still in {files}; `--replace` removes them from there"));
        }
        return Ok(Exit::Clean);
    }
    for path in &paths {
        logins::rid(path, &kept)?;
    }
    if !global.quiet {
        let files = shown.join(" and ");
        words::say(&format!(
            "removed from {files}: programs find no token there; `bearhug run --entry NAME -- …` lends them one"
        ));
    }
    Ok(Exit::Clean)
}

/// Each token once, with the name that it has somewhere.
fn merged(files: Vec<LoginFile>) -> BTreeMap<Fingerprint, Login> {
    let mut tokens: BTreeMap<Fingerprint, Login> = BTreeMap::new();
    for login in files.into_iter().flat_map(|file| file.logins) {
        match tokens.entry(login.token.fingerprint()) {
            Vacant(place) => {
                place.insert(login);
            }
            Occupied(mut known) => {
                let known = known.get_mut();
                known.name = known.name.take().or(login.name);
            }
        }
    }
    tokens
}

/// Puts in those that are not there, and says what became of each.
fn take_in(
    draft: &mut Draft,
    tokens: BTreeMap<Fingerprint, Login>,
) -> Result<Vec<String>, VaultError> {
    let mut said = Vec::new();
    for (fingerprint, Login { name, token }) in tokens {
        let redacted = token.redacted();
        if let Some(entry) = draft.holder(fingerprint) {
            said.push(format!("{}: {redacted} is there already", entry.name));
            continue;
        }
        let name = free_name(draft, name.as_deref().unwrap_or("default"));
        put(draft, name.clone(), token)?;
        said.push(format!("{name}: {redacted} {fingerprint}"));
    }
    Ok(said)
}

fn put(draft: &mut Draft, name: String, token: Token) -> Result<(), VaultError> {
    let entry = Entry::of(&token, name, Place::Sealed, Timestamp::now());
    draft.put(entry, Some(token))
}

/// A name that no entry has, as much like the given one as the rules for names allow.
fn free_name(draft: &Draft, wanted: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "._".contains(c) { c } else { '-' };
    let name: String = wanted.chars().map(plain).take(48).collect();
    let name = name.trim_start_matches(['-', '.', '_']).to_owned();
    let name = if check_name(&name).is_ok() { name } else { "login".to_owned() };
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| draft.entry(name).is_none()).unwrap_or(name.clone())
}

/// Whether the files are to be rid of the tokens.
fn is_to_be_rid(
    arguments: &ImportTokens,
    files: &[String],
    stop: &AtomicBool,
) -> Result<bool, CommandError> {
    let can_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    if arguments.replace || arguments.keep || !can_ask {
        return Ok(arguments.replace);
    }
    words::say(&format!(
        "{} can be rid of them, so that programs get no token unless it is lent to them.",
        files.join(" and ")
    ));
    let mut out = anstream::stderr();
    drop(write!(out, "Type `remove` to do it: ").and(out.flush()));
    let line = interrupt::reading(stop, || io::stdin().lines().next().transpose())?
        .map_err(|error| CommandError::new("cannot read your answer").because(error))?;
    Ok(line.is_some_and(|line| line.trim() == "remove"))
}
