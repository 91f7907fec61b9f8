//! The literals that lead to a token, written plainly or in any encoding, and the search for them.
//!
//! Each encoding leaves a literal of its own where it writes a prefix such as `hf_`, so one pass of
//! a SIMD multi-literal search over the raw bytes notices them all.

use aho_corasick::{
    AhoCorasick, Span,
    packed::{Config, MatchKind, Searcher},
};
use bearhug_core::Encoding;
use data_encoding::BASE64;

use crate::encodings::Notice;

/// The plain prefixes. Those of `hf_oauth_` and the like start with the first.
const PREFIXES: [&str; 4] = ["hf_", "api_org_", "oauth_app_secret_", "HFAK"];

/// What a literal says about the place where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Meaning {
    /// A prefix, plainly written.
    Prefix,
    /// A prefix in an encoding, with the phase that [`Notice`] explains.
    Encoded(Encoding, usize),
}

/// A literal that was found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hit {
    /// A plain prefix starts here.
    Prefix(usize),
    /// An encoding was noticed here.
    Encoded(Notice),
}

#[derive(Debug)]
struct Needle {
    literal: Vec<u8>,
    meaning: Meaning,
}

/// The searchers for a set of literals.
#[derive(Debug)]
pub(crate) struct Needles {
    groups: Vec<Group>,
}

/// Literals that are searched for together. The packed searcher takes no more than 64.
#[derive(Debug)]
struct Group {
    search: Search,
    meanings: Vec<Meaning>,
}

#[derive(Debug)]
enum Search {
    Packed(Searcher),
    /// For processors without the vector instructions that the packed searcher needs.
    Automaton(AhoCorasick),
}

impl Needles {
    /// The plain prefixes alone.
    pub(crate) fn plain() -> Self {
        Self { groups: vec![Group::new(prefixes())] }
    }

    /// The plain prefixes and their forms in every encoding.
    pub(crate) fn all() -> Self {
        let mut text = prefixes();
        text.extend(escaped());
        let mut data = in_base64();
        data.extend(in_hex());
        data.extend(wide());
        Self { groups: vec![Group::new(text), Group::new(data)] }
    }

    /// Calls `on_hit` for every literal in `bytes`. Hits of one encoding come in order.
    pub(crate) fn for_each(&self, bytes: &[u8], on_hit: &mut dyn FnMut(Hit)) {
        for group in &self.groups {
            let mut from = 0;
            while let Some((index, start)) = group.find(bytes, from) {
                on_hit(match group.meanings[index] {
                    Meaning::Prefix => Hit::Prefix(start),
                    Meaning::Encoded(encoding, phase) => {
                        Hit::Encoded(Notice { encoding, at: start, phase })
                    }
                });
                from = start + 1;
            }
        }
    }
}

impl Group {
    fn new(needles: Vec<Needle>) -> Self {
        let literals: Vec<&[u8]> = needles.iter().map(|n| n.literal.as_slice()).collect();
        let search = Config::new()
            .match_kind(MatchKind::LeftmostFirst)
            .builder()
            .extend(&literals)
            .build()
            .map_or_else(|| Search::Automaton(automaton(&literals)), Search::Packed);
        Self { search, meanings: needles.into_iter().map(|n| n.meaning).collect() }
    }

    fn find(&self, bytes: &[u8], from: usize) -> Option<(usize, usize)> {
        if from > bytes.len() {
            return None;
        }
        let found = match &self.search {
            Search::Packed(searcher) => {
                searcher.find_in(bytes, Span { start: from, end: bytes.len() })
            }
            Search::Automaton(automaton) => {
                automaton.find(aho_corasick::Input::new(bytes).range(from..))
            }
        }?;
        Some((found.pattern().as_usize(), found.start()))
    }
}

fn automaton(literals: &[&[u8]]) -> AhoCorasick {
    AhoCorasick::builder()
        .match_kind(aho_corasick::MatchKind::LeftmostFirst)
        .build(literals)
        .expect("a few dozen short literals are within every limit of the automaton")
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

/// Escapes for `h`, `f` and `_`: a prefix that is not plain has at least one of them escaped.
/// A letter of another prefix is never escaped without its underscore.
fn escaped() -> Vec<Needle> {
    let mut needles = encoded(
        &[
            r"\u005f", r"\u005F", r"\u0068", r"\u0066", r"\u{5f}", r"\u{5F}", r"\u{68}", r"\u{66}",
            r"\U0000005", r"\U0000006", r"\x5f", r"\x5F", r"\x68", r"\x66", r"\137", r"\150", r"\146",
        ],
        Encoding::Escapes,
    );
    needles.extend(encoded(&["%5f", "%5F", "%68", "%66", "%255", "%256"], Encoding::Percent));
    needles.extend(encoded(
        &[
            "&#95", "&#095", "&#0095", "&#102", "&#104", "&#x5f", "&#x5F", "&#X5", "&#x66", "&#x68",
            "&lowbar;", "&UnderBar;", "&#x005", "&#x006",
        ],
        Encoding::Html,
    ));
    needles.extend(encoded(
        &["=5F", "=5f", "=68", "=66", "h=\nf", "h=\r\nf", "hf=\n_", "hf=\r\n_"],
        Encoding::QuotedPrintable,
    ));
    needles
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
        }
        // What PowerShell takes as an encoded command is UTF-16.
        let (core, phase) = base64_core(b"h\0f\0_\0", skipped);
        needles.push(base64(&core, phase));
        let (core, phase) = base64_core(b"hf_", skipped);
        for skipped_again in 0..3 {
            let (twice, phase) = base64_core(core.as_bytes(), skipped_again);
            needles.push(base64(&twice, phase));
        }
        needles.extend(wrapped(&core, phase));
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
    for at in 1..core.len() {
        for line_break in ["\n", "\r\n", "\\n"] {
            let literal = format!("{}{line_break}{}", &core[at - 1..at], &core[at..=at]);
            let phase = (phase + at - 1) % 4;
            needles.push(needle(literal, Meaning::Encoded(Encoding::Base64, phase)));
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

    fn every_needle() -> Vec<Vec<Needle>> {
        let mut text = prefixes();
        text.extend(escaped());
        let mut data = in_base64();
        data.extend(in_hex());
        data.extend(wide());
        vec![text, data]
    }

    /// The search reports one literal a place, so none may hide another that means more.
    #[test]
    fn no_literal_of_a_group_starts_with_another_of_it() {
        for group in every_needle() {
            for (i, a) in group.iter().enumerate() {
                for (j, b) in group.iter().enumerate() {
                    assert!(
                        i == j || !b.literal.starts_with(&a.literal),
                        "{:?} starts with {:?}",
                        String::from_utf8_lossy(&b.literal),
                        String::from_utf8_lossy(&a.literal),
                    );
                }
            }
        }
    }

    #[test]
    fn base64_cores_are_what_coreutils_writes() {
        // printf 'hf_' | base64; printf 'xhf_' | base64; printf 'xyhf_' | base64
        assert_eq!(base64_core(b"hf_", 0), ("aGZf".to_owned(), 0));
        assert_eq!(base64_core(b"hf_", 1), ("hmX".to_owned(), 2));
        assert_eq!(base64_core(b"hf_", 2), ("oZl".to_owned(), 3));
    }

    #[test]
    fn groups_fit_the_packed_searcher() {
        for group in every_needle() {
            println!("{} literals", group.len());
            assert!(matches!(Group::new(group).search, Search::Packed(_)) || !cfg!(target_arch = "x86_64"));
        }
    }
}
