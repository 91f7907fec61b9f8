//! Tells random letters from words by their pairs.

use super::Randomness;
use crate::confidence::letters::table::{CASE_BITS, PAIR_BITS};

mod table;

/// Above so many eighths of a bit a character, a body is made of words.
const IDENTIFIER: i32 = -7;

/// Below so many, it is random.
const RANDOM: i32 = -9;

/// Judges a body by how much likelier its pairs of characters are in identifiers than by chance.
pub(super) fn judge(body: &[u8]) -> Randomness {
    let pairs = i32::try_from(body.len()).unwrap_or(i32::MAX).saturating_sub(1).max(1);
    match evidence_for_words(body) {
        bits if bits > IDENTIFIER * pairs => Randomness::Identifier,
        bits if bits < RANDOM * pairs => Randomness::Random,
        _ => Randomness::Unsure,
    }
}

/// The log-likelihood ratio of "words" to "random", in eighths of a bit.
fn evidence_for_words(body: &[u8]) -> i32 {
    body.windows(2)
        .map(|pair| {
            let letters = PAIR_BITS[symbol(pair[0])][symbol(pair[1])];
            let case = match (case(pair[0]), case(pair[1])) {
                (Some(a), Some(b)) => CASE_BITS[a][b],
                _ => 0,
            };
            i32::from(letters) + i32::from(case)
        })
        .sum()
}

/// The row of the table: a letter in either case, or 26 for everything else.
fn symbol(b: u8) -> usize {
    match b.to_ascii_lowercase() {
        letter @ b'a'..=b'z' => usize::from(letter - b'a'),
        _ => 26,
    }
}

fn case(b: u8) -> Option<usize> {
    b.is_ascii_alphabetic().then(|| usize::from(b.is_ascii_uppercase()))
}
