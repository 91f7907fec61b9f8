//! Answers of the Hub, made fit for who holds a lease.
//!
//! Whatever would send a client past the broker is turned back to it, and whatever repeats the token is
//! taken out. What a file of a repository holds is never touched.
//!
//! [`head()`] changes the head of an answer and says what is to be done with its body: that passes as it
//! is, or through a [`Scrubbing`], or it is read whole and given to [`body`].

mod addresses;
mod batch;
mod head;
mod places;
mod scrub;
mod treatment;

use std::sync::Arc;

use bearhug_core::{Token, lease::LeaseId, lending::Operation};
use http::HeaderValue;
use jiff::Timestamp;
use serde_json::Value;

pub use head::head;
pub use scrub::{Scrubber, Scrubbing};
pub use treatment::Treatment;

use places::Places;

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

    fn places(&self) -> Option<Places<'_>> {
        Places::new(&self.upstream, &self.broker)
    }

    /// What scrubs the body of the answer on its way.
    pub fn scrubbing(&self) -> Scrubbing {
        Scrubbing::new(Scrubber::new(&self.token))
    }
}

/// The largest body that is rewritten, in bytes. A larger one is not let through. A batch of files in
/// parts names every part by a URL of about a thousand characters.
pub const WHOLE: usize = 32 << 20;

/// The answer is one that has to be changed, and cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the Hub answered with something else than JSON")]
pub struct Unreadable;

/// Makes a body fit that [`head()`] asked for.
///
/// # Errors
///
/// If it is a batch of git-lfs and not JSON: there is no telling where it would send a client.
pub fn body(context: &Context, body: Vec<u8>) -> Result<Vec<u8>, Unreadable> {
    let scrubber = Scrubber::new(&context.token);
    let Ok(mut value) = serde_json::from_slice::<Value>(&body) else {
        // A Hub may have nothing to say, or say it in plain words.
        let mut text = body;
        scrubber.scrub(&mut text);
        return if batch::is_answer_to(context.operation.name) {
            Err(Unreadable)
        } else {
            Ok(text)
        };
    };
    if batch::is_answer_to(context.operation.name) {
        batch::rewrite(context, &scrubber, &mut value);
    } else {
        addresses::rewrite(context, &mut value);
    }
    scrub_texts(&scrubber, &mut value);
    Ok(value.to_string().into_bytes())
}

/// Scrubs every text of a value, as it reads without escapes.
fn scrub_texts(scrubber: &Scrubber, value: &mut Value) {
    match value {
        Value::String(text) => scrubber.scrub_text(text),
        Value::Array(items) => items.iter_mut().for_each(|item| scrub_texts(scrubber, item)),
        Value::Object(members) => {
            let old = std::mem::take(members);
            members.extend(old.into_iter().map(|(mut name, mut member)| {
                scrubber.scrub_text(&mut name);
                scrub_texts(scrubber, &mut member);
                (name, member)
            }));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
