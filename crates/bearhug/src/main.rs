//! The `bearhug` command: parses what was typed, wires the crates together, and turns outcomes into
//! exit codes. What it does is in the crates it calls.

mod author;
mod cleaning;
mod cli;
mod commands;
mod config;
mod error;
mod hub;
mod interrupt;
mod ledger;
mod machine;
mod output;
mod progress;
mod prompt;
mod target;
mod tokens;
mod vault;
mod words;

use std::{panic, process::ExitCode};

use clap::Parser as _;

use cli::{Cli, Command};
use error::CommandError;

fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        // Its message may quote the text that was being searched.
        let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
        words::say(&format!("error: bearhug has a mistake{place}\nhint: please report it"));
    }));
    panic::catch_unwind(run).unwrap_or_else(|_| Exit::Error.into())
}

fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let outcome = match cli.command {
        Command::Scan(arguments) => commands::scan::run(arguments, &cli.global),
        Command::Inspect(arguments) => commands::inspect::run(&arguments, &cli.global),
        Command::Check(arguments) => commands::check::run(&arguments, &cli.global),
        Command::Why(arguments) => commands::why::run(&arguments, &cli.global),
        Command::Revoke(arguments) => commands::revoke::run(&arguments, &cli.global),
        Command::Run(arguments) => commands::run::run(&arguments, &cli.global),
        Command::Census(arguments) => commands::census::run(&arguments, &cli.global),
        Command::Token(arguments) => commands::token::run(&arguments, &cli.global),
        Command::Owner(arguments) => commands::owner::run(&arguments, &cli.global),
        Command::Event(arguments) => commands::event::run(&arguments, &cli.global),
        Command::Ledger(arguments) => commands::ledger::run(&arguments, &cli.global),
        Command::Hook(arguments) => commands::hook::run(&arguments, &cli.global),
        Command::Config(arguments) => commands::config::run(&arguments, &cli.global),
        Command::Policy(arguments) => commands::policy::run(&arguments, &cli.global),
        Command::Vault(arguments) => commands::vault::run(&arguments, &cli.global),
        Command::Localhub(arguments) => commands::localhub::run(&arguments, &cli.global),
        Command::GitCredential(arguments) => commands::git_credential::run(&arguments),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => report(&error),
    }
}

/// What clap prints, on the stream and with the code that the contract gives it.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        // It quotes what was typed, which may be a token.
        words::say(&error.render().to_string());
        return Exit::Usage.into();
    }
    // Help that nobody reads to its end is no failure.
    drop(error.print());
    Exit::Clean.into()
}

fn report(error: &CommandError) -> ExitCode {
    if error.is_closed_pipe() {
        return Exit::Clean.into();
    }
    words::say(&error.to_string());
    error.exit().into()
}

/// The exit code of what was interrupted, as shells have it: 128 and the number of the signal.
const INTERRUPTED: u8 = 130;

/// The exit codes of every subcommand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// Nothing was found, or what was asked is done.
    Clean,
    /// Something failed.
    Error,
    /// The command line cannot be understood.
    Usage,
    /// Tokens were found, or a gate said no.
    Findings,
    /// There is no token, or the Hub does not take it.
    NotAuthenticated,
    /// What was asked for may not be had.
    Denied,
    /// Done in part: something could not be read, and `--strict` asked for all.
    Partial,
    /// The user interrupted.
    Interrupted,
    /// What a command that was run for the user answered.
    Child(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Error => 1,
            Exit::Usage => 2,
            Exit::Findings => 3,
            Exit::NotAuthenticated => 4,
            Exit::Denied => 5,
            Exit::Partial => 6,
            Exit::Interrupted => INTERRUPTED,
            Exit::Child(code) => code,
        })
    }
}
