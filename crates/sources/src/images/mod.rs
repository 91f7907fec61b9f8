//! Container images that are named as such: an archive, a layout, or one that an engine keeps.

mod archive;
mod engine;
mod layout;
mod unix;

use std::{io, path::PathBuf};

use crate::containers::images::{Catalogue, Plan};

pub use archive::Archive;
pub use engine::{Engine, EngineError, Exported};
pub use layout::Layout;

/// Why a file or a folder cannot be read as an image.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// It cannot be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The path that was named.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It is no image.
    #[error("`{}` holds no image", path.display())]
    NoImage {
        /// The path that was named.
        path: PathBuf,
        /// What is wrong with it, if it is no archive either.
        #[source]
        source: Option<io::Error>,
    },
    /// It unpacks to more than may be.
    #[error("`{}` unpacks to more than {limit} bytes (--max-unpacked raises the limit)", path.display())]
    TooLarge {
        /// The path that was named.
        path: PathBuf,
        /// The limit in force, in bytes.
        limit: u64,
    },
    /// It has images, but none of this tag.
    #[error("`{}` holds no image `{tag}`, but {}", path.display(), list(known))]
    NoTag {
        /// The path that was named.
        path: PathBuf,
        /// The tag that was named.
        tag: String,
        /// The tags that there are.
        known: Vec<String>,
    },
}

/// How many tags an error lists.
const LISTED: usize = 10;

fn list(tags: &[String]) -> String {
    if tags.is_empty() {
        return "ones without a tag".to_owned();
    }
    let named: Vec<_> = tags.iter().take(LISTED).map(|tag| format!("`{tag}`")).collect();
    let more = if tags.len() > LISTED { " and others" } else { "" };
    format!("{}{more}", named.join(", "))
}

/// The plan to read the images of a tag, or all images.
fn plan(catalogue: &Catalogue, path: PathBuf, tag: Option<&str>) -> Result<Plan, ImageError> {
    if catalogue.images.is_empty() {
        return Err(ImageError::NoImage { path, source: None });
    }
    Plan::of_tag(catalogue, tag).ok_or_else(|| {
        let known = catalogue.images.iter().flat_map(|image| image.tags.iter().cloned()).collect();
        ImageError::NoTag { path, tag: tag.unwrap_or_default().to_owned(), known }
    })
}
