//! One file a subcommand.

pub(crate) mod hook;
pub(crate) mod localhub;
pub(crate) mod scan;
pub(crate) mod targets;
