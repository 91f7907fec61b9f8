//! What a request would do: the table of everything the Hub's clients ask for.
//!
//! [`classify`] answers from the head of a request where that suffices. Where the target is only in the
//! body, it says how to read that. What it does not know is refused.

use bearhug_core::lending::Operation;
use http::Method;

mod bodies;
mod content;
mod names;
mod needs;
mod path;
mod query;
mod row;
mod rules;
mod streams;
mod table;

pub use bodies::WholeBody;
pub use streams::Inspector;

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
    /// Its body says what it would do. It is small, and has to be read whole.
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
    /// Who the caller is: whoami-v2.
    Whoami,
    /// What clients ask without a token and without harm: nothing is there.
    Nothing,
}

/// Why a request is refused, whatever the lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is in no table.
    Unknown,
    /// It mints credentials, changes people, organisations or their safety, or speaks in the name of the
    /// token's owner: never lent.
    NeverLent,
    /// It is malformed in a way that could mean two things. The text says how, without a full stop.
    Ambiguous(&'static str),
    /// Its body is larger than such a body can be, in bytes.
    TooLarge(usize),
}

/// The largest body that is read whole, in bytes: an LFS batch of some ten thousand files.
pub const WHOLE: usize = 8 << 20;

/// What to do with a request.
pub fn classify(head: &Head<'_>) -> Route {
    let route = || {
        let path = path::Path::parse(head.path)?;
        let query = query::Query::parse(head.query)?;
        let found = table::find(head.method.as_str(), &path)?;
        rules::route(head, query, found)
    };
    route().unwrap_or_else(Route::Refused)
}
