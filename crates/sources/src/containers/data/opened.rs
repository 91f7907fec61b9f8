//! What tests see of a file that was opened.

use std::sync::Mutex;

use bearhug_core::{Blob, Flow, Gap, Lead, Name, Origin, Sink};

use crate::{
    containers::{Limits, Opener, Reading},
    stream::Overlap,
};

/// Keeps what is delivered.
#[derive(Default)]
struct Seen {
    parts: Mutex<Vec<(String, Vec<u8>)>>,
    gaps: Mutex<Vec<Gap>>,
}

impl Sink for Seen {
    fn name(&self, name: Name<'_>) -> String {
        name.path.to_owned()
    }

    fn blob(&self, blob: &Blob<'_>) -> Vec<Lead> {
        let part = (blob.origin.to_string(), blob.bytes[blob.own.clone()].to_vec());
        self.parts.lock().expect("one thread").push(part);
        Vec::new()
    }

    fn done(&self) {}

    fn gap(&self, gap: Gap) {
        self.gaps.lock().expect("one thread").push(gap);
    }

    fn flow(&self) -> Flow {
        Flow::Continue
    }
}

/// The contents of a file, each with the way to it, and what could not be read.
pub(super) fn opened(bytes: &[u8]) -> (Vec<(String, Vec<u8>)>, Vec<Gap>) {
    let seen = Seen::default();
    let overlap = Overlap { before: 64, after: 64 };
    let reading = Reading { overlap, containers: Some(Limits::default()) };
    let origin = Origin { path: "file".into(), steps: Vec::new() };
    Opener { sink: &seen, reading }.held(bytes, &origin);
    let (parts, gaps) = (seen.parts.into_inner(), seen.gaps.into_inner());
    (parts.expect("one thread"), gaps.expect("one thread"))
}

/// Opens a hostile file of a few hundred bytes, which must not unpack to more than it should.
pub(super) fn survives(bytes: &[u8]) {
    let (parts, _) = opened(bytes);
    let delivered: usize = parts.iter().map(|(_, part)| part.len()).sum();
    assert!(delivered < 1 << 20, "{delivered} bytes");
}
