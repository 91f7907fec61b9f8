//! Quoted-printable.

use super::{
    hex_pair,
    line::{Escape, Unit},
};

/// `=68`, and `=` at the end of a line that goes on (RFC 2045, section 6.7).
pub(super) struct QuotedPrintable;

impl Escape for QuotedPrintable {
    fn unit(&self, text: &[u8]) -> Option<Unit> {
        let rest = text.strip_prefix(b"=")?;
        if let Some(len) = line_break(rest) {
            return Some(Unit { len: 1 + len, stands_for: None });
        }
        let byte = hex_pair(rest)?;
        Some(Unit { len: 3, stands_for: Some(char::from(byte)) })
    }
}

/// Whether what follows an `=` makes it an escape rather than an equals sign.
pub(super) fn continues(rest: &[u8]) -> bool {
    line_break(rest).is_some() || hex_pair(rest).is_some()
}

/// The length of a line break, with the blanks that transport may have put before it.
fn line_break(rest: &[u8]) -> Option<usize> {
    let blanks = rest.iter().take(8).take_while(|b| matches!(b, b' ' | b'\t')).count();
    match &rest[blanks..] {
        [b'\n', ..] => Some(blanks + 1),
        [b'\r', b'\n', ..] => Some(blanks + 2),
        _ => None,
    }
}
