//! Large files on their way: git-lfs, and the origin that plays the CDN.

pub(crate) mod batch;
pub(crate) mod cdn;
pub(crate) mod completion;
pub(crate) mod files;
pub(crate) mod sign;
pub(crate) mod xet;
