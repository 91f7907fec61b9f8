//! What changes the content of a repository.

pub(crate) mod commit;
mod lines;
pub(crate) mod preupload;
pub(crate) mod references;
