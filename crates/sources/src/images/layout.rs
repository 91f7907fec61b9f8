//! An OCI image layout: a folder of blobs and an index that says what they are
//! (<https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md>).

use std::{
    cell::Cell,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use bearhug_core::{Name, Sink, Source};

use super::{ImageError, plan};
use crate::{
    Reading,
    containers::{
        Opener,
        images::{Catalogue, Documents, MOST_JSON, Plan},
    },
    files::{file_origin, shown},
    opening,
};

/// How large the documents of a layout may be together, in bytes.
const MOST_DOCUMENTS: u64 = 256 << 20;

/// A folder that is read as an OCI layout.
#[derive(Debug)]
pub struct Layout {
    folder: PathBuf,
    plan: Plan,
    reading: Reading,
}

impl Layout {
    /// Prepares to read the images of a tag, or every one that the index leads to.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is no layout or holds no image of that tag.
    pub fn open(folder: PathBuf, tag: Option<&str>, reading: Reading) -> Result<Self, ImageError> {
        if let Err(source) = fs::read_dir(&folder) {
            return Err(ImageError::Unreadable { path: folder, source });
        }
        let documents = InFolder { folder: &folder, left: Cell::new(MOST_DOCUMENTS) };
        let plan = plan(&Catalogue::read_layout(&documents), folder.clone(), tag)?;
        Ok(Self { folder, plan, reading })
    }
}

impl Source for Layout {
    fn walk(&self, sink: &dyn Sink) {
        let path = shown(&self.folder);
        let origin = file_origin(sink.name(Name { within: None, path: &path, own_from: 0 }));
        let opener = Opener { sink, reading: self.reading };
        opener.image_layout(&|path| open(&self.folder, path), &self.plan, &origin);
    }
}

/// Opens a file of a layout. A layout is somebody else's, and its links could lead to what is not.
fn open(folder: &Path, path: &str) -> io::Result<File> {
    opening::below(folder, Path::new(path))
}

struct InFolder<'a> {
    folder: &'a Path,
    left: Cell<u64>,
}

impl Documents for InFolder<'_> {
    fn get(&self, path: &str) -> Option<Vec<u8>> {
        let most = MOST_JSON.min(self.left.get());
        let mut bytes = Vec::new();
        open(self.folder, path).ok()?.take(most + 1).read_to_end(&mut bytes).ok()?;
        self.left.set(self.left.get().saturating_sub(bytes.len() as u64));
        (bytes.len() as u64 <= most).then_some(bytes)
    }
}
