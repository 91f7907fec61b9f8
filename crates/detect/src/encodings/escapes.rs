//! Backslash escapes.

use super::{
    hex_value,
    line::{Escape, Unit},
};

/// What JSON, Python, JavaScript, C, Rust and shells write with a backslash, taken together: where
/// they differ, only one of the readings can make a token.
pub(super) struct Backslash;

impl Escape for Backslash {
    fn unit(&self, text: &[u8]) -> Option<Unit> {
        let rest = text.strip_prefix(b"\\")?;
        let (len, stands_for) = match rest {
            [b'n', ..] => (2, Some('\n')),
            [b'r', ..] => (2, Some('\r')),
            [b't', ..] => (2, Some('\t')),
            [b'b' | b'f' | b'v' | b'a', ..] => (2, Some(' ')),
            [b'e', ..] => (2, Some('\x1b')),
            [c @ (b'"' | b'\'' | b'`' | b'/' | b'\\'), ..] => (2, Some(char::from(*c))),
            [b'\n', next @ ..] => (2 + blanks(next), None),
            [b'\r', b'\n', next @ ..] => (3 + blanks(next), None),
            [b'N', name @ ..] if name.starts_with(LOW_LINE) => (2 + LOW_LINE.len(), Some('_')),
            [b'x', digits @ ..] => code_point(digits, 2).map(|c| (4, Some(c)))?,
            [b'u', b'{', digits @ ..] => return braced(digits),
            [b'u', digits @ ..] => code_point(digits, 4).map(|c| (6, Some(c)))?,
            [b'U', digits @ ..] => code_point(digits, 8).map(|c| (10, Some(c)))?,
            [b'0'..=b'7', ..] => return Some(octal(rest)),
            _ => return None,
        };
        Some(Unit { len, stands_for })
    }
}

/// What Python calls an underscore.
const LOW_LINE: &[u8] = b"{LOW LINE}";

/// The indent of a line that a backslash joins to the one before. YAML and Rust drop it, and where
/// it is kept no token spans the lines.
fn blanks(line: &[u8]) -> usize {
    line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// The character that exactly `count` hexadecimal digits name. A surrogate half stands for
/// something outside every token, so any replacement will do.
fn code_point(digits: &[u8], count: usize) -> Option<char> {
    let mut value = 0;
    for &digit in digits.get(..count)? {
        value = value << 4 | u32::from(hex_value(digit)?);
    }
    Some(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER))
}

fn braced(digits: &[u8]) -> Option<Unit> {
    let count = digits.iter().take(7).position(|&b| b == b'}')?;
    let c = code_point(digits, count).filter(|_| count > 0)?;
    Some(Unit { len: 4 + count, stands_for: Some(c) })
}

fn octal(digits: &[u8]) -> Unit {
    let digits: Vec<u32> =
        digits.iter().take(3).map_while(|&b| char::from(b).to_digit(8)).collect();
    let value = digits.iter().fold(0, |value, digit| value * 8 + digit);
    Unit { len: 1 + digits.len(), stands_for: char::from_u32(value) }
}
