//! The proxy that stands between workloads and the Hub.
//!
//! A workload sends a lease where the Hub expects a token. The broker looks up the lease, works out from
//! its table of routes what the request would do, has that decided, opens the token, and passes the request
//! on. Nothing is let through that is not in the table, and no answer brings the token back.

mod book;
mod broker;
mod callers;
mod clock;
mod exchange;
mod form;
mod head;
pub mod journal;
mod own;
mod passes;
mod refusing;
pub mod rewriting;
pub mod routes;
mod server;
mod settings;

pub use book::{Book, BookError, Ending, Outliving, Standing, Wanted};
pub use broker::Broker;
pub use clock::Clock;
pub use form::Form;
pub use journal::{Durability, Journal};
pub use passes::Passes;
pub use settings::{Settings, Upstream};
