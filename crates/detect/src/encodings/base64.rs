//! Base64.
//!
//! The literal that led here also tells the alignment, so there is nothing to guess: the window
//! starts at a group boundary counted back from it. Both alphabets are read at once.

use std::ops::Range;

use super::{BACK, Decoded, FORWARD};

/// A wrapped line is at least this long. Shorter runs end with their line.
const SHORTEST_WRAPPED_LINE: usize = 16;

/// Fewer digits than this from the literal on hold no credential.
const FEWEST: usize = 24;

/// One character of the alphabet: its six bits and where it stands.
type Digit = (u8, Range<usize>);

/// Decodes around `at`, whose character is number `phase` of its group of four.
///
/// Where the window runs over a line's end there are two readings: a wrapped text, or one that
/// happened to end there without padding.
pub(super) fn decode(bytes: &[u8], at: usize, phase: usize) -> Vec<Decoded> {
    if !is_worthwhile(bytes, at) {
        return Vec::new();
    }
    let (mut digits, starts_run) = back(bytes, at);
    let excess = (digits.len() + 4 - phase) % 4;
    if excess > digits.len() {
        return Vec::new();
    }
    digits.drain(..excess);
    let noticed = digits.len();
    let (end, first_line) = forward(bytes, at, &mut digits);
    let own_from = if starts_run { 0 } else { 16 };
    let mut readings = vec![join(&digits, own_from, noticed, end)];
    if let Some(count) = first_line.filter(|&count| count > noticed) {
        readings.push(join(&digits[..count], own_from, noticed, end));
    }
    readings
}

/// Whether enough digits follow. Most places that a literal leads to are words in text, and this
/// is cheaper than a window.
fn is_worthwhile(bytes: &[u8], at: usize) -> bool {
    let mut position = at;
    for _ in 0..FEWEST {
        let rest = &bytes[position..];
        let rest = wrap_len(rest).map_or(rest, |len| &rest[len..]);
        match digit(rest) {
            Some((_, len)) => position = bytes.len() - rest.len() + len,
            None => return false,
        }
    }
    true
}

/// The digits before `at`, in order, and whether they are all there are.
fn back(bytes: &[u8], at: usize) -> (Vec<Digit>, bool) {
    let most = BACK.div_ceil(3) * 4;
    let mut digits: Vec<Digit> = Vec::new();
    let mut position = at;
    let mut starts_run = true;
    while position > 0 {
        if digits.len() == most {
            starts_run = false;
            break;
        }
        if let Some(value) = value_of(bytes[position - 1]) {
            digits.push((value, position - 1..position));
            position -= 1;
        } else if let Some(before) = wrap_before(bytes, position) {
            position = before;
        } else {
            break;
        }
    }
    digits.reverse();
    (digits, starts_run)
}

/// Appends the digits from `at` on. Returns where they end, and how many digits stood before the
/// first line break, if one was crossed.
fn forward(bytes: &[u8], at: usize, digits: &mut Vec<Digit>) -> (usize, Option<usize>) {
    let most = digits.len() + FORWARD.div_ceil(3) * 4;
    let mut position = at;
    let mut first_line = None;
    while digits.len() < most {
        let rest = &bytes[position..];
        if let Some((value, len)) = digit(rest) {
            digits.push((value, position..position + len));
            position += len;
        } else if let Some(len) = wrap_len(rest).filter(|_| line_before(bytes, position)) {
            first_line.get_or_insert(digits.len());
            position += len;
        } else {
            break;
        }
    }
    (position, first_line)
}

/// The digit that `rest` starts with and its length. A slash may be escaped as JSON allows, and
/// the two characters that URLs give a meaning to may be percent-encoded.
fn digit(rest: &[u8]) -> Option<(u8, usize)> {
    match rest {
        [b'\\', b'/', ..] => Some((63, 2)),
        [b'%', b'2', b'F' | b'f', ..] => Some((63, 3)),
        [b'%', b'2', b'B' | b'b', ..] => Some((62, 3)),
        [b, ..] => value_of(*b).map(|value| (value, 1)),
        [] => None,
    }
}

fn value_of(b: u8) -> Option<u8> {
    match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// The length of the line break that `rest` starts with, if the alphabet goes on after it: raw with
/// an indent, or written as an escape.
fn wrap_len(rest: &[u8]) -> Option<usize> {
    let break_len = match rest {
        [b'\r', b'\n', ..] | [b'\\', b'n', ..] => 2,
        [b'\n', ..] => 1,
        [b'\\', b'r', b'\\', b'n', ..] => 4,
        _ => return None,
    };
    let indent =
        rest[break_len..].iter().take(64).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let len = break_len + indent;
    rest.get(len).and_then(|&b| value_of(b)).map(|_| len)
}

/// The position before a line break that ends at `position`, if a wrapped line ends there.
fn wrap_before(bytes: &[u8], position: usize) -> Option<usize> {
    let head = &bytes[..position];
    let indent = head.iter().rev().take(64).take_while(|b| matches!(b, b' ' | b'\t')).count();
    let head = &head[..head.len() - indent];
    let head = head.strip_suffix(b"\n").or_else(|| head.strip_suffix(b"\\n"))?;
    let head = head.strip_suffix(b"\r").or_else(|| head.strip_suffix(b"\\r")).unwrap_or(head);
    line_before(bytes, head.len()).then_some(head.len())
}

/// Whether what ends at `position` is long enough to be a wrapped line of base64.
fn line_before(bytes: &[u8], position: usize) -> bool {
    position >= SHORTEST_WRAPPED_LINE
        && bytes[position - SHORTEST_WRAPPED_LINE..position].iter().all(|&b| value_of(b).is_some())
}

fn join(digits: &[Digit], own_from: usize, noticed: usize, end: usize) -> Decoded {
    let mut decoded = Decoded::default();
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0_u32, |bits, digit| bits << 6 | u32::from(digit.0));
        let bits = bits << (6 * (4 - group.len()));
        for i in 0..group.len() - 1 {
            let byte = bits.to_be_bytes()[1 + i];
            decoded.push(byte, group[i].1.start..group[i + 1].1.end);
        }
    }
    decoded.own_from = own_from.min(decoded.bytes.len());
    decoded.finish(noticed / 4 * 3, end)
}
