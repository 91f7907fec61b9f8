//! What the targets for containers share: a file goes the way that `scan` would send it, and what must
//! hold of any is asserted.

pub mod shaped;

use std::{
    io::Cursor,
    sync::{
        LazyLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use bearhug_core::{Blob, Flow, Gap, GapReason, Lead, Name, Origin, Sink, Step};
use bearhug_detect::{CONTEXT_AFTER, CONTEXT_BEFORE, Detector, Options};
use bearhug_guard::hunt::{self, Hunt, Progress};
use bearhug_sources::{
    Limits, Reading,
    stream::{Overlap, Stream},
};

/// Small, so that they are met and a run is quick.
const LIMITS: Limits =
    Limits { depth: 4, parts: 500, unpacked: Some(MOST_UNPACKED), held: 1 << 20 };
const MOST_UNPACKED: u64 = 1 << 21;

/// How many steps a container adds to an origin at most: its part, a place in that, two layers of
/// base64 and what a reader has taken apart.
const STEPS_A_CONTAINER: usize = 5;

/// Making one takes longer than most runs.
static DETECTOR: LazyLock<Detector> = LazyLock::new(|| Detector::new(Options::default()));

/// Searches a file and all it holds.
pub fn search(bytes: &[u8]) {
    searched(bytes);
}

/// Searches a file that starts with one of these signatures, or behind the first of them, and asserts
/// that its own bytes are searched besides what is unpacked of them.
pub fn search_behind(signatures: &[&[u8]], bytes: &[u8]) {
    let is_signed = signatures.iter().any(|signature| bytes.starts_with(signature));
    let signature = if is_signed { b"" } else { signatures[0] };
    assert!(searched(&[signature, bytes].concat()), "the file itself was not searched");
}

/// Searches a file and says whether its own bytes were delivered as they are.
fn searched(bytes: &[u8]) -> bool {
    let (stop, progress) = (AtomicBool::new(false), Progress::default());
    let hunt = Hunt::new(&DETECTOR, hunt::Options::default(), &stop, &progress);
    let watch = Watch {
        hunt: &hunt,
        size: bytes.len(),
        delivered: AtomicU64::default(),
        names: AtomicU64::default(),
        was_whole: AtomicBool::default(),
    };
    let origin = Origin { path: "file".to_owned(), steps: vec![Step::Stdin] };
    let overlap = Overlap { before: CONTEXT_BEFORE, after: CONTEXT_AFTER };
    let reading = Reading { overlap, containers: Some(LIMITS) };
    let file = Stream::new(origin, Cursor::new(bytes.to_vec()), reading);
    bearhug_core::Source::walk(&file, &watch);
    let was_whole = watch.was_whole.into_inner();
    let report = hunt.finish();
    assert!(report.coverage.bytes <= MOST_UNPACKED);
    was_whole
}

/// A hunt whose every delivery is checked.
struct Watch<'a> {
    hunt: &'a Hunt<'a>,
    /// The size of the file.
    size: usize,
    /// How many bytes were delivered.
    delivered: AtomicU64,
    /// How many names were.
    names: AtomicU64,
    /// Whether the whole file was delivered as it is.
    was_whole: AtomicBool,
}

impl Sink for Watch<'_> {
    fn name(&self, name: Name<'_>) -> String {
        // Some parts consist of others and have a name without being counted.
        let names = self.names.fetch_add(1, Ordering::Relaxed);
        assert!(names <= 2 * LIMITS.parts + 2, "more names than parts");
        self.hunt.name(name)
    }

    fn blob(&self, blob: &Blob<'_>) -> Vec<Lead> {
        assert!(blob.own.start <= blob.own.end && blob.own.end <= blob.bytes.len());
        let mut previous = 0;
        for (stretch, _) in blob.outline {
            assert!(previous <= stretch.start && stretch.start <= stretch.end);
            previous = stretch.end;
        }
        assert!(previous <= blob.bytes.len());
        assert!(blob.origin.steps.len() <= 1 + STEPS_A_CONTAINER * usize::from(LIMITS.depth));
        let own = blob.own.len() as u64;
        let delivered = self.delivered.fetch_add(own, Ordering::Relaxed) + own;
        assert!(delivered <= MOST_UNPACKED, "{delivered} bytes at {}", blob.origin);
        if blob.origin.steps.len() == 1 && blob.own.len() == self.size {
            self.was_whole.store(true, Ordering::Relaxed);
        }
        self.hunt.blob(blob)
    }

    fn done(&self) {
        self.hunt.done();
    }

    fn gap(&self, gap: Gap) {
        if let GapReason::Damaged(words) | GapReason::Unreadable(words) = &gap.reason {
            assert!(!words.is_empty(), "a gap without a reason at {}", gap.origin);
        }
        self.hunt.gap(gap);
    }

    fn flow(&self) -> Flow {
        self.hunt.flow()
    }
}
