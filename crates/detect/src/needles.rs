//! The literals that lead to a token, written plainly or in any encoding, and the search for them.
//!
//! Each encoding leaves a literal of its own where it writes a prefix such as `hf_`, so one pass of
//! a SIMD multi-literal search over the raw bytes notices them all.

use bearhug_core::{Encoding, LeadForm};
use data_encoding::BASE64;

use crate::{encodings::Notice, prefilter::Prefilter};

/// The plain prefixes. Those of `hf_oauth_` and the like start with the first.
const PREFIXES: [&str; 4] = ["hf_", "api_org_", "oauth_app_secret_", "HFAK"];

/// What a literal says about the place where it stands.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// A prefix, plainly written.
    Prefix,
    /// A prefix that breaks off behind the literal's first so many bytes.
    Broken(usize),
    /// A prefix in an encoding, behind so many bytes that only mark the place, with the phase that
    /// [`Notice`] explains.
    Encoded { encoding: Encoding, skip: usize, phase: usize },
    /// The start of compressed data or of an archive.
    Lead(LeadForm),
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
    /// Something that may hold content of its own starts here.
    Lead(usize, LeadForm),
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
    /// In the order of their slots.
    literals: Vec<Needle>,
    /// Where in `literals` those of each slot start; one more than there are slots. Most places that
    /// the prefilter lets through end at an empty slot.
    slots: Vec<u16>,
    longest: usize,
}

const SLOTS: usize = 1 << 12;

/// The slot of what `text` starts with, a hash of three bytes. No literal is shorter.
fn slot(text: &[u8]) -> Option<usize> {
    let [a, b, c] = text.first_chunk()?.map(usize::from);
    Some((a << 5 ^ b << 3 ^ c) % SLOTS)
}

impl Needles {
    /// The plain prefixes alone.
    pub(crate) fn plain() -> Self {
        Self::new(prefixes())
    }

    /// The plain prefixes, their forms in every encoding, and what leads to embedded content.
    pub(crate) fn all() -> Self {
        Self::new(
            [prefixes(), broken(), escaped(), in_base64(), in_hex(), wide(), leads()].concat(),
        )
    }

    fn new(mut needles: Vec<Needle>) -> Self {
        needles.sort_by_key(|n| slot(&n.literal));
        let before = |slot_| needles.partition_point(|n| slot(&n.literal) < Some(slot_));
        let slots = (0..=SLOTS).map(|s| u16::try_from(before(s)).unwrap_or(u16::MAX)).collect();
        let literals: Vec<&[u8]> = needles.iter().map(|n| n.literal.as_slice()).collect();
        let prefilter = Prefilter::new(&literals);
        let longest = literals.iter().map(|literal| literal.len()).max().unwrap_or(1);
        Self { prefilter, slots, longest, literals: needles }
    }

    /// The length of the longest literal, in bytes.
    pub(crate) fn longest(&self) -> usize {
        self.longest
    }

    /// Calls `on_hit` for every literal in `bytes`, in order.
    pub(crate) fn for_each(&self, bytes: &[u8], on_hit: &mut dyn FnMut(Hit)) {
        self.prefilter.for_each(bytes, &mut |at| {
            let here = &bytes[at..];
            for needle in self.candidates(here) {
                if let Some(hit) = needle.hit(here, at) {
                    on_hit(hit);
                }
            }
        });
    }

    /// The needles that `text` may start with.
    fn candidates(&self, text: &[u8]) -> &[Needle] {
        let Some(slot) = slot(text) else { return &[] };
        let (from, to) = (self.slots[slot], self.slots[slot + 1]);
        &self.literals[usize::from(from)..usize::from(to)]
    }
}

impl Needle {
    /// The hit, if `here`, which starts at offset `at`, starts with the literal.
    fn hit(&self, here: &[u8], at: usize) -> Option<Hit> {
        here.starts_with(&self.literal).then_some(match self.meaning {
            Meaning::Prefix => Hit::Prefix(at),
            Meaning::Broken(len) => Hit::Broken(at, len),
            Meaning::Encoded { encoding, skip, phase } => {
                Hit::Encoded(Notice { encoding, at: at + skip, phase })
            }
            Meaning::Lead(form) => Hit::Lead(at, form),
        })
    }
}

fn prefixes() -> Vec<Needle> {
    PREFIXES.iter().map(|p| needle(*p, Meaning::Prefix)).collect()
}

fn needle(literal: impl AsRef<[u8]>, meaning: Meaning) -> Needle {
    Needle { literal: literal.as_ref().to_vec(), meaning }
}

fn encoded(literals: &[&str], encoding: Encoding) -> Vec<Needle> {
    let meaning = Meaning::Encoded { encoding, skip: 0, phase: 0 };
    literals.iter().map(|l| needle(l, meaning)).collect()
}

/// The start of the commonest prefix before a break that a person or a line length put there.
fn broken() -> Vec<Needle> {
    ["hf\"", "hf'", "hf`", "hf\\", "hf<"].iter().map(|l| needle(l, Meaning::Broken(2))).collect()
}

/// Escapes for `h`, `f` and `_`: a prefix that is not plain has at least one of them escaped.
/// A letter of another prefix is never escaped without its underscore.
fn escaped() -> Vec<Needle> {
    let escapes = [
        r"\u005f",
        r"\u005F",
        r"\u0068",
        r"\u0066",
        r"\u{5f}",
        r"\u{5F}",
        r"\u{68}",
        r"\u{66}",
        r"\U0000005",
        r"\U0000006",
        r"\x5f",
        r"\x5F",
        r"\x68",
        r"\x66",
        r"\137",
        r"\150",
        r"\146",
        r"\N{LOW LINE}",
    ];
    // Percent signs are themselves escaped as %25, any number of times.
    let percent = ["%5f", "%5F", "%68", "%66", "%255", "%256", "%2525"];
    // So are ampersands, as &amp;.
    let html = [
        "&#95",
        "&#0",
        "&#102",
        "&#104",
        "&#x5f",
        "&#x5F",
        "&#X5",
        "&#x66",
        "&#x68",
        "&#x0",
        "wbar;",
        "UnderBar;",
        "&amp;#",
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

/// The characters that can follow such a core when ASCII text goes on: what is left of its last
/// byte decides a part of them.
fn base64_next(text: &[u8], skipped: usize) -> Vec<char> {
    let first = (8 * (skipped + text.len())) / 6;
    let mut next: Vec<char> = (b'+'..=b'z')
        .filter_map(|following| {
            let padded = [&vec![0; skipped], text, &[following], &[0; 3]].concat();
            BASE64.encode(&padded).chars().nth(first)
        })
        .collect();
    next.sort_unstable();
    next.dedup();
    next
}

fn in_base64() -> Vec<Needle> {
    let mut needles = Vec::new();
    for skipped in 0..3 {
        for prefix in PREFIXES {
            let (core, phase) = base64_core(prefix.as_bytes(), skipped);
            needles.extend(base64(&core, phase, &base64_next(prefix.as_bytes(), skipped)));
        }
        // What PowerShell takes as an encoded command is UTF-16, and JSON may escape everything.
        for text in [&b"h\0f\0_\0"[..], br"\u00"] {
            let (core, phase) = base64_core(text, skipped);
            needles.extend(base64(&core, phase, &[]));
        }
        let (core, phase) = base64_core(b"hf_", skipped);
        needles.extend(wrapped(&core, phase));
        needles.extend(base64_twice(&core));
    }
    needles
}

/// The cores of base64 in base64.
fn base64_twice(core: &str) -> Vec<Needle> {
    (0..3)
        .flat_map(|skipped| {
            let (twice, phase) = base64_core(core.as_bytes(), skipped);
            base64(&twice, phase, &base64_next(core.as_bytes(), skipped))
        })
        .collect()
}

/// Beyond six characters a literal is as rare as it needs to be, and below four it is rarer with
/// what can follow it.
fn base64(core: &str, phase: usize, next: &[char]) -> Vec<Needle> {
    let meaning = Meaning::Encoded { encoding: Encoding::Base64, skip: 0, phase };
    literals(&core[..core.len().min(6)], next).into_iter().map(|l| needle(l, meaning)).collect()
}

fn literals(core: &str, next: &[char]) -> Vec<String> {
    if core.len() >= 4 || next.is_empty() {
        return vec![core.to_owned()];
    }
    next.iter().map(|c| format!("{core}{c}")).collect()
}

/// A core with a line break inside. Two of its characters and the break on one side of them make a
/// literal that is rare in text, which one character and the break would not be.
fn wrapped(core: &str, phase: usize) -> Vec<Needle> {
    let encoded = |skip, phase| Meaning::Encoded { encoding: Encoding::Base64, skip, phase };
    let mut needles = Vec::new();
    for at in 1..core.len() {
        let rest = &core[at..];
        if rest.len() >= 2 {
            // After a line break, raw or written as `\n`, or the indent that follows one.
            for before in ["\n", "n", " ", "\t"] {
                let meaning = encoded(1, (phase + at) % 4);
                needles.push(needle(format!("{before}{rest}"), meaning));
            }
        } else {
            for line_break in ["\n", "\r\n", "\\n"] {
                let meaning = encoded(0, (phase + at - 2) % 4);
                needles.push(needle(format!("{}{line_break}", &core[at - 2..at]), meaning));
            }
        }
    }
    needles
}

/// What `hf_` leaves in base64, short enough to be looked for in other encodings.
fn base64_cores() -> impl Iterator<Item = String> {
    (0..3).map(|skipped| base64_core(b"hf_", skipped).0)
}

fn in_hex() -> Vec<Needle> {
    let hex = |stride| Meaning::Encoded { encoding: Encoding::Hex, skip: 0, phase: stride };
    let mut needles = Vec::new();
    let prefixes = ["hf_", "org_", "ret_", "HFAK"].map(str::to_owned);
    for prefix in prefixes.into_iter().chain(base64_cores()) {
        let lower = data_encoding::HEXLOWER.encode(prefix.as_bytes());
        let upper = lower.to_ascii_uppercase();
        if upper != lower {
            needles.push(needle(&upper, hex(2)));
        }
        needles.push(needle(&lower, hex(2)));
    }
    for spaced in ["68 66 5", "68:66:5"] {
        needles.push(needle(spaced, hex(3)));
    }
    needles
}

fn wide() -> Vec<Needle> {
    let mut needles = Vec::new();
    for (stride, encoding) in [(2, Encoding::Utf16), (4, Encoding::Utf32)] {
        let meaning = Meaning::Encoded { encoding, skip: 0, phase: stride };
        let prefixes = ["hf_", "rg_", "et_", "FAK"].map(str::to_owned);
        for text in prefixes.into_iter().chain(base64_cores()) {
            let mut literal = vec![0; stride * (text.len() - 1) + 1];
            for (i, b) in text.bytes().enumerate() {
                literal[i * stride] = b;
            }
            needles.push(needle(literal, meaning));
        }
    }
    needles
}

/// The signatures of compressed data and archives that are found in other content, and those of
/// documents that hold some: gzip without and with a file name, bzip2, xz, Zstandard, LZ4, 7-Zip, ZIP,
/// PDF and PNG.
const SIGNATURES: [&[u8]; 11] = [
    b"\x1f\x8b\x08\x00",
    b"\x1f\x8b\x08\x08",
    b"BZh91AY&SY",
    b"\xfd7zXZ\0",
    b"\x28\xb5\x2f\xfd",
    b"\x04\x22\x4d\x18",
    b"7z\xbc\xaf\x27\x1c",
    b"PK\x03\x04",
    b"%PDF-1.",
    b"%PDF-2.",
    b"\x89PNG\r\n",
];

/// What compressed data and archives start with, as it is, in base64 and, for what Kubernetes and
/// Helm write, in base64 of base64.
fn leads() -> Vec<Needle> {
    let mut needles = Vec::new();
    for signature in SIGNATURES {
        needles.push(needle(signature, Meaning::Lead(LeadForm::Raw)));
        let once = base64_core(signature, 0).0;
        needles.push(needle(&once, Meaning::Lead(LeadForm::Base64)));
        let url_safe = once.replace('/', "_").replace('+', "-");
        if url_safe != once {
            needles.push(needle(url_safe, Meaning::Lead(LeadForm::Base64)));
        }
        let twice = base64_core(once.as_bytes(), 0).0;
        needles.push(needle(twice, Meaning::Lead(LeadForm::Base64Twice)));
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
        for needle in &needles.literals {
            assert!(needle.literal.len() >= 3, "{needle:?}");
            let mut text = b"some text, ".repeat(9);
            let at = text.len();
            text.extend(&needle.literal);
            let mut found = false;
            needles.for_each(&text, &mut |hit| {
                found |= match hit {
                    Hit::Prefix(place) | Hit::Broken(place, _) | Hit::Lead(place, _) => place == at,
                    Hit::Encoded(notice) => notice.at >= at,
                };
            });
            assert!(found, "{needle:?}");
        }
    }
}
