//! The local Hub over its sockets, held against the Hub's own description.

#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "tests plant files where they like")]

mod clients;
mod contents;
mod described;
mod faults;
mod git;
mod limits;
mod members;
mod oauth;
mod org_tokens;
mod publishers;
mod races;
mod refusals;
mod restrictions;
mod revoke;
mod rights;
mod service_accounts;
mod skeleton;
mod stage;
mod support;
mod webhooks;
mod whoami;
mod xet;
