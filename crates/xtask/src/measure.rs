//! Measures how well the detector's confidence separates credentials from identifiers.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;
use bearhug_core::Confidence;
use bearhug_detect::{Detector, Options, SHAPES};

const LENGTH: usize = 34;
const DRAWS: u32 = 1_000_000;
const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Reports the judgement of a million random user tokens, and of the words and identifiers under
/// `root` cut and joined to a token's length.
pub(crate) fn confidence(root: &Path) -> Result<String> {
    let detector = Detector::new(Options::default());
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from(state >> 33).unwrap_or_default()
    };
    let user = SHAPES.iter().find(|s| s.prefix == "hf_").expect("user tokens have a row");
    let mut tokens = Tally::default();
    for _ in 0..DRAWS {
        tokens.add(&detector, &user.generate(&mut random));
    }
    let mut letters_and_digits = Tally::default();
    for _ in 0..DRAWS {
        let body: String =
            (0..LENGTH).map(|_| char::from(ALPHABET[random() as usize % ALPHABET.len()])).collect();
        letters_and_digits.add(&detector, &format!("hf_{body}"));
    }
    let mut identifiers = Tally::default();
    for path in super::files(root)? {
        for body in bodies(&fs::read(path)?) {
            identifiers.add(&detector, &format!("hf_{body}"));
        }
    }
    Ok(format!(
        "random letters: {tokens}\nrandom letters and digits: {letters_and_digits}\nidentifiers: {identifiers}\n"
    ))
}

/// Bodies made of a file's words: each identifier that is long enough, cut, and camel case of
/// neighbouring words until they are.
fn bodies(bytes: &[u8]) -> Vec<String> {
    let words: Vec<&str> = bytes
        .split(|b| !b.is_ascii_alphabetic())
        .filter_map(|word| std::str::from_utf8(word).ok())
        .filter(|word| word.len() >= 2)
        .collect();
    let mut made = Vec::new();
    let mut body = String::new();
    for word in words {
        if word.len() >= LENGTH {
            made.push(word[..LENGTH].to_owned());
            continue;
        }
        let (first, rest) = word.split_at(1);
        body.push_str(&first.to_ascii_uppercase());
        body.push_str(rest);
        if body.len() >= LENGTH {
            made.push(body[..LENGTH].to_owned());
            body.clear();
        }
    }
    made
}

#[derive(Default)]
struct Tally {
    seen: BTreeMap<Option<Confidence>, u64>,
    placeholders: u64,
}

impl Tally {
    fn add(&mut self, detector: &Detector, text: &str) {
        let scan = detector.scan(text.as_bytes());
        let judged = scan.candidates.first().map(|c| &c.assessment);
        *self.seen.entry(judged.map(|a| a.confidence)).or_default() += 1;
        self.placeholders += u64::from(judged.is_some_and(|a| a.placeholder));
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (confidence, count) in &self.seen {
            write!(f, "{} {count}, ", confidence.map_or("not found", Confidence::name))?;
        }
        write!(f, "of which placeholders {}", self.placeholders)
    }
}
