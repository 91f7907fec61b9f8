//! Container images: which part of an archive or a folder is which layer or configuration of which
//! image.
//!
//! What is called so here: a *catalogue* is what the manifests say that there is, and a *plan* gives
//! each member that an image of interest needs the name that reports use.

mod catalogue;
mod config;
mod documents;
mod manifests;
mod opened;
mod plan;
mod tar;

pub(crate) use catalogue::{Catalogue, Image};
pub(crate) use documents::Documents;
pub(crate) use manifests::blob_path;
pub(crate) use opened::{Unsurveyed, survey_file};
pub(crate) use plan::Plan;
pub(super) use tar::{read, survey};

/// How large a manifest or a configuration may be, in bytes. Registries take none larger than this
/// (<https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md>, section "Pushing
/// Manifests").
pub(crate) const MOST_JSON: u64 = 4 << 20;
