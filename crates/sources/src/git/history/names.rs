//! Names that no text file of the repository spells: those in indexes, whose paths may be cut short
//! against one another, and in reftables. Refs in files are read with the files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bearhug_core::{Blob, Gap, GapReason, Origin, Sink, Step};

use crate::git::{layout::Layout, refs::reftable::Table, staging};

/// Searches the names, and the text of the reflogs.
pub(super) fn deliver(layout: &Layout, repository: &Origin, sink: &dyn Sink) {
    for folder in layout.working_copies() {
        for path in files_in(&folder).filter(|path| is_index(path)) {
            if let Ok(index) = fs::read(&path) {
                let staged = staging::entries(&index, layout.hash().len());
                names(staged.map(|staged| staged.path), &origin(repository, &path), sink);
            }
        }
        for path in files_in(&folder.join("reftable")).filter(|p| p.extension().is_some()) {
            if let Ok(table) = fs::read(&path) {
                reftable(&table, &origin(repository, &path), sink);
            }
        }
    }
}

fn reftable(bytes: &[u8], origin: &Origin, sink: &dyn Sink) {
    let table = Table::parse(bytes);
    for text in &table.log_text {
        drop(sink.blob(&Blob::whole(origin, text)));
        sink.done();
    }
    if !table.is_complete && bytes.starts_with(b"REFT") {
        let reason = GapReason::Unreadable("the table of refs is corrupt".to_owned());
        sink.gap(Gap { origin: origin.clone(), reason });
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
