//! The one hunt engine: sources in, findings out.
//!
//! A [`Hunt`] is the sink that every source delivers to. It searches names and contents and keeps what
//! it finds under the token's fingerprint. It keeps a token only if it was asked to hand it over, and
//! never in the report.

mod attribution;
pub mod baseline;
mod collection;
mod context;
mod report;
pub mod state;

use std::{
    collections::BTreeSet,
    ops::Range,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use bearhug_core::{
    Blob, Breaks, Confidence, Fingerprint, Flow, Gap, GapReason, Lead, Lines, Name, Origin,
    Sighting, Sink, Source, Step,
};
use bearhug_detect::{Candidate, Detector};

pub use attribution::attribute;
use baseline::Baseline;
pub use collection::Tokens;
use collection::{Collection, Pending, Seen};
use context::Redactor;
pub use report::{Hidden, Report};

/// What a hunt shows.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether placeholders are findings.
    pub include_placeholders: bool,
    /// The least confidence that is shown.
    pub min_confidence: Option<Confidence>,
    /// The tokens that are known and accepted.
    pub baseline: Baseline,
    /// The tokens that the configuration accepts.
    pub allowed: BTreeSet<Fingerprint>,
    /// Whether tokens are findings even on lines that say `bearhug:allow`.
    pub ignore_allowances: bool,
    /// Whether to keep the tokens themselves, for who is to ask the Hub about them or to revoke them.
    pub keep_tokens: bool,
}

/// Running totals, for a progress line.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files and objects read.
    pub blobs: AtomicU64,
    /// Bytes searched.
    pub bytes: AtomicU64,
    /// Sightings, of placeholders too.
    pub sightings: AtomicU64,
}

/// A text fit to be shown, whatever tokens it holds: a path, an error that quotes its cause.
pub fn redacted(detector: &Detector, text: &str) -> String {
    Redactor::new(text.as_bytes(), &detector.scan(text.as_bytes()).candidates).all()
}

/// A hunt under way.
pub struct Hunt<'a> {
    detector: &'a Detector,
    /// Reads what is to be shown.
    proofreader: &'a Detector,
    options: Options,
    stop: &'a AtomicBool,
    progress: &'a Progress,
    collection: Mutex<Collection>,
}

impl<'a> Hunt<'a> {
    /// Starts a hunt, which ends early when `stop` becomes true.
    pub fn new(
        detector: &'a Detector,
        options: Options,
        stop: &'a AtomicBool,
        progress: &'a Progress,
    ) -> Self {
        let proofreader = detector;
        let collection = Mutex::new(Collection::new(options.keep_tokens));
        Self { detector, proofreader, options, stop, progress, collection }
    }

    /// Redacts what is shown by the eyes of another detector than the one that searches, which may
    /// be one that overlooks encodings for the sake of speed.
    #[must_use]
    pub fn proofread_by(self, proofreader: &'a Detector) -> Self {
        Self { proofreader, ..self }
    }

    /// Searches everything in a source.
    pub fn search(&self, source: &dyn Source) {
        source.walk(self);
    }

    /// Ends the hunt. The time it took is the caller's to say.
    pub fn finish(self) -> Report {
        self.finish_with_tokens().0
    }

    /// Ends the hunt. Beside the report it returns the tokens, if it was to keep them.
    pub fn finish_with_tokens(self) -> (Report, Tokens) {
        let interrupted = self.stop.load(Ordering::Relaxed);
        let collection = self.collection.into_inner().unwrap_or_else(PoisonError::into_inner);
        let (mut report, tokens) = collection.into_report(&self.options);
        report.coverage.scanned = self.progress.blobs.load(Ordering::Relaxed);
        report.coverage.bytes = self.progress.bytes.load(Ordering::Relaxed);
        report.interrupted = interrupted;
        (report, tokens)
    }

    fn with_collection<T>(&self, change: impl FnOnce(&mut Collection) -> T) -> T {
        // A panic while the lock was held would have lost one sighting, not the others.
        change(&mut self.collection.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn record(&self, blob: &Blob<'_>, candidates: &[Candidate]) {
        let mut redactor = Redactor::new(blob.bytes, candidates);
        for candidate in candidates.iter().filter(|c| blob.own.contains(&c.span.start)) {
            self.progress.sightings.fetch_add(1, Ordering::Relaxed);
            let is_allowed = context::is_allowed(blob.bytes, &candidate.span);
            if is_allowed && !self.options.ignore_allowances {
                self.with_collection(|c| c.allow(&candidate.token));
                continue;
            }
            let mut sighting = sighting(blob, candidate, &mut redactor);
            sighting.context = self.context(&redactor, &candidate.span);
            let seen = Seen { sighting, pending: pending(blob, candidate.span.start) };
            self.with_collection(|c| c.add(candidate, seen));
        }
    }

    /// The line around a token as the proofreader lets it pass.
    fn context(&self, redactor: &Redactor<'_>, span: &Range<usize>) -> Option<String> {
        if std::ptr::eq(self.detector, self.proofreader) {
            return redactor.context(span);
        }
        let near = redactor.near(span);
        let scan = self.proofreader.scan(&redactor.bytes()[near.clone()]);
        Redactor::new(&redactor.bytes()[near.clone()], &scan.candidates)
            .context(&(span.start - near.start..span.end - near.start))
    }
}

/// What numbers the line at `start`, if the blob cannot.
fn pending(blob: &Blob<'_>, start: usize) -> Option<Pending> {
    let Lines::Piece { index, number } = blob.lines else { return None };
    let own = blob.own.start;
    let before = Breaks::in_text(&blob.bytes[own..start], blob.offset + own as u64);
    Some(Pending { index: Arc::clone(index), piece: number, before })
}

fn sighting(blob: &Blob<'_>, candidate: &Candidate, redactor: &mut Redactor<'_>) -> Sighting {
    let start = candidate.span.start;
    let mut origin = blob.origin.clone();
    origin.steps.extend(blob.stretch(start).cloned());
    origin.steps.extend(candidate.encodings.iter().copied().map(Step::Decoded));
    let line = match blob.lines {
        Lines::From(first) => Some(first + redactor.newlines_before(start)),
        Lines::Piece { .. } => None,
    };
    Sighting {
        origin,
        line,
        column: line.and_then(|_| column(blob, start)),
        offset: blob.offset + start as u64,
        context: None,
        commit: None,
        history: None,
    }
}

/// The column of an offset, if the start of its line is at hand. In a piece of something that comes
/// once it may be gone.
fn column(blob: &Blob<'_>, offset: usize) -> Option<u64> {
    let starts_here = blob.offset == 0 || blob.bytes[..offset].contains(&b'\n');
    starts_here.then(|| context::column(blob.bytes, offset))
}

impl Sink for Hunt<'_> {
    fn name(&self, name: Name<'_>) -> String {
        let scan = self.detector.scan(name.path.as_bytes());
        let printable = if std::ptr::eq(self.detector, self.proofreader) {
            Redactor::new(name.path.as_bytes(), &scan.candidates).all()
        } else {
            redacted(self.proofreader, name.path)
        };
        if scan.candidates.is_empty() {
            return printable;
        }
        let origin = match name.within {
            Some((outer, container)) => outer.then(Step::Part(container, printable.clone())),
            None => Origin { path: printable.clone(), steps: vec![Step::File(printable.clone())] },
        }
        .then(Step::Name);
        for candidate in scan.candidates.iter().filter(|c| c.span.end > name.own_from) {
            let sighting = Sighting {
                origin: origin.clone(),
                line: None,
                column: None,
                offset: candidate.span.start as u64,
                context: None,
                commit: None,
                history: None,
            };
            self.with_collection(|c| c.add(candidate, Seen { sighting, pending: None }));
        }
        printable
    }

    fn is_quiet(&self, bytes: &[u8], parts: &[Range<usize>]) -> bool {
        self.detector.is_quiet(bytes, parts)
    }

    fn passed(&self, objects: u64, bytes: u64) {
        self.progress.blobs.fetch_add(objects, Ordering::Relaxed);
        self.progress.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    fn blob(&self, blob: &Blob<'_>) -> Vec<Lead> {
        let mut scan = self.detector.scan(blob.bytes);
        self.progress.bytes.fetch_add(blob.own.len() as u64, Ordering::Relaxed);
        if !scan.candidates.is_empty() {
            self.record(blob, &scan.candidates);
        }
        if !scan.complete {
            self.gap(Gap { origin: blob.origin.clone(), reason: GapReason::DecodingBudget });
        }
        scan.leads.retain(|lead| blob.own.contains(&lead.at));
        scan.leads
    }

    fn done(&self) {
        self.progress.blobs.fetch_add(1, Ordering::Relaxed);
    }

    fn gap(&self, mut gap: Gap) {
        // The words are those of a library or of the system, which may quote what it read.
        if let GapReason::Unreadable(words) | GapReason::Damaged(words) = &mut gap.reason {
            *words = redacted(self.proofreader, words);
        }
        self.with_collection(|c| c.gap(gap));
    }

    fn flow(&self) -> Flow {
        if self.stop.load(Ordering::Relaxed) { Flow::Stop } else { Flow::Continue }
    }
}
