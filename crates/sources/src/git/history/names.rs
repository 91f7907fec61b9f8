//! Names that no text file of the repository spells: those in indexes, whose paths may be cut short
//! against one another, and in reftables. Refs in files are read with the files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bearhug_core::{Blob, Gap, GapReason, Origin, Sink, Step};

use crate::{
    git::{layout::Layout, pack::LARGEST, refs::reftable::Table, staging},
    opening,
};

/// Searches the names, and the text of the reflogs.
pub(super) fn deliver(layout: &Layout, repository: &Origin, sink: &dyn Sink) {
    for folder in layout.working_copies() {
        for path in files_in(&folder).filter(|path| is_index(path)) {
            let origin = origin(repository, &path);
            if let Some(index) = contents(&path, &origin, sink) {
                let staged = staging::entries(&index, layout.hash().len());
                names(staged.map(|staged| staged.path), &origin, sink);
            }
        }
        for path in files_in(&folder.join("reftable")).filter(|p| p.extension().is_some()) {
            let origin = origin(repository, &path);
            if let Some(table) = contents(&path, &origin, sink) {
                reftable(&table, &origin, sink);
            }
        }
    }
}

/// The bytes of a file, or else a gap.
fn contents(path: &Path, origin: &Origin, sink: &dyn Sink) -> Option<Vec<u8>> {
    match opening::whole(path, LARGEST as u64) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            gap(error.to_string(), origin, sink);
            None
        }
    }
}

fn gap(why: String, origin: &Origin, sink: &dyn Sink) {
    sink.gap(Gap { origin: origin.clone(), reason: GapReason::Unreadable(why) });
}

fn reftable(bytes: &[u8], origin: &Origin, sink: &dyn Sink) {
    let table = Table::parse(bytes, &mut |text| {
        drop(sink.blob(&Blob::whole(origin, text)));
        sink.done();
    });
    if !table.is_complete && bytes.starts_with(b"REFT") {
        gap("the table of refs is corrupt, or far too large".to_owned(), origin, sink);
    }
    names(table.refs.into_iter().map(|(name, _)| name), origin, sink);
}

fn names(names: impl Iterator<Item = Vec<u8>>, origin: &Origin, sink: &dyn Sink) {
    let origin = origin.then(Step::Name);
    for name in names.filter(|name| !sink.is_all_quiet(name)) {
        drop(sink.blob(&Blob::whole(&origin, &name)));
    }
}

fn origin(repository: &Origin, path: &Path) -> Origin {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut origin = repository.then(Step::File(file.clone()));
    origin.path = format!("{}:{file}", repository.path);
    origin
}

fn files_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path())
}

fn is_index(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name == "index" || name.starts_with("sharedindex.")
}
