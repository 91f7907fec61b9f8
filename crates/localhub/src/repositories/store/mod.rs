//! Repositories as they lie on disk: bare git repositories, driven by the system's `git`.

mod attributes;
mod changes;
mod git;
pub(crate) mod http;
mod import;
mod large;
mod log;
mod names;
mod refs;
mod tree;

pub(crate) use attributes::large_paths;
pub(crate) use changes::{Merge, Signature};
pub(crate) use git::{Error, Repository};
pub(crate) use import::Import;
pub(crate) use large::{Pointer, Refusal};
pub(crate) use log::Commit;
pub(crate) use names::{Sha, is_path, is_ref_name};
pub(crate) use refs::Ref;
pub(crate) use tree::{Entry, EntryKind};
