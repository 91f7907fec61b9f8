//! Whether something of a credential's shape is one.
//!
//! The judgement starts from what the body is made of and is lowered by what surrounds it. How well
//! it does on random bodies and on real identifiers is measured in `docs/confidence.md`.

mod letters;
mod placeholder;

use std::ops::Range;

use bearhug_core::{Assessment, Confidence, Kind, Reason};

use crate::{
    body::{Body, jwt_names_algorithm},
    boundary::{self, Before},
    shapes::Shape,
};

/// What is known about a candidate.
pub(crate) struct Evidence<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) shape: &'static Shape,
    pub(crate) value: Range<usize>,
    pub(crate) before: Before,
    /// More of the body's alphabet follows.
    pub(crate) glued: bool,
    /// Something touches the value, and the data around is not text.
    pub(crate) binary: bool,
}

/// What a body is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Randomness {
    /// As if drawn at random.
    Random,
    /// Neither clearly random nor clearly words.
    Unsure,
    /// Words run together.
    Identifier,
    /// Hexadecimal digits only.
    Hash,
    /// Letters of one case only.
    OneCase,
    /// A stand-in that nobody could log in with.
    Placeholder,
}

/// Judges a candidate.
pub(crate) fn assess(evidence: &Evidence<'_>, paired: bool) -> Assessment {
    let mut reasons = Vec::new();
    let mut confidence = Confidence::High;
    let mut lower = |to: Confidence, reason: Reason| {
        confidence = confidence.min(to);
        reasons.push(reason);
    };
    let body =
        &evidence.bytes[evidence.value.start + evidence.shape.prefix.len()..evidence.value.end];
    let mut placeholder = false;
    match evidence.shape.body {
        Body::Lease => lower(Confidence::High, Reason::ChecksumFits),
        Body::Jwt if jwt_names_algorithm(body) => lower(Confidence::High, Reason::JwtHeader),
        Body::Jwt | Body::KeyId => lower(Confidence::Low, Reason::IdentifierLike),
        Body::Random(_) => {
            let judged = randomness(body);
            placeholder = judged == Randomness::Placeholder;
            let (to, reason) = judgement_of(judged);
            lower(to, reason);
        }
    }
    if paired {
        lower(Confidence::High, Reason::PairedNearby);
    }
    let named = is_named(evidence);
    if named {
        lower(Confidence::High, Reason::NamedNearby);
    }
    if has_unusual_digits(evidence.shape, body) {
        lower(if named { Confidence::High } else { Confidence::Medium }, Reason::HasDigits);
    }
    if evidence.shape.kind == Kind::OrgToken {
        lower(Confidence::High, Reason::RetiredKind);
    }
    if let Some((to, reason)) = judgement_of_surroundings(evidence) {
        lower(to, reason);
    }
    Assessment { confidence, placeholder, reasons }
}

fn judgement_of(randomness: Randomness) -> (Confidence, Reason) {
    match randomness {
        Randomness::Random => (Confidence::High, Reason::RandomBody),
        Randomness::Unsure => (Confidence::Medium, Reason::IdentifierLike),
        Randomness::Identifier => (Confidence::Low, Reason::IdentifierLike),
        Randomness::Hash => (Confidence::Low, Reason::HashLike),
        Randomness::OneCase => (Confidence::Low, Reason::OneCase),
        Randomness::Placeholder => (Confidence::Low, Reason::PlaceholderLike),
    }
}

/// What a body is made of.
pub(crate) fn randomness(body: &[u8]) -> Randomness {
    let letters = || body.iter().filter(|b| b.is_ascii_alphabetic());
    if placeholder::is_placeholder(body) {
        Randomness::Placeholder
    } else if body.len() >= 20 && body.iter().all(u8::is_ascii_hexdigit) {
        Randomness::Hash
    } else if letters().all(u8::is_ascii_lowercase) || letters().all(u8::is_ascii_uppercase) {
        Randomness::OneCase
    } else {
        letters::judge(body)
    }
}

/// What touches the value, and where it stands.
fn judgement_of_surroundings(evidence: &Evidence<'_>) -> Option<(Confidence, Reason)> {
    let after = evidence.bytes.get(evidence.value.end);
    let emphasised = evidence.before == Before::Underscore && after == Some(&b'_');
    if evidence.binary {
        let judgement = if boundary::is_length_prefixed(evidence.bytes, &evidence.value) {
            (Confidence::High, Reason::LengthPrefixed)
        } else if evidence.glued && boundary::is_start_of_prefixed(evidence.bytes, &evidence.value)
        {
            (Confidence::Low, Reason::TouchesAfter)
        } else {
            (Confidence::Medium, Reason::InBinary)
        };
        return Some(judgement);
    }
    match evidence.before {
        Before::Word(_) => return Some((Confidence::Low, Reason::TouchesBefore)),
        Before::Underscore if !emphasised => {
            return Some((Confidence::Medium, Reason::TouchesBefore));
        }
        Before::Underscore | Before::Clear => {}
    }
    if evidence.glued {
        return Some((Confidence::Medium, Reason::TouchesAfter));
    }
    (after == Some(&b'_') && !emphasised).then_some((Confidence::Low, Reason::TouchesAfter))
}

/// Observed user and organisation tokens are letters only; the older ones of test accounts hold
/// digits.
fn has_unusual_digits(shape: &Shape, body: &[u8]) -> bool {
    matches!(shape.kind, Kind::UserToken | Kind::OrgToken) && body.iter().any(u8::is_ascii_digit)
}

/// Names that stand beside credentials.
const NAMES: [&[u8]; 12] = [
    b"hf_token",
    b"hugging",
    b"hf.co",
    b"token",
    b"bearer",
    b"api_key",
    b"apikey",
    b"auth",
    b"login",
    b"passw",
    b"secret",
    b"credential",
];

/// Whether such a name stands on the value's line, before it or close behind.
fn is_named(evidence: &Evidence<'_>) -> bool {
    const REACH: usize = 96;
    let Range { start, end } = evidence.value;
    let before = &evidence.bytes[start.saturating_sub(REACH)..start];
    let after = &evidence.bytes[end..evidence.bytes.len().min(end + REACH / 2)];
    let line_before = before.rsplit(|&b| b == b'\n').next().unwrap_or_default();
    let line_after = after.split(|&b| b == b'\n').next().unwrap_or_default();
    let line = [line_before, b" ", line_after].concat().to_ascii_lowercase();
    NAMES.iter().any(|name| memchr::memmem::find(&line, name).is_some())
}
