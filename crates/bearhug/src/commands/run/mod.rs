//! `bearhug run`.

use std::{env, sync::Arc};

use bearhug_core::{Token, rights::Answer, scope::Name};

use nix::sys::prctl::set_dumpable;

use crate::{
    Exit,
    cli::{Global, Run},
    commands::vault,
    error::CommandError,
    hub::{Hub, Standing},
    tokens, words,
};

mod direct;
mod environment;
mod lend;
mod process;
mod record;
mod redaction;

use environment::Changes;
use lend::Loan;

pub(crate) fn run(arguments: &Run, global: &Global) -> Result<Exit, CommandError> {
    // The command runs as the same user, and could read the token here, in what this process was started with.
    set_dumpable(false)
        .map_err(|error| CommandError::new("this process cannot be shut").because(error))?;
    let command = process::command(&arguments.command);
    let mut changes = Changes::without_tokens(env::vars_os());
    let token = match &arguments.entry {
        Some(name) => {
            let lent = vault::lent(name, &arguments.vault, global)?;
            // Whoever has it can open the vault.
            changes.removed.extend(lent.key_variable.map(Into::into));
            lent.token
        }
        None => Arc::new(held(arguments)?),
    };
    if arguments.direct {
        return direct::run(command, changes, &token, global);
    }
    if let Some(reason) = &arguments.reason {
        words::without_token(reason, "the reason")?;
    }
    let (hub, account) = checked(&token, arguments, global)?;
    lend::run(command, changes, Loan { token, account, hub }, (arguments, global))
}

/// The address of the Hub, and whose the token is, after making sure that it can do any of what is to be
/// allowed. A Hub that cannot be reached says nothing about the token, and the command may need none.
fn checked(
    token: &Token,
    arguments: &Run,
    global: &Global,
) -> Result<(String, Option<String>), CommandError> {
    let hub = Hub::of_environment(&Arc::default(), global)?;
    let grant = match hub.standing(token)? {
        Standing::Live(whoami) => whoami.grant.clone(),
        Standing::Dead(refused) => {
            return Err(CommandError::new(format!(
                "the Hub does not take the token {}: {}",
                token.redacted(),
                refused.words
            ))
            .hint(
                "log in again with `hf auth login`, or name another token with `--env` or `--file`",
            )
            .not_authenticated());
        }
        Standing::Unanswered(why) => {
            words::say(&format!("warning: the token was not looked at: {why}"));
            return Ok((hub.address(), None));
        }
    };
    for access in &arguments.allow {
        if let Answer::No(why) = grant.allows_any(access) {
            return Err(CommandError::new(format!("`{access}` cannot be lent: {why}"))
                .hint("`bearhug inspect` tells what the token may do; a lease is never more than that")
                .with_exit(Exit::Denied));
        }
    }
    // A Hub may answer anything, and clients make names of repositories of this.
    let account = Some(grant.account.name).filter(|name| Name::new(name).is_some());
    Ok((hub.address(), account))
}

/// The token that is lent.
fn held(arguments: &Run) -> Result<Token, CommandError> {
    let found = match (&arguments.which.env, &arguments.which.file) {
        (Some(name), _) => tokens::variable(name)?,
        (_, Some(path)) => tokens::file(path)?,
        _ => vec![tokens::required()?],
    };
    let mut merged = tokens::merged(found).into_iter();
    let (Some(one), None) = (merged.next(), merged.next()) else {
        return Err(CommandError::new("there is more than one token, and one can be lent")
            .hint("name a variable or a file with one token in it")
            .usage());
    };
    Ok(one.token)
}
