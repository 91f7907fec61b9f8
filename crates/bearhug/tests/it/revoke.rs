//! `bearhug revoke`, against a local Hub.

mod everywhere;
mod many;
mod organisation;
mod refusals;
mod terminal;
