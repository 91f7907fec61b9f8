//! What a request would do: the table of everything the Hub's clients ask for.
//!
//! [`classify`] answers from the head of a request where that suffices. Where the target is only in the
//! body, it says how to read that. What it does not know is refused.

use bearhug_core::{lending::Operation, scope::Access};
use http::Method;

/// The head of a request, as the client sent it.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path, with nothing decoded.
    pub path: &'a str,
    /// What follows the question mark, with nothing decoded.
    pub query: Option<&'a str>,
    /// The type of the body, as it was sent.
    pub content_type: Option<&'a str>,
    /// Whether the body is compressed.
    pub is_encoded: bool,
}

/// What to do with a request.
#[derive(Debug)]
pub enum Route {
    /// It would do this.
    Known(Operation),
    /// Its body says what it would do. It is small, and has to be read whole: see [`whole`].
    Whole(WholeBody),
    /// It would do this, and the body, which may be large, says what else. It is looked at on its way.
    Passing(Operation, Inspector),
    /// The broker answers it by itself.
    Own(Own),
    /// It is refused, whatever the lease.
    Refused(Refusal),
}

/// What the broker answers by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// Who the caller is: whoami-v2 and what resembles it.
    Whoami,
    /// What clients ask without a token and without harm: nothing is there.
    Nothing,
}

/// Why a request is refused, whatever the lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is in no table.
    Unknown,
    /// It mints credentials, or changes people, organisations or their safety: never lent.
    NeverLent,
    /// It is malformed in a way that could mean two things. The text says how, without a full stop.
    Ambiguous(&'static str),
    /// Its body is larger than such a body can be, in bytes.
    TooLarge(usize),
}

/// The largest body that is read whole, in bytes: an LFS batch of some ten thousand files.
pub const WHOLE: usize = 8 << 20;

/// How to read a body that has to be read whole.
#[derive(Debug)]
pub struct WholeBody;

/// What looks at a body on its way.
#[derive(Debug)]
pub struct Inspector;

impl WholeBody {
    /// What a request with this body would do.
    pub fn operation(&self, _body: &[u8]) -> Result<Operation, Refusal> {
        Err(Refusal::Unknown)
    }
}

impl Inspector {
    /// Looks at the next bytes, and adds what they need to `needs`. Bytes may be passed on when all needs
    /// that were added so far are allowed.
    pub fn feed(&mut self, _bytes: &[u8], _needs: &mut Vec<Access>) -> Result<(), Refusal> {
        Err(Refusal::Unknown)
    }

    /// Looks at the end, before the last bytes are passed on.
    pub fn finish(&mut self, _needs: &mut Vec<Access>) -> Result<(), Refusal> {
        Err(Refusal::Unknown)
    }
}

/// What to do with a request.
pub fn classify(_head: &Head<'_>) -> Route {
    Route::Refused(Refusal::Unknown)
}
