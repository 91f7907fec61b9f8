//! Credentials that come in two halves, one of them public.

use std::ops::Range;

use bearhug_core::{Assessment, Confidence, Encoding, Kind, Reason, Token};

use crate::{
    Candidate,
    confidence::{Randomness, randomness},
};

/// How far apart the halves of a pair may stand, in bytes. A configuration file or a JSON answer
/// keeps them on neighbouring lines.
const REACH: usize = 512;

/// How near its label a secret stands.
const LABEL_REACH: usize = 48;

/// The secret that belongs to the S3 access key id at `id`, or the id alone.
pub(crate) fn key_pair(bytes: &[u8], id: Range<usize>) -> Option<Candidate> {
    let id_text = std::str::from_utf8(&bytes[id.clone()]).ok()?.to_owned();
    let Some(secret) = secret_near(bytes, &id) else {
        let assessment = Assessment {
            confidence: Confidence::Low,
            placeholder: randomness(&bytes[id.start + 4..id.end]) == Randomness::Placeholder,
            reasons: vec![Reason::SecretMissing],
        };
        let token = Token::new(Kind::S3AccessKeyId, id_text);
        return Some(Candidate {
            token,
            span: id,
            encodings: Vec::new(),
            companion: None,
            assessment,
        });
    };
    let value = std::str::from_utf8(&bytes[secret.clone()]).ok()?.to_owned();
    let assessment = Assessment {
        confidence: Confidence::High,
        placeholder: false,
        reasons: vec![Reason::PairedNearby, Reason::RandomBody],
    };
    Some(Candidate {
        token: Token::new(Kind::S3SecretKey, value),
        span: secret,
        encodings: Vec::new(),
        companion: Some(id_text),
        assessment,
    })
}

/// The encodings that the half beside an id may be written in: those that escape a slash or a plus.
pub(crate) fn encodings_beside(bytes: &[u8], id: &Range<usize>) -> Vec<Encoding> {
    let near = &bytes[id.start.saturating_sub(REACH)..bytes.len().min(id.end + REACH)];
    let written = [("%2", Encoding::Percent), ("\\/", Encoding::Escapes), ("&#", Encoding::Html)];
    let is_near = |mark: &str| memchr::memmem::find(near, mark.as_bytes()).is_some();
    written.into_iter().filter(|(mark, _)| is_near(mark)).map(|(_, encoding)| encoding).collect()
}

/// The nearest random text of a secret's length, one that is called a secret before one that is
/// not.
fn secret_near(bytes: &[u8], id: &Range<usize>) -> Option<Range<usize>> {
    let from = id.start.saturating_sub(REACH);
    let to = bytes.len().min(id.end + REACH);
    let distance = |run: &Range<usize>| id.start.abs_diff(run.start);
    let mut near: Vec<_> = runs(bytes, from..to, is_secret_byte)
        .filter(|run| (32..=64).contains(&run.len()))
        .filter(|run| run.end <= id.start || run.start >= id.end)
        // What follows a prefix or precedes padding is some other value.
        .filter(|run| !matches!(bytes[..run.start].last(), Some(b'_' | b'-')))
        .filter(|run| bytes.get(run.end) != Some(&b'='))
        .collect();
    near.sort_by_cached_key(|run| (!is_called_secret(bytes, run.start), distance(run)));
    near.into_iter().find(|run| randomness(&bytes[run.clone()]) == Randomness::Random)
}

fn is_secret_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')
}

fn is_called_secret(bytes: &[u8], at: usize) -> bool {
    let label = bytes[at.saturating_sub(LABEL_REACH)..at].to_ascii_lowercase();
    memchr::memmem::find(&label, b"secret").is_some()
}

/// The id of the OAuth application, a UUID, beside its secret at `secret`.
pub(crate) fn client_id(bytes: &[u8], secret: &Range<usize>) -> Option<String> {
    let from = secret.start.saturating_sub(REACH);
    let to = bytes.len().min(secret.end + REACH);
    runs(bytes, from..to, |b| b.is_ascii_hexdigit() || b == b'-')
        .filter(|run| is_uuid(&bytes[run.clone()]))
        .min_by_key(|run| secret.start.abs_diff(run.start))
        .and_then(|run| String::from_utf8(bytes[run].to_vec()).ok())
}

fn is_uuid(text: &[u8]) -> bool {
    text.len() == 36
        && text.iter().enumerate().all(|(i, b)| (*b == b'-') == matches!(i, 8 | 13 | 18 | 23))
}

/// The stretches of one alphabet in a part of `bytes`, but for those that may go on outside it.
fn runs(
    bytes: &[u8],
    within: Range<usize>,
    belongs: impl Fn(u8) -> bool,
) -> impl Iterator<Item = Range<usize>> {
    let mut position = within.start;
    let whole = move |run: &Range<usize>| {
        (run.start > within.start || run.start == 0)
            && (run.end < within.end || run.end == bytes.len())
    };
    std::iter::from_fn(move || {
        let start = position + bytes[position..within.end].iter().position(|&b| belongs(b))?;
        let rest = &bytes[start..within.end];
        let len = rest.iter().position(|&b| !belongs(b)).unwrap_or(rest.len());
        position = start + len;
        Some(start..position)
    })
    .filter(whole)
}
