//! Base64.
//!
//! The literal that led here also tells the alignment, so there is nothing to guess: the window
//! starts at a group boundary counted back from it. Both alphabets are read at once.

use std::ops::Range;

use super::{BACK, Decoded, FORWARD, LINE_BREAKS, line_break};

/// A wrapped line is at least this long. Shorter runs end with their line.
const SHORTEST_WRAPPED_LINE: usize = 16;

/// Lines of digits are indented at most so far.
const LONGEST_INDENT: usize = 64;

/// Fewer digits than this from the literal on hold no credential.
const FEWEST: usize = 24;

/// One character of the alphabet: its six bits and where it stands.
type Digit = (u8, Range<usize>);

/// Decodes around `at`, whose character is number `phase` of its group of four.
///
/// Lines have two readings: as one text that was wrapped, and as texts of their own, of which each
/// starts a group and separates from the next. A list of encoded values reads like the second.
pub(super) fn decode(bytes: &[u8], at: usize, phase: usize) -> Vec<Decoded> {
    if !is_worthwhile(bytes, at) {
        return Vec::new();
    }
    let mut run = Run::default();
    run.read_back(bytes, at);
    if run.first_of(0, phase) > run.noticed {
        // The group of the noticed character lacks its start.
        return Vec::new();
    }
    run.read_on(bytes, at);
    let apart = (!run.breaks.is_empty()).then(|| run.line_by_line(phase));
    [run.joined(phase)].into_iter().chain(apart).collect()
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

/// The digits around a place.
#[derive(Default)]
struct Run {
    digits: Vec<Digit>,
    /// The numbers of the digits that start a line.
    breaks: Vec<usize>,
    /// The number of the digit at the place.
    noticed: usize,
    /// Whether digits precede these.
    is_cut: bool,
    /// Where the digits end.
    end: usize,
}

impl Run {
    fn read_back(&mut self, bytes: &[u8], at: usize) {
        let most = BACK.div_ceil(3) * 4;
        let mut position = at;
        while position > 0 {
            if self.digits.len() == most {
                self.is_cut = true;
                break;
            }
            // A written line break ends with a letter that would pass for a digit.
            if let Some(before) = wrap_before(bytes, position) {
                self.breaks.push(self.digits.len());
                position = before;
            } else if let Some(value) = value_of(bytes[position - 1]) {
                self.digits.push((value, position - 1..position));
                position -= 1;
            } else {
                break;
            }
        }
        self.noticed = self.digits.len();
        self.digits.reverse();
        self.breaks.reverse();
        self.breaks.iter_mut().for_each(|number| *number = self.noticed - *number);
    }

    fn read_on(&mut self, bytes: &[u8], at: usize) {
        let most = self.noticed + FORWARD.div_ceil(3) * 4;
        let mut position = at;
        while self.digits.len() < most {
            let rest = &bytes[position..];
            if let Some((value, len)) = digit(rest) {
                self.digits.push((value, position..position + len));
                position += len;
            } else if let Some(len) = wrap_len(rest).filter(|_| is_wrapped(bytes, position)) {
                self.breaks.push(self.digits.len());
                position += len;
            } else {
                break;
            }
        }
        self.end = position;
    }

    /// The text of all digits.
    fn joined(&self, phase: usize) -> Decoded {
        let first = self.first_of(0, phase);
        let mut decoded = Decoded::default();
        push_groups(&mut decoded, &self.digits[first..]);
        self.finish(decoded, (self.noticed - first) / 4 * 3)
    }

    /// The texts of the lines, each on a line.
    fn line_by_line(&self, phase: usize) -> Decoded {
        let mut decoded = Decoded::default();
        let mut noticed = 0;
        let mut start = 0;
        for end in self.breaks.iter().copied().chain([self.digits.len()]) {
            let is_noticed = (start..end).contains(&self.noticed);
            let first = if is_noticed { self.first_of(start, phase).min(end) } else { start };
            if is_noticed {
                noticed = decoded.bytes.len() + self.noticed.saturating_sub(first) / 4 * 3;
            }
            push_groups(&mut decoded, &self.digits[first..end]);
            if let (Some(before), Some(after)) = (self.digits[..end].last(), self.digits.get(end)) {
                decoded.push(b'\n', before.1.end..after.1.start);
            }
            start = end;
        }
        self.finish(decoded, noticed)
    }

    /// The first digit from `start` on that starts a group, counted back from the noticed one.
    fn first_of(&self, start: usize, phase: usize) -> usize {
        start + (self.noticed - start + 4 - phase) % 4
    }

    fn finish(&self, mut decoded: Decoded, noticed: usize) -> Decoded {
        decoded.own_from = if self.is_cut { decoded.bytes.len().min(16) } else { 0 };
        decoded.finish(noticed, self.end)
    }
}

/// The digit that `rest` starts with and its length. A slash may be escaped as JSON allows, and
/// the two characters that URLs give a meaning to may be percent-encoded, each of them twice.
fn digit(rest: &[u8]) -> Option<(u8, usize)> {
    match rest {
        [b'\\', b'/', ..] => Some((63, 2)),
        [b'\\', b'\\', b'/', ..] => Some((63, 3)),
        [b'%', b'2', b'5', code @ ..] => of_code(code).map(|value| (value, 5)),
        [b'%', code @ ..] => of_code(code).map(|value| (value, 3)),
        [b, ..] => value_of(*b).map(|value| (value, 1)),
        [] => None,
    }
}

/// The digit whose character has a code that `code` starts with.
fn of_code(code: &[u8]) -> Option<u8> {
    match code {
        [b'2', b'F' | b'f', ..] => Some(63),
        [b'2', b'B' | b'b', ..] => Some(62),
        _ => None,
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

/// The length of the line break that `rest` starts with, if the alphabet goes on after it and after
/// its indent.
fn wrap_len(rest: &[u8]) -> Option<usize> {
    let break_len = line_break(rest)?;
    let indent = rest[break_len..].iter().take(LONGEST_INDENT).take_while(|b| is_blank(**b));
    let len = break_len + indent.count();
    rest.get(len).and_then(|&b| value_of(b)).map(|_| len)
}

/// The position before a line break that ends at `position`, if a wrapped line ends there.
fn wrap_before(bytes: &[u8], position: usize) -> Option<usize> {
    let head = &bytes[..position];
    let indent = head.iter().rev().take(LONGEST_INDENT).take_while(|b| is_blank(**b)).count();
    let head = &head[..head.len() - indent];
    let line_break = LINE_BREAKS.iter().find(|line_break| head.ends_with(line_break))?;
    let end = head.len() - line_break.len();
    is_wrapped(bytes, end).then_some(end)
}

fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t')
}

/// Whether text goes on behind the line break at `position`: it is a soft one of quoted-printable,
/// or what stands before it is long enough to be a wrapped line of base64.
fn is_wrapped(bytes: &[u8], position: usize) -> bool {
    let line = position.checked_sub(SHORTEST_WRAPPED_LINE).map(|start| &bytes[start..position]);
    bytes[position] == b'=' || line.is_some_and(|line| line.iter().all(|&b| value_of(b).is_some()))
}

fn push_groups(decoded: &mut Decoded, digits: &[Digit]) {
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0_u32, |bits, digit| bits << 6 | u32::from(digit.0));
        let bits = bits << (6 * (4 - group.len()));
        for i in 0..group.len() - 1 {
            let byte = bits.to_be_bytes()[1 + i];
            decoded.push(byte, group[i].1.start..group[i + 1].1.end);
        }
    }
}
