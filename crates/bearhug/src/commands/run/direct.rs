//! A command that is given the token itself.

use std::{
    io::{self, Read, Write},
    process::{Command, Stdio},
    thread::{self, JoinHandle},
};

use bearhug_core::Token;
use secrecy::ExposeSecret as _;

use super::{
    environment::Changes,
    process::{self, Signals},
    redaction::Redaction,
};
use crate::{Exit, cli::Global, error::CommandError, words};

/// Runs a command with the token in its environment, and takes the token out of what it prints.
#[expect(
    clippy::disallowed_methods,
    reason = "the user asked to give the command the token itself"
)]
pub(super) fn run(
    mut command: Command,
    mut changes: Changes,
    token: &Token,
    global: &Global,
) -> Result<Exit, CommandError> {
    if !global.quiet {
        words::say(&format!(
            "warning: {} gets the token {} itself: nothing limits or records what it does with it, and its \
             output is no terminal",
            command.get_program().display(),
            token.redacted(),
        ));
    }
    changes.set("HF_TOKEN", token.expose_secret());
    changes.apply(&mut command);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let signals = Signals::hold()?;
    let program = command.get_program().to_owned();
    let mut child = command.spawn().map_err(|error| process::unstarted(&program, error))?;
    let passing = [
        child.stdout.take().map(|out| pass(token, out, io::stdout())),
        child.stderr.take().map(|err| pass(token, err, io::stderr())),
    ];
    let status = process::attend(child, signals)?;
    for pass in passing.into_iter().flatten() {
        // Whoever read the output may have gone away, which is not the command's failure.
        drop(pass.join());
    }
    Ok(Exit::Child(process::code(status)))
}

fn pass(
    token: &Token,
    from: impl Read + Send + 'static,
    to: impl Write + Send + 'static,
) -> JoinHandle<io::Result<()>> {
    let redaction = Redaction::of(token);
    thread::spawn(move || redaction.pass(from, to))
}
