//! One file a subcommand.

pub(crate) mod census;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod event;
pub(crate) mod git_credential;
pub(crate) mod hook;
pub(crate) mod inspect;
pub(crate) mod ledger;
pub(crate) mod localhub;
pub(crate) mod owner;
pub(crate) mod policy;
pub(crate) mod revoke;
pub(crate) mod run;
pub(crate) mod scan;
pub(crate) mod showing;
pub(crate) mod targets;
pub(crate) mod token;
pub(crate) mod vault;
pub(crate) mod why;
