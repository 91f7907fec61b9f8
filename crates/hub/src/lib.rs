//! The Hugging Face API: who a token is, what it reaches, and how it dies.
//!
//! [`Client`] is the one way there. It sends a token to the endpoint it was made for and nowhere else,
//! bounds what it reads and how long it waits, and keeps the Hub's limits. Its answers are
//! `bearhug_core`'s words. An [`Error`] tells apart that the Hub says no ([`Problem::Refused`]) and that it
//! is not known what the Hub says ([`Problem::NoAnswer`]): only the former says anything about a token.
//!
//! Operations are grouped by topic; the Hub's own description of them is its `OpenAPI` document
//! (<https://huggingface.co/.well-known/openapi.json>), which the tests hold this crate to.

mod client;
mod endpoint;
mod error;
mod fields;
mod link;
mod listing;
pub mod oauth;
pub mod organisations;
mod pacing;
mod probes;
mod redaction;
mod refusal;
mod reply;
pub mod repositories;
mod request;
pub mod revocation;
mod settings;
mod spaces;
mod whoami;
mod wire;

pub use client::{Client, SetupError};
pub use endpoint::{Endpoint, EndpointError, Plaintext};
pub use error::{Asked, Error, NoAnswer, Problem, Unsendable};
pub use listing::Listing;
pub use pacing::Pace;
pub use probes::{Deed, Leave};
pub use refusal::{Reason, Refusal};
pub use settings::{Proxy, Settings, Times, WaitNotice};
pub use spaces::SpaceSecret;
pub use whoami::Whoami;
