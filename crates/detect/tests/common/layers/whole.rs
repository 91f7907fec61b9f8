//! Encodings that rewrite every byte.

use super::{
    super::{Marked, dice::Dice},
    Character, UNBROKEN, per_character,
};

/// The bytes that a line of `xxd -p` holds.
const HEX_LINE: usize = 30;

/// Hexadecimal digits on one line.
pub(crate) fn hex(text: &Marked, dice: &mut Dice<'_>) -> Marked {
    let around = [("", "\n"), ("0x", ","), ("X'", "'"), ("\"", "\""), (" ", "")];
    let (before, after) = around[dice.below(around.len())];
    pairs(text, dice.once_in(3), |_| "").between(before, after)
}

/// Hexadecimal digits in lines as `xxd -p` prints them, unless a break hides the token.
pub(crate) fn hex_lines(text: &Marked, dice: &mut Dice<'_>) -> Marked {
    let ends_line = |at: usize| at > 0 && at.is_multiple_of(HEX_LINE);
    let is_hidden = (text.token.start..text.token.start + UNBROKEN / 2).any(ends_line);
    let line_break = if is_hidden { "" } else { dice.pick(&["\n", "\r\n"]) };
    pairs(text, dice.once_in(3), |at| if ends_line(at) { line_break } else { "" }).between("", "\n")
}

/// Pairs of hexadecimal digits with blanks or colons between them.
pub(crate) fn spaced_hex(text: &Marked, dice: &mut Dice<'_>) -> Marked {
    let separator = dice.pick(&[" ", ":"]);
    pairs(text, dice.once_in(3), |at| if at == 0 { "" } else { separator }).between("id ", "\n")
}

/// Pairs of digits, each with something before it.
fn pairs(text: &Marked, upper: bool, separator: impl Fn(usize) -> &'static str) -> Marked {
    let mut bytes = Vec::new();
    let mut token = 0..0;
    for (at, b) in text.bytes.iter().enumerate() {
        bytes.extend(separator(at).as_bytes());
        if at == text.token.start {
            token.start = bytes.len();
        }
        let pair = if upper { format!("{b:02X}") } else { format!("{b:02x}") };
        bytes.extend(pair.into_bytes());
        if at < text.token.end {
            token.end = bytes.len();
        }
    }
    Marked { bytes, token }
}

/// UTF-16 with or without a byte order mark.
pub(crate) fn utf16(text: &Marked, dice: &mut Dice<'_>) -> Marked {
    let big = dice.once_in(2);
    let write = |Character { c, .. }, out: &mut Vec<u8>| {
        let start = out.len();
        for unit in u32::from(c).encode() {
            out.extend(if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        }
        start
    };
    let mark: [u8; 2] = if big { [0xfe, 0xff] } else { [0xff, 0xfe] };
    wide(per_character(text, write), &mark, dice)
}

/// UTF-32 with or without a byte order mark.
pub(crate) fn utf32(text: &Marked, dice: &mut Dice<'_>) -> Marked {
    let big = dice.once_in(2);
    let write = |Character { c, .. }, out: &mut Vec<u8>| {
        let start = out.len();
        let value = u32::from(c);
        out.extend(if big { value.to_be_bytes() } else { value.to_le_bytes() });
        start
    };
    let mark = if big { [0, 0, 0xfe, 0xff] } else { [0xff, 0xfe, 0, 0] };
    wide(per_character(text, write), &mark, dice)
}

/// A text file starts with its mark; in other data anything stands before and after.
fn wide(encoded: Marked, mark: &[u8], dice: &mut Dice<'_>) -> Marked {
    match dice.below(3) {
        0 => encoded,
        1 => encoded.between(mark, []),
        _ => {
            let noise = |dice: &mut Dice<'_>| -> Vec<u8> {
                (0..dice.below(9))
                    .map(|_| dice.text(1, b"\x01\x7f\xc3\xff\x90").into_bytes()[0])
                    .collect()
            };
            let (before, after) = (noise(dice), noise(dice));
            encoded.between(before, after)
        }
    }
}

/// UTF-16's code units by its definition.
trait Units {
    fn encode(self) -> Vec<u16>;
}

impl Units for u32 {
    fn encode(self) -> Vec<u16> {
        let narrow = |value: u32| u16::try_from(value).unwrap_or_default();
        match self.checked_sub(0x1_0000) {
            None => vec![narrow(self)],
            Some(rest) => vec![narrow(0xd800 + (rest >> 10)), narrow(0xdc00 + (rest & 0x3ff))],
        }
    }
}
