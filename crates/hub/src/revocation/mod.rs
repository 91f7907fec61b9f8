//! `POST /api/credentials/revoke`: a token dies, by the hand of anybody who holds it.
//!
//! The Hub asks for no login and answers the same whether or not a value was alive, so its answer
//! proves nothing; whoami does. It cannot be undone
//! (<https://huggingface.co/docs/hub/security-tokens>).

mod ending;

use bearhug_core::Token;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde::Serialize;

use crate::{
    client::Client,
    error::{Asked, Error, Unsendable},
    request::{Login, Request},
};

pub(crate) use ending::UNASKED;
pub use ending::{Proving, Watcher, planned};

/// How many tokens one request revokes at most.
pub const MOST_AT_ONCE: usize = 1000;
/// How many characters the Hub takes of one value.
pub const LONGEST_VALUE: usize = 200;

#[derive(Serialize)]
struct Body<'a> {
    credentials: Vec<&'a str>,
}

/// Whether the Hub takes a value for revocation.
///
/// # Errors
///
/// If the value is longer than the Hub allows. Signed OAuth tokens are.
#[expect(clippy::disallowed_methods, reason = "counts the characters of a value")]
pub fn check_length(token: &Token) -> Result<(), Unsendable> {
    match token.expose_secret().chars().count() {
        length if length > LONGEST_VALUE => Err(Unsendable::TooLongToRevoke(length)),
        0 => Err(Unsendable::Token),
        _ => Ok(()),
    }
}

impl Client {
    /// Revokes up to [`MOST_AT_ONCE`] tokens, everywhere and for good. Those that are dead already do
    /// no harm.
    ///
    /// # Errors
    ///
    /// If the Hub does not take the request, in which case all may still be alive.
    #[expect(clippy::disallowed_methods, reason = "the Hub must be told which tokens to revoke")]
    pub async fn revoke(&self, tokens: &[&Token]) -> Result<Asked, Error> {
        let path = ["api", "credentials", "revoke"];
        let mut request = Request::new(Method::POST, &path, Login::Nobody);
        // Documented as idempotent, and a leaked token should not live on because a line broke.
        request.is_repeatable = true;
        request.carries = tokens;
        let unsendable = |problem: Unsendable| Error::new(&request.asked(), problem.into());
        if tokens.is_empty() || tokens.len() > MOST_AT_ONCE {
            return Err(unsendable(Unsendable::Content));
        }
        tokens.iter().try_for_each(|token| check_length(token)).map_err(unsendable)?;
        let credentials = tokens.iter().map(|token| token.expose_secret()).collect();
        let asked = request.asked();
        let request = request.json(&Body { credentials });
        let request = request.map_err(|problem| Error::new(&asked, problem.into()))?;
        // Before, so that it holds for those too who give up waiting for the answer.
        for token in tokens {
            self.memory.forget(token.fingerprint());
        }
        Ok(self.ask(&request).await?.asked)
    }
}
