//! One value written as several string literals.

use super::Decoded;
use crate::{
    body::Fit,
    shapes::{SHAPES, Shape},
};

/// The longest stretch between two literals: quotes, an operator, a comment, a line break and an
/// indent, in a notebook with its own quotes and commas around them.
const LONGEST_GLUE: usize = 240;

/// How much joined text is looked at. Longer than any value that people break up by hand.
const LONGEST_JOINED: usize = 2048;

/// Into how many literals a value may be split.
const MOST_PIECES: usize = 16;

/// How much text before the value is kept for context.
const CONTEXT: usize = 64;

/// Whether `rest` starts with what stands between two literals of one value.
pub(super) fn is_glue(rest: &[u8]) -> bool {
    glue(rest).is_some()
}

/// Joins the literals that a value starting at `at` is spread over.
///
/// Where it ends is not known here: the next literal may be the next element of the same list. So
/// there is a reading for every number of literals that make a value.
pub(super) fn decode(bytes: &[u8], at: usize) -> Vec<Decoded> {
    let mut readings = Vec::new();
    let mut position = at + piece_len(&bytes[at..]);
    let mut pieces = Vec::new();
    pieces.push(at..position);
    let mut joined = bytes[at..position].to_vec();
    while let Some(len) = glue(&bytes[position..]) {
        let start = position + len;
        position = start + piece_len(&bytes[start..]);
        pieces.push(start..position);
        joined.extend(&bytes[start..position]);
        if joined.len() > LONGEST_JOINED || pieces.len() > MOST_PIECES {
            break;
        }
        match progress(&joined) {
            Progress::Whole => readings.push(join(bytes, at, &pieces)),
            Progress::Begun => {}
            Progress::Spoilt => break,
        }
    }
    readings
}

/// How far a text is on its way to a value.
enum Progress {
    /// It starts with one.
    Whole,
    /// It is the start of one.
    Begun,
    /// Whatever follows, it is none.
    Spoilt,
}

fn progress(joined: &[u8]) -> Progress {
    for shape in Shape::starting(joined) {
        let body = &joined[shape.prefix.len()..];
        match shape.body.fit(body) {
            Fit::No => {}
            Fit::Exact(_) => return Progress::Whole,
            Fit::Short(len) if len == body.len() => return Progress::Begun,
            Fit::Short(_) | Fit::Glued(_) => return Progress::Spoilt,
        }
    }
    let is_start = SHAPES.iter().any(|shape| shape.prefix.as_bytes().starts_with(joined));
    if is_start { Progress::Begun } else { Progress::Spoilt }
}

/// The text of some pieces, with what stands before and after them, by which it is judged.
fn join(bytes: &[u8], at: usize, pieces: &[std::ops::Range<usize>]) -> Decoded {
    let start = at.saturating_sub(CONTEXT);
    let end = pieces.last().map_or(at, |piece| piece.end);
    let mut decoded = Decoded { own_from: at - start, ..Decoded::default() };
    let before = start..at;
    let after = end..bytes.len().min(end + 1);
    for position in before.chain(pieces.iter().cloned().flatten()).chain(after) {
        decoded.push(bytes[position], position..position + 1);
    }
    // Values elsewhere in the pieces are not hidden by being split, so nothing is covered.
    decoded.finish(at - start, at + 1)
}

fn piece_len(text: &[u8]) -> usize {
    text.iter()
        .take(LONGEST_JOINED)
        .position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')))
        .unwrap_or(text.len().min(LONGEST_JOINED))
}

/// The length of the stretch between two literals, if `text` starts with one: a closing quote, an
/// operator or a comma or nothing, and an opening quote, each quote as often escaped as the text
/// around it is. A shell also joins what stands outside quotes to what stands inside.
fn glue(text: &[u8]) -> Option<usize> {
    let text = &text[..text.len().min(LONGEST_GLUE)];
    // In a notebook a line ends with a written line break, which may itself be escaped.
    let ends_a_line = text.starts_with(b"\\n") || text.starts_with(b"\\\\\\n");
    if !is_opening(text) && !ends_a_line {
        return None;
    }
    let mut quotes = 0;
    let mut end = None;
    let mut position = 0;
    while position < text.len() {
        let rest = &text[position..];
        if is_quote(rest[0]) {
            quotes += 1;
            end = Some(position + 1);
            position += 1;
        } else if let Some(len) = between(rest, quotes) {
            position += len;
        } else {
            break;
        }
    }
    let is_shell = quotes == 1 && end == Some(1) && position == 1;
    end.filter(|_| quotes >= 2 || is_shell)
}

/// Whether `text` starts with a quote, escaped or not.
fn is_opening(text: &[u8]) -> bool {
    text.iter().find(|&&b| b != b'\\').is_some_and(|&b| is_quote(b))
}

fn is_quote(b: u8) -> bool {
    matches!(b, b'"' | b'\'' | b'`')
}

/// The length of what `text` starts with, if it can stand between two quotes of which `quotes`
/// have been seen.
fn between(text: &[u8], quotes: usize) -> Option<usize> {
    match text {
        // A line break written as an escape, as between two lines of a notebook cell.
        [b'\\', b'n' | b'r' | b't', ..] => Some(2),
        [
            b' ' | b'\t' | b'\r' | b'\n' | b'\\' | b'+' | b',' | b'&' | b'~' | b'|' | b'(' | b')',
            ..,
        ] => Some(1),
        _ if quotes == 0 => None,
        _ if is_comment(text) => comment_len(text),
        // A method or a function that joins: `.concat(`.
        [b'.', name @ ..] => Some(1 + call_len(name).unwrap_or(0)),
        // A prefixed literal, such as f"…". Behind an opening quote it would be what is quoted.
        [b'f' | b'b' | b'u' | b'r', opening @ ..] if is_opening(opening) && quotes % 2 == 1 => {
            Some(1)
        }
        // The sign of a line in a diff.
        [b'-', ..] => Some(1),
        _ => None,
    }
}

/// Whether `text` starts with a comment, whose slashes may be escaped.
fn is_comment(text: &[u8]) -> bool {
    match text {
        [b'/', rest @ ..] => rest.iter().find(|&&b| b != b'\\') == Some(&b'/'),
        _ => text.starts_with(b"#"),
    }
}

/// The length of a comment, which ends with the line, however that is written.
fn comment_len(text: &[u8]) -> Option<usize> {
    let line = text.iter().position(|&b| b == b'\n');
    memchr::memmem::find(&text[..line.unwrap_or(text.len())], b"\\n").or(line)
}

fn call_len(text: &[u8]) -> Option<usize> {
    let name = text.iter().take(16).take_while(|b| b.is_ascii_alphabetic()).count();
    (name > 0 && text.get(name) == Some(&b'(')).then_some(name + 1)
}
