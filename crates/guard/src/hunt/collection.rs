//! What has been found so far.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use bearhug_core::{
    Breaks, Coverage, Finding, Fingerprint, Gap, GapReason, LineIndex, Origin, Sighting, Step,
    Token, Verdict,
};
use bearhug_detect::Candidate;
use secrecy::ExposeSecret as _;

use super::{Hidden, Options, Report};

/// Tokens under their fingerprints.
pub type Tokens = BTreeMap<Fingerprint, Token>;

/// How many sightings of one token are kept. Beyond that their number says enough.
pub(super) const MOST_SIGHTINGS: usize = 10_000;

/// How many gaps of one file are kept for one reason.
const MOST_GAPS: u64 = 100;

/// A sighting, and how to number its line, if that is still to be done.
pub(super) struct Seen {
    pub(super) sighting: Sighting,
    pub(super) pending: Option<Pending>,
}

/// A line number that is known when every piece of the file has been read.
pub(super) struct Pending {
    pub(super) index: Arc<LineIndex>,
    pub(super) piece: usize,
    pub(super) before: Breaks,
}

/// Findings under their fingerprints.
#[derive(Default)]
pub(super) struct Collection {
    findings: BTreeMap<Fingerprint, Entry>,
    gaps: Vec<Gap>,
    /// How many gaps there are of each file and reason.
    gap_counts: BTreeMap<(String, &'static str), u64>,
    hidden: Hidden,
    hidden_tokens: BTreeSet<Fingerprint>,
    keeps_tokens: bool,
}

struct Entry {
    finding: Finding,
    /// The token itself, for a hunt that hands its tokens over.
    token: Option<Token>,
    seen: Vec<Seen>,
    dropped: u64,
}

impl Collection {
    pub(super) fn new(keeps_tokens: bool) -> Self {
        Self { keeps_tokens, ..Self::default() }
    }

    pub(super) fn add(&mut self, candidate: &Candidate, seen: Seen) {
        let fingerprint = candidate.token.fingerprint();
        let entry = self.findings.entry(fingerprint).or_insert_with(|| Entry {
            finding: Finding {
                fingerprint,
                kind: candidate.token.kind(),
                redacted: candidate.token.redacted(),
                companion: candidate.companion.clone(),
                assessment: candidate.assessment.clone(),
                verdict: Verdict::default(),
                told: None,
                sightings: Vec::new(),
            },
            token: self.keeps_tokens.then(|| copy(&candidate.token)),
            seen: Vec::new(),
            dropped: 0,
        });
        if candidate.assessment.confidence > entry.finding.assessment.confidence {
            entry.finding.assessment = candidate.assessment.clone();
        }
        if entry.finding.companion.is_none() {
            entry.finding.companion.clone_from(&candidate.companion);
        }
        if entry.seen.len() < MOST_SIGHTINGS {
            entry.seen.push(seen);
        } else {
            entry.dropped += 1;
        }
    }

    /// Counts a place of a token that the user wants to be left out.
    pub(super) fn allow(&mut self, token: &Token) {
        self.hidden.allowed += 1;
        self.hidden_tokens.insert(token.fingerprint());
    }

    /// Keeps a gap, or counts it if its file has many for the same reason.
    pub(super) fn gap(&mut self, gap: Gap) {
        let count =
            self.gap_counts.entry((gap.origin.path.clone(), gap.reason.name())).or_default();
        *count += 1;
        if *count <= MOST_GAPS {
            self.gaps.push(gap);
        }
    }

    /// Says how many gaps were only counted.
    fn tell_of_more_gaps(&mut self) {
        for ((path, _), count) in std::mem::take(&mut self.gap_counts) {
            let dropped = count.saturating_sub(MOST_GAPS);
            if dropped > 0 {
                let steps = vec![Step::File(path.clone())];
                let reason = GapReason::GapsCut { dropped };
                self.gaps.push(Gap { origin: Origin { path, steps }, reason });
            }
        }
    }

    /// The report, and the tokens that it is about, if they were to be kept.
    pub(super) fn into_report(mut self, options: &Options) -> (Report, Tokens) {
        let (mut findings, mut tokens) = (Vec::new(), Tokens::new());
        for (fingerprint, entry) in std::mem::take(&mut self.findings) {
            if let Some(mut entry) = self.show(entry, options) {
                tokens.extend(entry.token.take().map(|token| (fingerprint, token)));
                findings.push(self.complete(entry));
            }
        }
        findings.sort_by(|a, b| {
            let rank = |f: &Finding| Reverse(f.assessment.confidence);
            rank(a).cmp(&rank(b)).then_with(|| a.sightings.cmp(&b.sightings))
        });
        self.tell_of_more_gaps();
        self.gaps.sort();
        self.gaps.dedup();
        let report = Report {
            findings,
            coverage: coverage_of(&self.gaps),
            gaps: self.gaps,
            hidden: self.hidden,
            hidden_tokens: self.hidden_tokens,
            ..Report::default()
        };
        (report, tokens)
    }

    /// Counts an entry as hidden, or returns it.
    fn show(&mut self, entry: Entry, options: &Options) -> Option<Entry> {
        let assessment = &entry.finding.assessment;
        if options.baseline.contains(entry.finding.fingerprint) {
            self.hidden.baseline += 1;
        } else if options.allowed.contains(&entry.finding.fingerprint) {
            self.hidden.configured += 1;
        } else if assessment.placeholder && !options.include_placeholders {
            self.hidden.placeholders += 1;
        } else if options.min_confidence.is_some_and(|least| assessment.confidence < least) {
            self.hidden.unsure += 1;
        } else {
            return Some(entry);
        }
        self.hidden_tokens.insert(entry.finding.fingerprint);
        None
    }

    fn complete(&mut self, mut entry: Entry) -> Finding {
        number_lines(&mut entry.seen);
        let mut sightings: Vec<Sighting> = entry.seen.into_iter().map(|s| s.sighting).collect();
        sightings.sort();
        sightings.dedup();
        drop_outer(&mut sightings);
        if entry.dropped > 0 {
            let origin = sightings.last().map_or_else(
                || Origin { path: String::new(), steps: Vec::new() },
                |s| s.origin.clone(),
            );
            let reason = GapReason::SightingsCut { dropped: entry.dropped };
            self.gaps.push(Gap { origin, reason });
        }
        entry.finding.sightings = sightings;
        entry.finding
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a token that was asked for outlives the bytes it was found in"
)]
fn copy(token: &Token) -> Token {
    Token::new(token.kind(), token.expose_secret().to_owned())
}

/// Fills in the lines of sightings in files that were read in pieces.
fn number_lines(seen: &mut [Seen]) {
    for Seen { sighting, pending } in seen {
        if let Some(Pending { index, piece, before }) = pending {
            let place = index.place(*piece, *before, sighting.offset);
            sighting.line = place.map(|p| p.line);
            sighting.column = place.map(|p| p.column);
        }
    }
}

/// Leaves out what was seen in the bytes of a container if it was also seen in one of its parts,
/// which says more of the same place.
fn drop_outer(sightings: &mut Vec<Sighting>) {
    let containers: BTreeSet<(String, Vec<Step>)> = sightings
        .iter()
        .flat_map(|s| {
            containers_around(&s.origin).map(|steps| (s.origin.path.clone(), steps.to_vec()))
        })
        .collect();
    if containers.is_empty() {
        return;
    }
    sightings.retain(|s| {
        let is_decoded = |step: &&Step| matches!(step, Step::Decoded(_));
        let decoded = s.origin.steps.iter().rev().take_while(is_decoded).count();
        let undecoded = &s.origin.steps[..s.origin.steps.len() - decoded];
        !containers.contains(&(s.origin.path.clone(), undecoded.to_vec()))
    });
}

/// The way to each container that an origin leads through and that says everything twice.
fn containers_around(origin: &Origin) -> impl Iterator<Item = &[Step]> {
    origin.steps.iter().enumerate().filter_map(|(i, step)| match step {
        Step::Unpacked(container) | Step::Part(container, _) if container.repeats_itself() => {
            Some(&origin.steps[..i])
        }
        _ => None,
    })
}

fn coverage_of(gaps: &[Gap]) -> Coverage {
    let mut coverage = Coverage::default();
    for gap in gaps {
        match gap.reason {
            GapReason::Unreadable(_) | GapReason::SpecialFile => coverage.missing += 1,
            GapReason::Oversized { .. } | GapReason::TooLargeToHold { .. } => {
                coverage.oversized += 1;
            }
            GapReason::DecodingBudget
            | GapReason::Damaged(_)
            | GapReason::Encrypted
            | GapReason::TooDeep { .. }
            | GapReason::TooManyParts { .. }
            | GapReason::TooMuchUnpacked { .. } => coverage.undecodable += 1,
            GapReason::AbsentObjects { objects } => coverage.missing += objects,
            GapReason::GapsCut { .. }
            | GapReason::SightingsCut { .. }
            | GapReason::Shallow { .. }
            | GapReason::Interrupted => {}
        }
    }
    coverage
}
