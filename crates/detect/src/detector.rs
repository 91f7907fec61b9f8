//! The search itself: from literals to candidates, through as many encodings as there are.

use std::ops::Range;

use bearhug_core::{Assessment, Encoding, Kind, Lead, Token};

use crate::{
    body::Fit,
    boundary::{self, Before},
    confidence::{self, Evidence},
    encodings::{self, Decoded, Notice},
    needles::{Hit, Needles},
    pairs,
    prefilter::{KEY, VECTOR},
    shapes::Shape,
};

/// How to search.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether to look into encodings. Without them only plain text is searched.
    pub decode: bool,
    /// How many encodings may be wrapped in one another.
    pub depth: u8,
    /// How many bytes may be decoded for each byte that is searched, beside a fixed megabyte.
    pub decode_ratio: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { decode: true, depth: 8, decode_ratio: 16 }
    }
}

/// Searches bytes for credentials. Made once, used from any number of threads.
#[derive(Debug)]
pub struct Detector {
    needles: Needles,
    options: Options,
}

/// Something that has the shape of a credential.
#[derive(Debug)]
pub struct Candidate {
    /// The value.
    pub token: Token,
    /// Where it stands in the searched bytes: the encoded form, if it is encoded.
    pub span: Range<usize>,
    /// The encodings it was found under, the outermost first.
    pub encodings: Vec<Encoding>,
    /// The public half of a pair, such as a client id.
    pub companion: Option<String>,
    /// How likely it is a credential, and why.
    pub assessment: Assessment,
}

/// The outcome of a search.
#[derive(Debug)]
pub struct Scan {
    /// What was found, in order of place.
    pub candidates: Vec<Candidate>,
    /// Where something starts that may hold content of its own, in order of place.
    pub leads: Vec<Lead>,
    /// Whether everything that looked encoded was decoded. Not so when a budget ran out.
    pub complete: bool,
}

/// What a window costs beside its text, in bytes of the budget.
const WINDOW: usize = 64;

/// What is left of the budgets while one input is searched.
struct Budget {
    bytes: usize,
    /// Whether something was left undecoded: the bytes were spent, or it was nested too deep.
    exceeded: bool,
}

impl Budget {
    /// Takes what was decoded from the budget. What exceeds it empties it, so that the decoding
    /// that went too far was the last.
    fn spend(&mut self, bytes: usize) -> bool {
        let rest = self.bytes.checked_sub(bytes);
        self.exceeded |= rest.is_none();
        self.bytes = rest.unwrap_or(0);
        rest.is_some()
    }

    /// Whether there is anything left to decode with.
    fn is_open(&mut self) -> bool {
        self.exceeded |= self.bytes == 0;
        self.bytes > 0
    }
}

impl Detector {
    /// Builds the searchers. Takes a few milliseconds.
    pub fn new(options: Options) -> Self {
        let needles = if options.decode { Needles::all() } else { Needles::plain() };
        Self { needles, options }
    }

    /// Searches `bytes`.
    pub fn scan(&self, bytes: &[u8]) -> Scan {
        let allowance = (1 << 20) + bytes.len().saturating_mul(self.options.decode_ratio);
        let mut budget = Budget { bytes: allowance, exceeded: false };
        let (mut candidates, leads) = self.search(bytes, 0, &mut budget);
        candidates.sort_by_key(|c| (c.span.start, c.span.end));
        Scan { candidates, leads, complete: !budget.exceeded }
    }

    /// Whether a search of `bytes` would find nothing to stop at, given that it would find nothing
    /// outside of `parts` and what touches them. The parts are in order; one may be empty, and is then
    /// a seam between its neighbours.
    pub fn is_quiet(&self, bytes: &[u8], parts: &[Range<usize>]) -> bool {
        let reach = self.needles.longest() - 1;
        let mut quiet = true;
        let mut parts = parts.iter();
        let mut next = parts.next();
        while let Some(part) = next {
            let from = part.start.saturating_sub(reach);
            let mut to = window_end(from, part.end + reach, bytes.len());
            next = parts.next();
            // What lies between two windows is searched sooner than another search is set up.
            while let Some(part) = next.filter(|part| part.start <= to + reach + NEAR) {
                to = to.max(window_end(from, part.end + reach, bytes.len()));
                next = parts.next();
            }
            self.needles.for_each(&bytes[from.min(to)..to], &mut |_| quiet = false);
            if !quiet {
                return false;
            }
        }
        true
    }

    /// Searches one level of encoding, and the levels inside it.
    fn search(&self, bytes: &[u8], depth: u8, budget: &mut Budget) -> (Vec<Candidate>, Vec<Lead>) {
        let mut leads = Vec::new();
        let mut level =
            Level { detector: self, bytes, depth, budget, windows: Vec::new(), found: Vec::new() };
        self.needles.for_each(bytes, &mut |hit| match hit {
            Hit::Prefix(at) => level.plain(at),
            Hit::Broken(at, len) => level.broken(at, &bytes[at + len..]),
            Hit::Encoded(notice) => level.encoded(notice),
            Hit::Lead(at, form) => leads.push(Lead { at, form }),
        });
        (merge(level.found), leads)
    }
}

/// How far apart windows may be and still be searched as one, in bytes.
const NEAR: usize = 128;

/// The end of a window that starts at `from` and reaches to `to` or, since whole vectors are searched
/// faster than single bytes, a little further.
fn window_end(from: usize, to: usize, len: usize) -> usize {
    (from + (to - from).next_multiple_of(VECTOR) + KEY - 1).min(len)
}

/// The state of searching one text: the input itself, or the text that a decoding uncovered.
struct Level<'a> {
    detector: &'a Detector,
    bytes: &'a [u8],
    depth: u8,
    budget: &'a mut Budget,
    /// What has been decoded already, so that a window holding a hundred literals is decoded once.
    windows: Vec<(Encoding, Decoded)>,
    found: Vec<Candidate>,
}

impl Level<'_> {
    /// A prefix stands at `at`: fits the shapes that start with it.
    fn plain(&mut self, at: usize) {
        let bytes = self.bytes;
        for shape in Shape::starting(&bytes[at..]) {
            let body = &bytes[at + shape.prefix.len()..];
            let (len, glued) = match shape.body.fit(body) {
                Fit::No => continue,
                Fit::Short(len) => return self.broken(at, &body[len..]),
                Fit::Exact(len) => (len, false),
                Fit::Glued(len) => (len, true),
            };
            if shape.body.is_open_ended() {
                self.broken(at, &body[len..]);
            }
            let value = at..at + shape.prefix.len() + len;
            if shape.kind == Kind::S3AccessKeyId {
                self.secret_beside(&value);
            }
            return self.found.extend(candidate(bytes, shape, value, glued));
        }
    }

    /// The secret of an access key id holds slashes and pluses, so it may be encoded where the id
    /// beside it is not.
    fn secret_beside(&mut self, id: &Range<usize>) {
        if !self.detector.options.decode {
            return;
        }
        for encoding in pairs::encodings_beside(self.bytes, id) {
            // Even where the window is there already, ids by the thousand take their time.
            if !self.budget.spend(WINDOW) {
                return;
            }
            self.encoded(Notice { encoding, at: id.start, phase: 0 });
        }
    }

    /// The value that starts at `at` stops where `rest` starts. An encoding may explain that.
    fn broken(&mut self, at: usize, rest: &[u8]) {
        if !self.detector.options.decode {
            return;
        }
        if let Some(encoding) = encodings::explain_break(rest) {
            self.encoded(Notice { encoding, at, phase: 0 });
        }
    }

    /// An encoding was noticed: searches the text under it.
    fn encoded(&mut self, notice: Notice) {
        if self.is_covered(notice) || !self.budget.is_open() {
            return;
        }
        if self.depth >= self.detector.options.depth {
            self.budget.exceeded = true;
            return;
        }
        for decoded in encodings::decode(self.bytes, notice) {
            if !self.budget.spend(WINDOW + decoded.bytes.len()) {
                return;
            }
            self.uncovered(notice.encoding, &decoded);
            self.cover(notice, decoded);
        }
    }

    fn uncovered(&mut self, encoding: Encoding, decoded: &Decoded) {
        // A window is too short to hold what a lead in it points at.
        let (inner, _) = self.detector.search(&decoded.bytes, self.depth + 1, self.budget);
        for mut candidate in inner {
            if candidate.span.start >= decoded.own_from {
                candidate.span = decoded.source_of(candidate.span);
                candidate.encodings.insert(0, encoding);
                self.found.push(candidate);
            }
        }
    }

    fn is_covered(&self, notice: Notice) -> bool {
        self.windows.iter().any(|(encoding, w)| *encoding == notice.encoding && w.reads(notice))
    }

    /// Remembers a window, and forgets those that the search has left behind.
    fn cover(&mut self, notice: Notice, window: Decoded) {
        self.windows.retain(|(_, w)| notice.at < w.complete_until);
        self.windows.push((notice.encoding, window));
    }
}

/// How many characters may be glued to the front of a value in text before it is taken for the
/// tail of an identifier or of a longer encoded run.
const LONGEST_GLUED: usize = 8;

/// Judges a value of the right shape, unless what surrounds it rules it out.
fn candidate(
    bytes: &[u8],
    shape: &'static Shape,
    value: Range<usize>,
    glued: bool,
) -> Option<Candidate> {
    let before = boundary::before(bytes, value.start);
    let touches = glued || matches!(before, Before::Word(_));
    let binary = touches
        && (boundary::is_binary_around(bytes, value.start)
            || boundary::is_length_prefixed(bytes, &value));
    if touches && !binary && is_part_of_more(bytes, &value, before, glued) {
        return None;
    }
    if shape.kind == Kind::S3AccessKeyId {
        return pairs::key_pair(bytes, value);
    }
    let evidence = Evidence { bytes, shape, value: value.clone(), before, glued, binary };
    let companion = match shape.kind {
        Kind::OauthAppSecret => pairs::client_id(bytes, &value),
        _ => None,
    };
    let assessment = confidence::assess(&evidence, companion.is_some());
    let text = std::str::from_utf8(&bytes[value.clone()]).ok()?;
    let token = Token::new(shape.kind, text.to_owned());
    Some(Candidate { token, span: value, encodings: Vec::new(), companion, assessment })
}

/// Whether text goes on before or after a value as if it were part of it. Another value may touch
/// it all the same, as in a column of fixed width.
fn is_part_of_more(bytes: &[u8], value: &Range<usize>, before: Before, glued: bool) -> bool {
    let another_follows = || Shape::starting(&bytes[value.end..]).next().is_some();
    let another_precedes = || Shape::ending(&bytes[..value.start]).next().is_some();
    (glued && !another_follows() && !another_precedes())
        || (matches!(before, Before::Word(LONGEST_GLUED..)) && !another_precedes())
}

/// Makes one of candidates that are readings of the same text.
///
/// Of two values that start at the same place the longer is the whole one. Of two readings of one
/// value the surer is kept, then the more direct.
fn merge(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by_key(|c| {
        (
            c.span.start,
            usize::MAX - c.span.len(),
            2 - c.assessment.confidence as u8,
            c.encodings.len(),
        )
    });
    let mut merged: Vec<Candidate> = Vec::with_capacity(found.len());
    for candidate in found {
        let twin = merged.iter_mut().rev().take(8).find(|kept| {
            kept.span.start == candidate.span.start && kept.token.kind() == candidate.token.kind()
                || (overlap(&kept.span, &candidate.span)
                    && kept.token.fingerprint() == candidate.token.fingerprint())
        });
        match twin {
            None => merged.push(candidate),
            Some(kept) if is_surer(&candidate, kept) => *kept = candidate,
            Some(_) => {}
        }
    }
    merged
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

fn is_surer(a: &Candidate, b: &Candidate) -> bool {
    let rank = |c: &Candidate| (c.assessment.confidence, usize::MAX - c.encodings.len());
    a.token.fingerprint() == b.token.fingerprint() && rank(a) > rank(b)
}
