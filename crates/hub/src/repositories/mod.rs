//! Repositories: what they are called, which there are, and what is in them.

mod commits;
mod info;
mod name;
mod refs;
mod tree;

pub use commits::{Author, Commit};
pub use info::{Gating, Repository};
pub use name::{NotARepository, RepoKind, RepoName};
pub use refs::{Ref, Refs};
pub use tree::{Entry, EntryKind, Lfs};
