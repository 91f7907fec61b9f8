//! `bearhug run`.

use std::env;

use bearhug_core::Token;

use crate::{
    Exit,
    cli::{Global, Run},
    error::CommandError,
    tokens::{self, Place},
};

mod direct;
mod environment;
mod process;
mod redaction;

use environment::Changes;

pub(crate) fn run(arguments: &Run, global: &Global) -> Result<Exit, CommandError> {
    let (token, _place) = held(arguments)?;
    let command = process::command(&arguments.command);
    let changes = Changes::without_tokens(env::vars_os());
    direct::run(command, changes, &token, global)
}

/// The token that is lent.
fn held(arguments: &Run) -> Result<(Token, Place), CommandError> {
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
    let place =
        one.places.into_iter().next().ok_or_else(|| CommandError::new("the token is nowhere"))?;
    Ok((one.token, place))
}
