//! What reads from a repository.

pub(crate) mod history;
pub(crate) mod info;
pub(crate) mod list;
pub(crate) mod resolve;
pub(crate) mod tree;
