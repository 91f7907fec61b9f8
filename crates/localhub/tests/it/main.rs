//! The local Hub over its sockets, held against the Hub's own description.

mod faults;
mod limits;
mod members;
mod oauth;
mod org_tokens;
mod publishers;
mod restrictions;
mod revoke;
mod service_accounts;
mod skeleton;
mod support;
mod webhooks;
mod whoami;
