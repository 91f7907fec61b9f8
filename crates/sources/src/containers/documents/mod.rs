//! Documents and images that hold packed text among what is plain.

pub(super) mod gif;
pub(super) mod markup;
pub(super) mod notebook;
pub(super) mod pdf;
pub(super) mod png;
