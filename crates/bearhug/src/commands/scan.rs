//! `bearhug scan`.

use std::{
    collections::BTreeSet,
    fs, io,
    path::Path,
    sync::{Arc, atomic::AtomicBool},
    thread,
    time::Instant,
};

use bearhug_core::{Confidence, Fingerprint, Source, Verdict};
use bearhug_detect::{CONTEXT_AFTER, CONTEXT_BEFORE, Detector};
use bearhug_guard::hunt::{
    self, Hunt, Options, Progress, Report, Tokens, baseline::Baseline, state::State,
};
use bearhug_sources::{Limits, stream::Overlap};
use bearhug_view::Format;

use super::{
    showing,
    targets::{self, Targets},
};
use crate::{
    Exit,
    cli::{Global, Hunting, Level, Reading, Reporting, Scan},
    config,
    error::CommandError,
    hub::{self, Hub},
    interrupt,
    ledger::Desk,
    output, progress, words,
};

mod record;
mod surroundings;
mod verify;

use record::Record;

/// How the pieces of what is too large to hold must overlap.
const OVERLAP: Overlap = Overlap { before: CONTEXT_BEFORE, after: CONTEXT_AFTER };

/// How content is read, unless the user says otherwise.
pub(crate) fn default_reading() -> bearhug_sources::Reading {
    bearhug_sources::Reading { overlap: OVERLAP, containers: Some(Limits::default()) }
}

pub(crate) fn run(mut scan: Box<Scan>, global: &Global) -> Result<Exit, CommandError> {
    let config = config::load(global)?;
    config.scan.complete(&mut scan);
    let scan = &*scan;
    let stop = interrupt::flag()?;
    let state = read_state(scan)?;
    // A ledger that cannot be written is better known before the hunt than after it.
    let which = Some(&scan.recording.ledger).filter(|_| scan.recording.record);
    let desk = which.map(|which| Desk::configured(which, &config, &stop)).transpose()?;
    let Targets { sources, files, clones, note } = targets::of(scan, state.as_ref())?;
    if let Some(note) = note.filter(|_| !global.quiet) {
        words::say(&note);
    }
    // A new baseline accepts all there is, what an old one accepted included.
    let baseline = match &scan.hunting.baseline {
        Some(path) if scan.hunting.write_baseline.is_none() => read_baseline(path)?,
        _ => Baseline::default(),
    };
    let accepted = Accepted { baseline, allowed: config.scan.allowed() };
    let report = hunt_and_verify(&sources, scan, accepted, (global, &stop))?;
    // A baseline of half a scan would forget what the other half holds.
    if let Some(path) = scan.hunting.write_baseline.as_ref().filter(|_| !report.interrupted) {
        write_baseline(path, &report)?;
    }
    drop(clones);
    if let (Some(path), Some(state), Some(files)) = (&scan.reading.history.state, state, &files)
        && !report.interrupted
    {
        write_state(path, &state.after(files.read_of_histories()))?;
    }
    show(&report, &scan.reporting, global)?;
    if let Some(desk) = desk {
        let environments = config.environments;
        Record { scan, files, desk, environments }.keep(&report, global.quiet)?;
    }
    Ok(exit(&report, scan))
}

/// Searches the sources, and asks the Hub about what is found if the user wants that.
fn hunt_and_verify(
    sources: &[Box<dyn Source>],
    scan: &Scan,
    accepted: Accepted,
    (global, stop): (&Global, &Arc<AtomicBool>),
) -> Result<Report, CommandError> {
    // An endpoint that cannot be used is better known before the hunt than after it.
    let questions = Some(&scan.verification.questions).filter(|_| scan.verification.verify);
    let hub = questions.map(|questions| Hub::at_pace(hub::pace(questions), stop, global));
    let hub = hub.transpose()?;
    let keep_tokens = hub.is_some();
    let show_progress = !global.quiet;
    let hunted = Hunted { keep_tokens, ignore_allowances: false, show_progress, stop };
    let (mut report, tokens) = hunt_until(sources, &scan.hunting, accepted, &hunted);
    if let Some(hub) = hub.filter(|_| !report.interrupted) {
        verify::verify(&mut report, &tokens, &hub, !global.quiet);
    }
    Ok(report)
}

/// How many threads read.
pub(crate) fn threads(reading: &Reading) -> usize {
    let processors = thread::available_parallelism();
    reading.threads.or(processors.ok()).map_or(1, std::num::NonZeroUsize::get)
}

pub(crate) fn content(reading: &Reading) -> bearhug_sources::Reading {
    let limits = Limits {
        depth: reading.max_depth,
        parts: reading.max_parts,
        unpacked: reading.max_unpacked,
        held: reading.max_held,
    };
    bearhug_sources::Reading {
        overlap: OVERLAP,
        containers: Some(limits).filter(|_| !reading.no_archives),
    }
}

/// What a scan with these options would find: another may find more.
fn detector_version(scan: &Scan) -> String {
    let Reading { no_archives, max_depth, .. } = scan.reading;
    let version = bearhug_detect::VERSION;
    format!("{version} fast={} archives={} depth={max_depth}", scan.hunting.fast, !no_archives)
}

/// Reads what earlier scans have read. The first finds no file.
fn read_state(scan: &Scan) -> Result<Option<State>, CommandError> {
    let Some(path) = &scan.reading.history.state else { return Ok(None) };
    let detector = detector_version(scan);
    match fs::read_to_string(path) {
        Ok(text) => {
            let state = State::parse(&text, detector);
            state.map(Some).map_err(|error| (path.as_path(), error).into())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Some(State::new(detector))),
        Err(error) => Err(CommandError::file("read", path, error)),
    }
}

fn write_state(path: &Path, state: &State) -> Result<(), CommandError> {
    let text = state.to_text().map_err(|error| (path, error))?;
    output::write_file(path, &mut |out| out.write_all(text.as_bytes()))
}

/// Reads a file of accepted tokens.
pub(crate) fn read_baseline(path: &Path) -> Result<Baseline, CommandError> {
    let text = fs::read_to_string(path).map_err(|error| CommandError::file("read", path, error))?;
    Baseline::parse(&text).map_err(|error| (path, error).into())
}

/// Tokens that are known and accepted.
#[derive(Default)]
pub(crate) struct Accepted {
    /// By a file of them.
    pub(crate) baseline: Baseline,
    /// By the configuration.
    pub(crate) allowed: BTreeSet<Fingerprint>,
}

/// Searches the sources for tokens, showing progress if somebody may look.
pub(crate) fn hunt(
    sources: &[Box<dyn Source>],
    hunting: &Hunting,
    accepted: Accepted,
    show_progress: bool,
) -> Result<Report, CommandError> {
    let stop = interrupt::flag()?;
    let hunted =
        Hunted { keep_tokens: false, ignore_allowances: false, show_progress, stop: &stop };
    Ok(hunt_until(sources, hunting, accepted, &hunted).0)
}

/// How a hunt goes on beside what it looks for.
pub(crate) struct Hunted<'a> {
    /// Whether the tokens themselves are wanted.
    pub(crate) keep_tokens: bool,
    /// Whether `bearhug:allow` hides nothing.
    pub(crate) ignore_allowances: bool,
    pub(crate) show_progress: bool,
    /// Ends it early.
    pub(crate) stop: &'a AtomicBool,
}

/// As [`hunt()`], until a flag is raised. Returns the tokens as well, if they are wanted.
pub(crate) fn hunt_until(
    sources: &[Box<dyn Source>],
    hunting: &Hunting,
    accepted: Accepted,
    hunted: &Hunted<'_>,
) -> (Report, Tokens) {
    let started = Instant::now();
    let thorough = Detector::new(bearhug_detect::Options::default());
    let plain = bearhug_detect::Options { decode: false, ..bearhug_detect::Options::default() };
    let fast = hunting.fast.then(|| Detector::new(plain));
    let detector = fast.as_ref().unwrap_or(&thorough);
    let options = Options {
        include_placeholders: hunting.include_placeholders,
        min_confidence: Some(hunting.min_confidence.unwrap_or_default().into()),
        baseline: accepted.baseline,
        allowed: accepted.allowed,
        keep_tokens: hunted.keep_tokens,
        ignore_allowances: hunted.ignore_allowances,
    };
    let progress = Progress::default();
    let hunt = Hunt::new(detector, options, hunted.stop, &progress).proofread_by(&thorough);
    progress::show_during(hunted.show_progress, &progress, || {
        for source in sources {
            hunt.search(source.as_ref());
        }
    });
    let (mut report, tokens) = hunt.finish_with_tokens();
    if !report.interrupted {
        hunt::attribute(&mut report, sources, &thorough);
    }
    report.elapsed = started.elapsed();
    (report, tokens)
}

fn write_baseline(path: &Path, report: &Report) -> Result<(), CommandError> {
    let text = Baseline::accepting(report).map_err(|error| (path, error))?;
    output::write_file(path, &mut |out| out.write_all(text.as_bytes()))
}

/// Shows the report where it was asked for. It is written as it is made: every text in it was redacted
/// by the hunt, and to collect it first, as [`showing::show`] does, would hold a large one in memory twice
/// and search it for as long as what was scanned.
pub(crate) fn show(
    report: &Report,
    reporting: &Reporting,
    global: &Global,
) -> Result<(), CommandError> {
    let options = showing::options(reporting.output.as_deref(), global);
    let mut write =
        |out: &mut dyn io::Write| bearhug_view::render(reporting.format, report, &options, out);
    match &reporting.output {
        Some(path) => output::write_file(path, &mut write),
        None => output::write_stdout(&mut write),
    }?;
    if reporting.format == Format::Csv && !global.quiet {
        // A table of findings has no place for what was not read.
        let plain = bearhug_view::Options { color: false, width: None, ..options };
        drop(bearhug_view::summary(report, &plain, &mut io::stderr()));
    }
    Ok(())
}

/// Whether a finding is at least this sure.
pub(crate) fn reaches(report: &Report, least: Level) -> bool {
    report.findings.iter().any(|f| f.assessment.confidence >= Confidence::from(least))
}

fn exit(report: &Report, scan: &Scan) -> Exit {
    let fail_on = scan.reporting.fail_on.unwrap_or(Level::Medium);
    let accepts_all = scan.hunting.write_baseline.is_some();
    let is_unverified = report.findings.iter().any(|f| f.verdict == Verdict::Unavailable);
    if report.interrupted {
        Exit::Interrupted
    } else if scan.reporting.strict && is_unverified {
        Exit::Partial
    } else if !accepts_all && reaches(report, fail_on) {
        Exit::Findings
    } else if scan.reporting.strict && !report.gaps.is_empty() {
        Exit::Partial
    } else {
        Exit::Clean
    }
}
