//! Escape-like encodings, in which most characters stand for themselves.
//!
//! A token never holds a line break, so the window is the line, or as much of a long one as the
//! window takes. A break that the encoding itself removes does not end it.

use std::ops::Range;

use super::{BACK, Decoded, FORWARD};

/// How far before the noticed place the line is looked for, in encoded bytes. Escaping writes up
/// to ten bytes for one.
const ENCODED_BACK: usize = BACK * 10;

/// One escape: how many encoded bytes it takes and what it stands for.
pub(super) struct Unit {
    pub(super) len: usize,
    /// The character, or none where the escape stands for nothing, as a removed line break does.
    pub(super) stands_for: Option<char>,
}

/// A syntax of escapes.
pub(super) trait Escape {
    /// The escape that `text` starts with, if it starts with one.
    fn unit(&self, text: &[u8]) -> Option<Unit>;
}

/// Decodes the line around `at`. Where there is nothing to decode the window is empty, and covers
/// the line all the same, so that it is not read again.
pub(super) fn decode(bytes: &[u8], at: usize, escape: &dyn Escape) -> Decoded {
    let start = window_start(bytes, at, escape);
    let is_line_start = start == 0 || bytes[start - 1] == b'\n';
    let mut decoded =
        Decoded { own_from: if is_line_start { 0 } else { 32 }, ..Decoded::default() };
    let mut position = start;
    let mut noticed = None;
    let mut changed = false;
    while position < bytes.len() {
        if position >= at && noticed.is_none() {
            noticed = Some(decoded.bytes.len());
        }
        if noticed.is_some_and(|n| decoded.bytes.len() >= n + FORWARD) {
            break;
        }
        match escape.unit(&bytes[position..]) {
            Some(unit) => {
                if let Some(c) = unit.stands_for {
                    push_char(&mut decoded, c, position..position + unit.len);
                }
                position += unit.len;
                changed = true;
            }
            // One before the noticed place only looked as if it were removed.
            None if bytes[position] == b'\n' && noticed.is_some() => break,
            None => {
                decoded.push(bytes[position], position..position + 1);
                position += 1;
            }
        }
    }
    decoded.own_from = decoded.own_from.min(decoded.bytes.len());
    let decoded = decoded.finish(noticed.unwrap_or(0), position);
    if changed { decoded } else { decoded.emptied() }
}

/// The start of the line, or of as much of it as the window takes.
///
/// A break that the encoding removes is followed backwards too, so that a value broken over two
/// lines is decoded from its first.
fn window_start(bytes: &[u8], at: usize, escape: &dyn Escape) -> usize {
    let earliest = at.saturating_sub(ENCODED_BACK);
    let mut from = at;
    while let Some(newline) = memchr::memrchr(b'\n', &bytes[earliest..from]) {
        let newline = earliest + newline;
        let removed = (1..=3).any(|before| {
            let start = newline.saturating_sub(before);
            escape
                .unit(&bytes[start..])
                .is_some_and(|unit| unit.stands_for.is_none() && start + unit.len > newline)
        });
        if !removed {
            return newline + 1;
        }
        from = newline;
    }
    earliest
}

fn push_char(decoded: &mut Decoded, c: char, source: Range<usize>) {
    for &byte in c.encode_utf8(&mut [0; 4]).as_bytes() {
        decoded.push(byte, source.clone());
    }
}
