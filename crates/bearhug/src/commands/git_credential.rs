//! `bearhug git-credential`: what git asks for the credential of a broker (gitcredentials(7)).

use std::{
    collections::BTreeMap,
    io::{self, BufRead as _, Write as _},
};

use bearhug_core::lease_is_intact;
use zeroize::Zeroizing;

use crate::{
    Exit,
    cli::{CredentialAction, GitCredential},
    error::CommandError,
    hub::variable,
};

/// The longest question, in bytes. Git's have a few lines.
const QUESTION: u64 = 64 << 10;

/// Answers with the lease of this environment, if the question is about the broker of this environment.
/// Git is free to ask others otherwise, so that an empty answer is no failure.
pub(crate) fn run(arguments: &GitCredential) -> Result<Exit, CommandError> {
    // Nothing is kept, so there is nothing to store or to forget.
    if arguments.action != CredentialAction::Get {
        return Ok(Exit::Clean);
    }
    let question = read(io::stdin().lock())?;
    let lease = Zeroizing::new(variable(&["HF_TOKEN"]).unwrap_or_default());
    let endpoint = variable(&["HF_ENDPOINT"]).unwrap_or_default();
    if !lease_is_intact(&lease) || !is_about(&question, &endpoint) {
        return Ok(Exit::Clean);
    }
    let answer = Zeroizing::new(format!("username=lease\npassword={}\n\n", lease.as_str()));
    let mut out = io::stdout().lock();
    out.write_all(answer.as_bytes()).and_then(|()| out.flush()).map_err(CommandError::stdout)?;
    Ok(Exit::Clean)
}

fn read(input: impl io::Read) -> Result<BTreeMap<String, String>, CommandError> {
    let mut attributes = BTreeMap::new();
    for line in io::BufReader::new(input.take(QUESTION)).lines() {
        let line =
            line.map_err(|error| CommandError::new("cannot read what git asks").because(error))?;
        if line.is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once('=') {
            attributes.insert(name.to_owned(), value.to_owned());
        }
    }
    Ok(attributes)
}

/// Whether a question is about an address.
fn is_about(question: &BTreeMap<String, String>, endpoint: &str) -> bool {
    let asked = |name| question.get(name).map_or("", String::as_str);
    endpoint
        .trim_end_matches('/')
        .split_once("://")
        .is_some_and(|(protocol, host)| asked("protocol") == protocol && asked("host") == host)
}
