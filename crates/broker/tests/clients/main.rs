//! Real clients, unmodified, with leases, through the broker to a local Hub that writes its own address
//! into every answer.
//!
//! What they do is what `crates/localhub` has them do without a broker. Whatever goes over their wire is
//! searched for the tokens behind the leases, and every request that reaches the Hub must be in the journal.

#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests plant files where they like, and read the environment"
)]

mod answers;
mod cli;
mod git;
mod javascript;
mod python;
mod recorder;
mod rust;
mod stage;
