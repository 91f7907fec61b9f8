//! What the tests of the readers share.

use std::sync::{Mutex, PoisonError};

use bearhug_core::{Blob, Flow, Gap, Lead, Name, Origin, Sink, Step};

use super::{Limits, Opener, Reading};
use crate::stream::Overlap;

/// What was delivered of a file.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// The origin and content of each piece, in order.
    pub(super) blobs: Vec<(Origin, Vec<u8>)>,
    pub(super) names: Vec<String>,
    pub(super) gaps: Vec<Gap>,
}

impl Opened {
    /// What was delivered of what the file holds: each origin, without the file, and its content.
    pub(super) fn contents(&self) -> Vec<(String, &[u8])> {
        let is_inner = |(origin, _): &&(Origin, Vec<u8>)| origin.steps.len() > 1;
        self.blobs
            .iter()
            .filter(is_inner)
            .map(|(origin, content)| {
                let steps: Vec<String> = origin.steps.iter().skip(1).map(Step::to_string).collect();
                (steps.join(" › "), &content[..])
            })
            .collect()
    }

    /// The same, each in a line.
    pub(super) fn parts(&self) -> Vec<String> {
        let line = |(origin, content)| format!("{origin} = {}", String::from_utf8_lossy(content));
        self.contents().into_iter().map(line).collect()
    }
}

#[derive(Default)]
struct Recorder(Mutex<Opened>);

impl Recorder {
    fn record(&self, change: impl FnOnce(&mut Opened)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Sink for Recorder {
    fn name(&self, name: Name<'_>) -> String {
        self.record(|opened| opened.names.push(name.path.to_owned()));
        name.path.to_owned()
    }

    fn blob(&self, blob: &Blob<'_>) -> Vec<Lead> {
        let own = blob.bytes[blob.own.clone()].to_vec();
        self.record(|opened| opened.blobs.push((blob.origin.clone(), own)));
        Vec::new()
    }

    fn done(&self) {}

    fn gap(&self, gap: Gap) {
        self.record(|opened| opened.gaps.push(gap));
    }

    fn flow(&self) -> Flow {
        Flow::Continue
    }
}

/// Opens a file of these bytes.
pub(super) fn opened(bytes: &[u8]) -> Opened {
    let sink = Recorder::default();
    let overlap = Overlap { before: 64, after: 64 };
    let reading = Reading { overlap, containers: Some(Limits::default()) };
    let origin = Origin { path: "file".to_owned(), steps: vec![Step::File("file".to_owned())] };
    Opener { sink: &sink, reading }.held(bytes, &origin);
    sink.0.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Opens a hostile file of a few hundred bytes, which must not unpack to more than it should.
pub(super) fn survives(bytes: &[u8]) {
    let opened = opened(bytes);
    let delivered: usize = opened.blobs.iter().map(|(_, content)| content.len()).sum();
    assert!(delivered < 1 << 20, "{delivered} bytes");
}
