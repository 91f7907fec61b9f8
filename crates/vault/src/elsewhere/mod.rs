//! Other vaults: where references lead.

use std::{fmt, io, path::PathBuf};

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::Reference;

mod aws;
mod file;
mod hashicorp;
pub mod keyring;
mod web;

pub use web::Proxy;

/// The longest value that is taken for a token, in bytes.
const LONGEST: usize = 64 << 10;

/// What says what a variable of the environment holds.
pub type Variable = Box<dyn Fn(&str) -> Option<Zeroizing<String>> + Send + Sync>;

/// What the library must be told of its surroundings, which it does not ask.
pub struct Surroundings {
    /// What a variable of the environment holds.
    pub variable: Variable,
    /// The home of the user.
    pub home: Option<PathBuf>,
    /// The time.
    pub now: fn() -> Timestamp,
    /// What requests name as their sender.
    pub user_agent: String,
    /// The proxy on the way to servers, if there is one.
    pub proxy: Option<Proxy>,
}

/// The way to other vaults. Values are asked for one by one, each within bounds of time and size.
pub struct Elsewhere {
    surroundings: Surroundings,
}

/// What went wrong at a reference.
#[derive(Debug, thiserror::Error)]
#[error("{reference}: {problem}")]
pub struct ElsewhereError {
    /// Where.
    pub reference: String,
    /// What.
    pub problem: Problem,
}

impl ElsewhereError {
    /// Whether nobody answered, which says nothing of what is there.
    pub fn is_passing(&self) -> bool {
        matches!(self.problem, Problem::Unreachable(_) | Problem::Server(_))
    }
}

/// Why another vault gives nothing, or takes nothing. None of it repeats what it said.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// There is nothing.
    #[error("there is nothing there")]
    Missing,
    /// There is a secret, but not this part of it.
    #[error("what is there has no field `{0}` with a text")]
    NoField(String),
    /// It takes a setting that is not there.
    #[error("{0}")]
    Unset(&'static str),
    /// It does not let this user in.
    #[error("access is denied")]
    Denied,
    /// What is there is no single line of text.
    #[error("what is there is no single line of text")]
    NoToken,
    /// A file.
    #[error("{0}")]
    File(io::Error),
    /// Others can read the file.
    #[error("others can read the file")]
    Exposed,
    /// The token would travel unencrypted.
    #[error("it would be asked without encryption, which only this computer is")]
    Plain,
    /// Nobody answers.
    #[error("nobody answers: {0}")]
    Unreachable(String),
    /// The server failed.
    #[error("the server answers with status {0}")]
    Server(u16),
    /// An answer that is not understood.
    #[error("the answer is not understood: {0}")]
    Nonsense(String),
    /// The keyring.
    #[error("the keyring cannot be asked: {0}")]
    Keyring(String),
    /// Nothing can be put there.
    #[error("{0}")]
    ReadOnly(&'static str),
    /// Somebody else wrote there at the same time.
    #[error("somebody else changed it meanwhile")]
    Conflict,
}

impl Elsewhere {
    /// Knows the ways. Nobody is asked yet.
    pub fn new(surroundings: Surroundings) -> Self {
        Self { surroundings }
    }

    /// The value that is there, without white space around it.
    ///
    /// # Errors
    ///
    /// If there is none, or it cannot be asked for.
    pub async fn fetch(&self, reference: &Reference) -> Result<Zeroizing<String>, ElsewhereError> {
        let fetched = match reference {
            Reference::Environment { name } => {
                (self.surroundings.variable)(name).ok_or(Problem::Missing)
            }
            Reference::File { path } => file::read(path),
            Reference::Keyring { service, account } => keyring::read(service, account).await,
            Reference::Vault { host, mount, path, field } => {
                let place = hashicorp::Place { host, mount, path, field };
                hashicorp::read(&place, &self.surroundings).await
            }
            Reference::Aws { secret, field } => {
                aws::read(secret, field.as_deref(), &self.surroundings).await
            }
        };
        fetched.and_then(|value| one_line(&value)).map_err(|problem| of(reference, problem))
    }

    /// Puts a value there, in the place of what is there.
    ///
    /// # Errors
    ///
    /// If it is not taken, or nothing can be put there.
    pub async fn put(&self, reference: &Reference, value: &str) -> Result<(), ElsewhereError> {
        let put = match reference {
            Reference::Environment { .. } => Err(Problem::ReadOnly(
                "a variable of the environment is set by who starts a program",
            )),
            Reference::File { path } => file::write(path, value),
            Reference::Keyring { service, account } => {
                keyring::write(service, account, value).await
            }
            Reference::Vault { host, mount, path, field } => {
                let place = hashicorp::Place { host, mount, path, field };
                hashicorp::write(&place, value, &self.surroundings).await
            }
            Reference::Aws { secret, field } => {
                aws::write((secret, field.as_deref()), value, &self.surroundings).await
            }
        };
        put.map_err(|problem| of(reference, problem))
    }
}

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elsewhere").finish_non_exhaustive()
    }
}

fn of(reference: &Reference, problem: Problem) -> ElsewhereError {
    ElsewhereError { reference: reference.to_string(), problem }
}

/// The token in a text, which is all of it.
fn one_line(text: &str) -> Result<Zeroizing<String>, Problem> {
    let line = text.trim();
    let is_token = !line.is_empty() && line.len() <= LONGEST && !line.contains(char::is_whitespace);
    if is_token { Ok(Zeroizing::new(line.to_owned())) } else { Err(Problem::NoToken) }
}
