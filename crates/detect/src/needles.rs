//! The literals that lead to a token, written plainly or in any encoding, and the search for them.
//!
//! Each encoding leaves a literal of its own where it writes a prefix such as `hf_`, so one pass of
//! a SIMD multi-literal search over the raw bytes notices them all.

use bearhug_core::Encoding;
use data_encoding::BASE64;

use crate::{
    encodings::Notice,
    prefilter::{KEY, Prefilter},
};

/// The plain prefixes. Those of `hf_oauth_` and the like start with the first.
const PREFIXES: [&str; 4] = ["hf_", "api_org_", "oauth_app_secret_", "HFAK"];

/// What a literal says about the place where it stands.
#[derive(Debug, Clone)]
enum Meaning {
    /// A prefix, plainly written.
    Prefix,
    /// A prefix that breaks off behind the literal's first so many bytes.
    Broken(usize),
    /// A prefix in an encoding, with the phase that [`Notice`] explains.
    Encoded(Encoding, usize),
    /// The same, if after an indent the text goes on so.
    Indented(Encoding, usize, String),
}

/// A literal that was found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hit {
    /// A plain prefix starts here.
    Prefix(usize),
    /// The start of a plain prefix stands here, and breaks off after so many bytes.
    Broken(usize, usize),
    /// An encoding was noticed here.
    Encoded(Notice),
}

#[derive(Debug, Clone)]
struct Needle {
    literal: Vec<u8>,
    meaning: Meaning,
}

/// A set of literals and the search for them.
#[derive(Debug)]
pub(crate) struct Needles {
    prefilter: Prefilter,
    /// In order, so that those with one key stand together.
    needles: Vec<Needle>,
    /// A bit for each of the keys, by [`slot`]: most places that the prefilter lets through end
    /// here.
    keys: Box<[bool; SLOTS]>,
}

const SLOTS: usize = 1 << 12;

/// Where a key's bit is.
fn slot(key: [u8; KEY]) -> usize {
    let [a, b, c] = key.map(usize::from);
    (a << 5 ^ b << 3 ^ c) % SLOTS
}

impl Needles {
    /// The plain prefixes alone.
    pub(crate) fn plain() -> Self {
        Self::new(prefixes())
    }

    /// The plain prefixes and their forms in every encoding.
    pub(crate) fn all() -> Self {
        Self::new([prefixes(), broken(), escaped(), in_base64(), in_hex(), wide()].concat())
    }

    fn new(mut needles: Vec<Needle>) -> Self {
        needles.sort_by(|a, b| a.literal.cmp(&b.literal));
        let mut all: Vec<[u8; KEY]> = needles.iter().filter_map(|n| key(&n.literal)).collect();
        all.dedup();
        let mut keys = Box::new([false; SLOTS]);
        for &key in &all {
            keys[slot(key)] = true;
        }
        Self { prefilter: Prefilter::new(&all), needles, keys }
    }

    /// Calls `on_hit` for every literal in `bytes`, in order.
    pub(crate) fn for_each(&self, bytes: &[u8], on_hit: &mut dyn FnMut(Hit)) {
        self.prefilter.for_each(bytes, &mut |at| {
            let here = &bytes[at..];
            if let Some(key) = key(here).filter(|&key| self.keys[slot(key)]) {
                for needle in self.with_key(key) {
                    if let Some(hit) = needle.hit(here, at) {
                        on_hit(hit);
                    }
                }
            }
        });
    }

    fn with_key(&self, key: [u8; KEY]) -> impl Iterator<Item = &Needle> {
        let first = self.needles.partition_point(|n| n.literal[..KEY] < key[..]);
        self.needles[first..].iter().take_while(move |n| n.literal.starts_with(&key))
    }
}

fn key(bytes: &[u8]) -> Option<[u8; KEY]> {
    bytes.first_chunk().copied()
}

impl Needle {
    /// The hit, if `here`, which starts at offset `at`, starts with the literal.
    fn hit(&self, here: &[u8], at: usize) -> Option<Hit> {
        let rest = here.strip_prefix(&self.literal[..])?;
        match &self.meaning {
            Meaning::Prefix => Some(Hit::Prefix(at)),
            Meaning::Broken(len) => Some(Hit::Broken(at, *len)),
            &Meaning::Encoded(encoding, phase) => {
                Some(Hit::Encoded(Notice { encoding, at, phase }))
            }
            Meaning::Indented(encoding, phase, then) => {
                let blanks = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
                let goes_on = rest[blanks..].starts_with(then.as_bytes());
                goes_on.then_some(Hit::Encoded(Notice { encoding: *encoding, at, phase: *phase }))
            }
        }
    }
}

fn prefixes() -> Vec<Needle> {
    PREFIXES.iter().map(|p| needle(*p, Meaning::Prefix)).collect()
}

fn needle(literal: impl AsRef<[u8]>, meaning: Meaning) -> Needle {
    Needle { literal: literal.as_ref().to_vec(), meaning }
}

fn encoded(literals: &[&str], encoding: Encoding) -> Vec<Needle> {
    literals.iter().map(|l| needle(l, Meaning::Encoded(encoding, 0))).collect()
}

/// The start of the commonest prefix before a break that a person or a line length put there.
fn broken() -> Vec<Needle> {
    ["hf\"", "hf'", "hf`", "hf\\"].iter().map(|l| needle(l, Meaning::Broken(2))).collect()
}

/// Escapes for `h`, `f` and `_`: a prefix that is not plain has at least one of them escaped.
/// A letter of another prefix is never escaped without its underscore.
fn escaped() -> Vec<Needle> {
    let escapes = [
        r"\u005f", r"\u005F", r"\u0068", r"\u0066", r"\u{5f}", r"\u{5F}", r"\u{68}", r"\u{66}",
        r"\U0000005", r"\U0000006", r"\x5f", r"\x5F", r"\x68", r"\x66", r"\137", r"\150", r"\146",
        r"\N{LOW LINE}",
    ];
    // Percent signs are themselves escaped as %25, any number of times.
    let percent = ["%5f", "%5F", "%68", "%66", "%255", "%256", "%2525"];
    // So are ampersands, as &amp;.
    let html = [
        "&#95", "&#0", "&#102", "&#104", "&#x5f", "&#x5F", "&#X5", "&#x66", "&#x68", "&#x0",
        "wbar;", "UnderBar;", "&amp;#",
    ];
    let quoted = ["=5F", "=5f", "=68", "=66", "h=\nf", "h=\r\nf", "hf=\n_", "hf=\r\n_"];
    [
        encoded(&escapes, Encoding::Escapes),
        encoded(&percent, Encoding::Percent),
        encoded(&html, Encoding::Html),
        encoded(&quoted, Encoding::QuotedPrintable),
    ]
    .concat()
}

/// The characters of base64 that `text` alone determines when `skipped` bytes precede it in its
/// group, and the place of the first of them in its group of four.
fn base64_core(text: &[u8], skipped: usize) -> (String, usize) {
    let mut padded = vec![0; skipped];
    padded.extend(text);
    let first = (8 * skipped).div_ceil(6);
    let end = 8 * padded.len() / 6;
    padded.extend([0; 3]);
    (BASE64.encode(&padded)[first..end].to_owned(), first % 4)
}

fn in_base64() -> Vec<Needle> {
    let mut needles = Vec::new();
    for skipped in 0..3 {
        for prefix in PREFIXES {
            let (core, phase) = base64_core(prefix.as_bytes(), skipped);
            needles.push(base64(&core, phase));
            needles.extend(wrapped(&core, phase));
        }
        // What PowerShell takes as an encoded command is UTF-16.
        let (core, phase) = base64_core(b"h\0f\0_\0", skipped);
        needles.push(base64(&core, phase));
        let (core, _) = base64_core(b"hf_", skipped);
        needles.extend(base64_again(&core, 2));
    }
    needles
}

/// The cores of base64 in base64, so many times more.
fn base64_again(core: &str, times: usize) -> Vec<Needle> {
    let mut needles = Vec::new();
    for skipped in 0..3 {
        let (core, phase) = base64_core(core.as_bytes(), skipped);
        needles.push(base64(&core, phase));
        if times > 1 {
            needles.extend(base64_again(&core, times - 1));
        }
    }
    needles
}

/// Beyond six characters a literal is as rare as it needs to be.
fn base64(core: &str, phase: usize) -> Needle {
    needle(&core[..core.len().min(6)], Meaning::Encoded(Encoding::Base64, phase))
}

/// The characters of a core with a line break between any two of them.
fn wrapped(core: &str, phase: usize) -> Vec<Needle> {
    let mut needles = Vec::new();
    for at in 1..core.len().min(6) {
        let (before, after) = (&core[at - 1..at], &core[at..=at]);
        let phase = (phase + at - 1) % 4;
        for line_break in ["\n", "\r\n", "\\n"] {
            let literal = format!("{before}{line_break}{after}");
            needles.push(needle(literal, Meaning::Encoded(Encoding::Base64, phase)));
        }
        for line_break in ["\n ", "\n\t", "\r\n ", "\r\n\t"] {
            let then = core[at..].to_owned();
            let meaning = Meaning::Indented(Encoding::Base64, phase, then);
            needles.push(needle(format!("{before}{line_break}"), meaning));
        }
    }
    needles
}

fn in_hex() -> Vec<Needle> {
    let mut needles = Vec::new();
    for prefix in ["hf_", "org_", "ret_", "HFAK"] {
        let lower = data_encoding::HEXLOWER.encode(prefix.as_bytes());
        let upper = lower.to_ascii_uppercase();
        if upper != lower {
            needles.push(needle(&upper, Meaning::Encoded(Encoding::Hex, 2)));
        }
        needles.push(needle(&lower, Meaning::Encoded(Encoding::Hex, 2)));
    }
    for spaced in ["68 66 5", "68:66:5"] {
        needles.push(needle(spaced, Meaning::Encoded(Encoding::Hex, 3)));
    }
    needles
}

fn wide() -> Vec<Needle> {
    let mut needles = Vec::new();
    for (stride, encoding) in [(2, Encoding::Utf16), (4, Encoding::Utf32)] {
        for text in ["hf_", "rg_", "et_", "FAK"] {
            let mut literal = vec![0; stride * (text.len() - 1) + 1];
            for (i, b) in text.bytes().enumerate() {
                literal[i * stride] = b;
            }
            needles.push(needle(literal, Meaning::Encoded(encoding, stride)));
        }
    }
    needles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_cores_are_what_coreutils_writes() {
        // printf 'hf_' | base64; printf 'xhf_' | base64; printf 'xyhf_' | base64
        assert_eq!(base64_core(b"hf_", 0), ("aGZf".to_owned(), 0));
        assert_eq!(base64_core(b"hf_", 1), ("hmX".to_owned(), 2));
        assert_eq!(base64_core(b"hf_", 2), ("oZl".to_owned(), 3));
    }

    #[test]
    fn every_literal_is_found_and_has_a_key() {
        let needles = Needles::all();
        for needle in &needles.needles {
            assert!(needle.literal.len() >= KEY, "{needle:?}");
            let mut text = b"some text, ".repeat(9);
            let at = text.len();
            text.extend(&needle.literal);
            if let Meaning::Indented(_, _, then) = &needle.meaning {
                text.extend(then.as_bytes());
            }
            let mut found = false;
            needles.for_each(&text, &mut |hit| {
                found |= match hit {
                    Hit::Prefix(place) | Hit::Broken(place, _) => place == at,
                    Hit::Encoded(notice) => notice.at == at,
                };
            });
            assert!(found, "{needle:?}");
        }
    }
}
