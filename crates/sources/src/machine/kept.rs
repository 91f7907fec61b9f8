//! Says of everything that comes from a place what the place is.

use std::{fs, ops::Range, os::unix::fs::PermissionsExt as _};

use bearhug_core::{Blob, Flow, Gap, GapReason, Lead, Name, Origin, Sink, Step};

use super::places::Place;

/// The permission bits of a mode, without the type of the file.
const PERMISSIONS: u32 = 0o7777;

/// A sink that names the place and hands on to another.
pub(super) struct Kept<'a> {
    place: &'static Place,
    sink: &'a dyn Sink,
}

impl<'a> Kept<'a> {
    pub(super) fn of(place: &'static Place, sink: &'a dyn Sink) -> Self {
        Self { place, sink }
    }

    fn origin(&self, inner: &Origin, mode: Option<u32>) -> Origin {
        let machine = Step::Machine { storage: &self.place.storage, mode };
        let steps = std::iter::once(machine).chain(inner.steps.iter().cloned()).collect();
        Origin { path: inner.path.clone(), steps }
    }
}

/// The permission bits of a file. None of one whose name was redacted, and so names nothing.
fn mode(path: &str) -> Option<u32> {
    fs::metadata(path).ok().map(|metadata| metadata.permissions().mode() & PERMISSIONS)
}

impl Sink for Kept<'_> {
    fn name(&self, name: Name<'_>) -> String {
        let within = name.within.map(|(origin, format)| (self.origin(origin, None), format));
        let within = within.as_ref().map(|(origin, format)| (origin, *format));
        self.sink.name(Name { within, ..name })
    }

    fn blob(&self, blob: &Blob<'_>) -> Vec<Lead> {
        let origin = self.origin(blob.origin, mode(&blob.origin.path));
        self.sink.blob(&Blob { origin: &origin, ..blob.clone() })
    }

    fn is_quiet(&self, bytes: &[u8], parts: &[Range<usize>]) -> bool {
        self.sink.is_quiet(bytes, parts)
    }

    fn passed(&self, objects: u64, bytes: u64) {
        self.sink.passed(objects, bytes);
    }

    fn done(&self) {
        self.sink.done();
    }

    fn gap(&self, gap: Gap) {
        let is_private = matches!(gap.reason, GapReason::Unreadable(_));
        if !(self.place.of_system && is_private) {
            self.sink.gap(Gap { origin: self.origin(&gap.origin, None), ..gap });
        }
    }

    fn flow(&self) -> Flow {
        self.sink.flow()
    }
}
