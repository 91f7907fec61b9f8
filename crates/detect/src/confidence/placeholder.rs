//! Stand-ins that documentation, tests and templates use for a credential.
//!
//! Every rule here is improbable for 34 letters drawn at random: together they call less than one
//! in ten thousand of them a placeholder.

/// Words that people put where a credential goes. Four letters by themselves are met by chance, so
/// the words count by how much of the body they cover.
const WORDS: [&str; 34] = [
    "access",
    "actual",
    "apikey",
    "change",
    "credential",
    "dummy",
    "enter",
    "example",
    "fake",
    "goes",
    "here",
    "hidden",
    "hugging",
    "insert",
    "invalid",
    "key",
    "masked",
    "mock",
    "mytoken",
    "not",
    "paste",
    "placeholder",
    "private",
    "real",
    "redacted",
    "replace",
    "sample",
    "secret",
    "some",
    "test",
    "token",
    "valid",
    "value",
    "your",
];

/// How many characters of words make a placeholder.
const COVERED: usize = 9;

/// Rows of a keyboard and of the alphabet, along which fingers slide.
const ROWS: [&[u8]; 5] =
    [b"abcdefghijklmnopqrstuvwxyz", b"0123456789012345", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// How many neighbours of a row in a row are no accident.
const LONGEST_ROW_BY_CHANCE: usize = 5;

/// Whether a body is a stand-in.
pub(super) fn is_placeholder(body: &[u8]) -> bool {
    let folded = body.to_ascii_lowercase();
    has_few_distinct(&folded)
        || has_long_repeat(&folded)
        || is_periodic(&folded)
        || follows_a_row(&folded)
        || covered_by_words(&folded) >= COVERED
}

/// 34 letters drawn at random have some nineteen distinct ones.
fn has_few_distinct(body: &[u8]) -> bool {
    let mut seen = [false; 256];
    for &b in body {
        seen[usize::from(b)] = true;
    }
    let distinct = seen.iter().filter(|&&s| s).count();
    distinct * 4 <= body.len() && distinct <= 8
}

fn has_long_repeat(body: &[u8]) -> bool {
    body.windows(5).any(|w| w.iter().all(|b| b == &w[0]))
}

/// The same few characters over and over, cut off anywhere.
fn is_periodic(body: &[u8]) -> bool {
    (1..=body.len() / 2).any(|period| body[period..].iter().zip(body).all(|(a, b)| a == b))
}

fn follows_a_row(body: &[u8]) -> bool {
    body.windows(LONGEST_ROW_BY_CHANCE + 1).any(|window| {
        let backwards: Vec<u8> = window.iter().rev().copied().collect();
        ROWS.iter().any(|row| {
            memchr::memmem::find(row, window).is_some()
                || memchr::memmem::find(row, &backwards).is_some()
        })
    })
}

/// How many characters of the body belong to words.
fn covered_by_words(body: &[u8]) -> usize {
    let mut covered = vec![false; body.len()];
    for word in WORDS {
        for at in memchr::memmem::find_iter(body, word) {
            covered[at..at + word.len()].fill(true);
        }
    }
    covered.iter().filter(|&&c| c).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_told() {
        let cut = |text: &str| text.repeat(34).into_bytes()[..34].to_vec();
        for text in [
            "x",
            "X",
            "ab",
            "Fake",
            "yourtokenhere",
            "abcdefghijklmnopqrstuvwxyz",
            "zyxwvutsrq",
            "0123456789",
            "qwertyuiopasdfgh",
            "YourHuggingFaceToken",
            "ThisIsNotARealToken",
        ] {
            let body = cut(text);
            assert!(is_placeholder(&body), "{}", String::from_utf8_lossy(&body));
        }
    }

    #[test]
    fn random_letters_are_not() {
        for body in ["QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr", "bLmTqkZcVwHyXnRjDgPsFoUaEiKzYxWvQt"] {
            assert!(!is_placeholder(body.as_bytes()), "{body}");
        }
    }
}
