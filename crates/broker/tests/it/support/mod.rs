//! What the tests run in.

mod broker;
mod client;
mod upstream;

pub(crate) use self::{
    broker::{Lab, holder, terms},
    client::{Answer, Connection},
    upstream::{Body, Upstream, text_body},
};

/// A value that looks like a user's token.
pub(crate) fn token() -> String {
    format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0)
}
