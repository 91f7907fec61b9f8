//! A sink that remembers whether all could be read.

use std::{
    ops::Range,
    sync::atomic::{AtomicU64, Ordering},
};

use bearhug_core::{Blob, Flow, Gap, Lead, Name, Sink};

/// Counts the gaps that pass on the way to another sink.
pub(super) struct Watch<'a> {
    sink: &'a dyn Sink,
    gaps: AtomicU64,
}

impl<'a> Watch<'a> {
    pub(super) fn new(sink: &'a dyn Sink) -> Self {
        Self { sink, gaps: AtomicU64::new(0) }
    }

    /// How many gaps there have been.
    pub(super) fn gaps(&self) -> u64 {
        self.gaps.load(Ordering::Relaxed)
    }
}

impl Sink for Watch<'_> {
    fn name(&self, name: Name<'_>) -> String {
        self.sink.name(name)
    }

    fn blob(&self, blob: &Blob<'_>) -> Vec<Lead> {
        self.sink.blob(blob)
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
        self.gaps.fetch_add(1, Ordering::Relaxed);
        self.sink.gap(gap);
    }

    fn flow(&self) -> Flow {
        self.sink.flow()
    }
}
