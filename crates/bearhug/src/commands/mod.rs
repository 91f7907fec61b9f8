//! One file a subcommand.

pub(crate) mod census;
pub(crate) mod check;
pub(crate) mod hook;
pub(crate) mod inspect;
pub(crate) mod localhub;
pub(crate) mod revoke;
pub(crate) mod scan;
pub(crate) mod showing;
pub(crate) mod targets;
pub(crate) mod why;
