//! Text that tokens stand in.

use super::dice::Dice;

const WORDS: [&str; 24] = [
    "bear",
    "model",
    "the",
    "load",
    "data",
    "=",
    "->",
    "42",
    "0.5",
    "é",
    "日本",
    "🤗",
    "x",
    "run",
    "(",
    ")",
    "[1, 2]",
    "a/b",
    "C:\\den",
    "50%",
    "a&b",
    "<p>",
    "\"quoted\"",
    "it's",
];

const SPACES: [&str; 6] = [" ", " ", " ", "\n", "\t", ", "];

/// What may touch a token without being taken for a part of it.
const BEFORE: [&str; 9] = [" ", "\n", "=", ": ", "(", "\t", "Bearer ", "@", "»"];
const AFTER: [&str; 9] = [" ", "\n", "", ", ", ")", "\t", ". ", ":", "«"];

/// Some words.
pub(crate) fn words(dice: &mut Dice<'_>, most: usize) -> String {
    let mut text = String::new();
    for _ in 0..dice.below(most + 1) {
        text.push_str(dice.pick(&WORDS));
        text.push_str(dice.pick(&SPACES));
    }
    text
}

/// Text that a token may follow.
pub(crate) fn before(dice: &mut Dice<'_>, most: usize) -> String {
    words(dice, most) + dice.pick(&BEFORE)
}

/// Text that may follow a token.
pub(crate) fn after(dice: &mut Dice<'_>, most: usize) -> String {
    let touching = dice.pick(&AFTER);
    // With nothing in between, the first word would be a part of the token.
    if touching.is_empty() { String::new() } else { touching.to_owned() + &words(dice, most) }
}
