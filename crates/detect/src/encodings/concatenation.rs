//! One value written as several string literals.

use super::Decoded;

/// The longest stretch between two literals: quotes, an operator, a line break and an indent, in a
/// notebook with its own quotes and commas around them.
const LONGEST_GLUE: usize = 160;

/// How much joined text is looked at. Longer than any value that people break up by hand.
const LONGEST_JOINED: usize = 2048;

/// How much text before the value is kept for context.
const CONTEXT: usize = 64;

/// Whether `rest` starts with what stands between two literals of one value.
pub(super) fn is_glue(rest: &[u8]) -> bool {
    glue(rest).is_some()
}

/// Joins the literals that a value starting at `at` is spread over.
pub(super) fn decode(bytes: &[u8], at: usize) -> Option<Decoded> {
    let mut decoded = Decoded::default();
    let start = at.saturating_sub(CONTEXT);
    for position in start..at {
        decoded.push(bytes[position], position..position + 1);
    }
    decoded.own_from = at - start;
    let mut position = at;
    let mut pieces = 0;
    while decoded.bytes.len() < LONGEST_JOINED {
        let piece = piece_len(&bytes[position..]).min(LONGEST_JOINED);
        for i in position..position + piece {
            decoded.push(bytes[i], i..i + 1);
        }
        position += piece;
        match glue(&bytes[position..]) {
            Some(len) => position += len,
            None => break,
        }
        pieces += 1;
    }
    // The byte that ended the last literal is what the value is judged by.
    if let Some(&byte) = bytes.get(position) {
        decoded.push(byte, position..position + 1);
    }
    let noticed = decoded.own_from;
    (pieces > 0).then(|| decoded.finish(noticed, at + 1))
}

fn piece_len(text: &[u8]) -> usize {
    text.iter()
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')))
        .unwrap_or(text.len())
}

/// The length of the stretch between two literals, if `text` starts with one: a closing quote, an
/// operator or a comma or nothing, and an opening quote, each quote as often escaped as the text
/// around it is.
fn glue(text: &[u8]) -> Option<usize> {
    let text = &text[..text.len().min(LONGEST_GLUE)];
    let mut quotes = 0;
    let mut end = None;
    let mut previous = b' ';
    for (i, &b) in text.iter().enumerate() {
        let belongs = match b {
            b'"' | b'\'' | b'`' => {
                quotes += 1;
                true
            }
            b' ' | b'\t' | b'\r' | b'\n' | b'\\' | b'+' | b',' | b'&' | b'~' | b'(' | b')' => true,
            b'.' => quotes > 0,
            // A written line break, as between two lines of a notebook cell.
            b'n' | b'r' | b't' => previous == b'\\',
            // A prefixed literal: f"…", r"…", b"…", and the sign of a line in a diff.
            b'f' | b'b' | b'u' | b'-' => quotes > 0 && !previous.is_ascii_alphanumeric(),
            _ => false,
        };
        if !belongs {
            break;
        }
        if matches!(b, b'"' | b'\'' | b'`') {
            end = Some(i + 1);
        }
        previous = b;
    }
    let opens_with_quote = matches!(
        text.iter().find(|&&b| b != b'\\'),
        Some(b'"' | b'\'' | b'`')
    ) || text.starts_with(b"\\n");
    end.filter(|_| quotes >= 2 && opens_with_quote)
}
