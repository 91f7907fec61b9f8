//! The program as its users meet it: a process that is started, fed, interrupted and read.
//!
//! What it says is compared with what other programs say of the same bytes (grep, git, sha256sum,
//! Python), and with what a test planted. Nothing here calls into bearhug's own crates, but the one that plays the Hub.

#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests plant files with fs::write, and read where ./test put Python"
)]

mod baseline;
mod census;
mod check;
mod config;
mod containers;
mod corpus;
mod event;
mod history;
mod hook;
mod inspect;
mod interrupt;
mod leak;
mod ledger;
mod localhub;
mod machine;
mod output;
mod policy;
mod revoke;
mod run;
mod scan;
mod support;
mod token;
mod vault;
mod verify;
mod why;
