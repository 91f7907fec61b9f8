//! The shapes that programs rely on. A change here is a change of a schema.

use bearhug_core as core;
use bearhug_guard::hunt::{self, Report};
use serde::Serialize;

use crate::words;

/// `bearhug.finding/1`.
#[derive(Serialize)]
pub(crate) struct Finding<'a> {
    schema: &'static str,
    fingerprint: String,
    kind: &'static str,
    redacted: &'a str,
    companion: Option<&'a str>,
    confidence: &'static str,
    reasons: Vec<&'static str>,
    placeholder: bool,
    verdict: &'static str,
    account: Option<&'a str>,
    role: Option<&'a str>,
    impact: Vec<&'static str>,
    blocked_by: &'a [String],
    unavailable_because: Option<&'a str>,
    sightings: Vec<Sighting<'a>>,
}

impl<'a> From<&'a core::Finding> for Finding<'a> {
    fn from(finding: &'a core::Finding) -> Self {
        let assessment = &finding.assessment;
        let told = finding.told.as_ref();
        Self {
            schema: "bearhug.finding/1",
            fingerprint: finding.fingerprint.to_string(),
            kind: finding.kind.name(),
            redacted: &finding.redacted,
            companion: finding.companion.as_deref(),
            confidence: assessment.confidence.name(),
            reasons: assessment.reasons.iter().map(|&r| words::reason(r).0).collect(),
            placeholder: assessment.placeholder,
            verdict: finding.verdict.name(),
            account: told.and_then(|told| told.account.as_deref()),
            role: told.and_then(|told| told.role.as_deref()),
            impact: told.iter().flat_map(|told| &told.impacts).map(|i| i.name()).collect(),
            blocked_by: told.map_or(&[], |told| told.blocked_by.as_slice()),
            unavailable_because: told.and_then(|told| told.reason.as_deref()),
            sightings: finding.sightings.iter().map(Sighting::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct Sighting<'a> {
    path: &'a str,
    line: Option<u64>,
    column: Option<u64>,
    offset: u64,
    origin: Vec<String>,
    context: Option<&'a str>,
    storage: Option<&'static str>,
    mode: Option<String>,
    advice: Option<&'static str>,
    commit: Option<&'a str>,
    author: Option<&'a str>,
    date: Option<&'a str>,
    removed: Option<Removal<'a>>,
    reach: Option<&'static str>,
    versions: Option<u64>,
    checked_out: Option<bool>,
}

#[derive(Serialize)]
struct Removal<'a> {
    commit: &'a str,
    author: &'a str,
    date: &'a str,
}

impl<'a> From<&'a core::Sighting> for Sighting<'a> {
    fn from(sighting: &'a core::Sighting) -> Self {
        let commit = sighting.commit.as_ref();
        let (storage, mode) = sighting.origin.storage().unzip();
        let history = sighting.history.as_ref();
        let removed = history.and_then(|history| history.removed.as_ref());
        Self {
            path: &sighting.origin.path,
            line: sighting.line,
            column: sighting.column,
            offset: sighting.offset,
            origin: steps(&sighting.origin),
            context: sighting.context.as_deref(),
            storage: storage.map(|storage| storage.name),
            mode: mode.flatten().map(permissions),
            advice: storage.map(|storage| storage.advice),
            commit: commit.map(|c| c.id.as_str()),
            author: commit.map(|c| c.author.as_str()),
            date: commit.map(|c| c.date.as_str()),
            removed: removed.map(|c| Removal { commit: &c.id, author: &c.author, date: &c.date }),
            reach: history.map(|h| h.reach.name()),
            versions: history.map(|h| h.versions),
            checked_out: history.map(|h| h.checked_out),
        }
    }
}

/// `bearhug.scan/1`. `F` is what stands for the findings: their number where they have lines of
/// their own, or all of them.
#[derive(Serialize)]
pub(crate) struct Scan<'a, F> {
    schema: &'static str,
    bytes: u64,
    blobs: u64,
    seconds: f64,
    findings: F,
    sightings: usize,
    coverage: Coverage,
    gaps: Vec<Gap<'a>>,
    hidden: Hidden,
    interrupted: bool,
}

impl<'a, F> Scan<'a, F> {
    pub(crate) fn new(report: &'a Report, findings: F) -> Self {
        Self {
            schema: "bearhug.scan/1",
            bytes: report.coverage.bytes,
            blobs: report.coverage.scanned,
            seconds: (report.elapsed.as_secs_f64() * 1e3).round() / 1e3,
            findings,
            sightings: report.findings.iter().map(|f| f.sightings.len()).sum(),
            coverage: report.coverage.into(),
            gaps: report.gaps.iter().map(Gap::from).collect(),
            hidden: report.hidden.into(),
            interrupted: report.interrupted,
        }
    }
}

#[derive(Serialize)]
struct Coverage {
    scanned: u64,
    missing: u64,
    oversized: u64,
    undecodable: u64,
}

impl From<core::Coverage> for Coverage {
    fn from(coverage: core::Coverage) -> Self {
        let core::Coverage { scanned, missing, oversized, undecodable, bytes: _ } = coverage;
        Self { scanned, missing, oversized, undecodable }
    }
}

#[derive(Serialize)]
struct Gap<'a> {
    origin: Vec<String>,
    path: &'a str,
    reason: &'static str,
    detail: String,
}

impl<'a> From<&'a core::Gap> for Gap<'a> {
    fn from(gap: &'a core::Gap) -> Self {
        Self {
            origin: steps(&gap.origin),
            path: &gap.origin.path,
            reason: gap.reason.name(),
            detail: words::gap_detail(&gap.reason),
        }
    }
}

#[derive(Serialize)]
struct Hidden {
    baseline: u64,
    configured: u64,
    allowed: u64,
    placeholders: u64,
    unsure: u64,
}

impl From<hunt::Hidden> for Hidden {
    fn from(hidden: hunt::Hidden) -> Self {
        let hunt::Hidden { baseline, configured, allowed, placeholders, unsure } = hidden;
        Self { baseline, configured, allowed, placeholders, unsure }
    }
}

/// The steps of an origin as output spells them: `file:a.zip`, `decoded:base64`.
pub(crate) fn steps(origin: &core::Origin) -> Vec<String> {
    origin.steps.iter().map(ToString::to_string).collect()
}

/// Permission bits as chmod takes them.
pub(crate) fn permissions(mode: u32) -> String {
    format!("{mode:04o}")
}
