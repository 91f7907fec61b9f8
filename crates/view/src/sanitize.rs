//! Makes text from a scanned tree harmless to a terminal.

use std::{borrow::Cow, fmt::Write};

/// Whether a character acts on what displays it instead of being displayed.
///
/// These are the C0 and C1 controls, which start escape sequences and move the cursor; the line
/// and paragraph separators; and the bidirectional embeddings, overrides and isolates, which make
/// a path read as another one (the set that rustc's `text_direction_codepoint_in_literal` warns
/// about). Joiners and direction marks stay: words in Persian or Hebrew and many emoji need them.
pub(crate) fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text with every acting character written out: `\n`, `\x1b`, `\u{202e}`.
///
/// A backslash stays as it is, so this is for reading and not for reversing: JSON carries the
/// exact text.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(acts) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => safe.extend(c.escape_default()),
            _ if c.is_ascii_control() => {
                // Writing to a string cannot fail.
                let _ = write!(safe, "\\x{:02x}", u32::from(c));
            }
            _ if acts(c) => safe.extend(c.escape_unicode()),
            _ => safe.push(c),
        }
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_written_out() {
        assert_eq!(visible("a\x1b[2Jb"), r"a\x1b[2Jb");
        assert_eq!(visible("one\ntwo\tthree\r"), r"one\ntwo\tthree\r");
        assert_eq!(visible("\0\x07\x7f"), r"\x00\x07\x7f");
        assert_eq!(visible("\u{9b}31m"), r"\u{9b}31m");
        assert_eq!(visible("gpj.\u{202e}exe"), r"gpj.\u{202e}exe");
        assert_eq!(visible("\u{2066}\u{2069}\u{2028}"), r"\u{2066}\u{2069}\u{2028}");
    }

    #[test]
    fn ordinary_text_is_not_even_copied() {
        for text in
            ["", "a b/ç.env", "模型", "می\u{200c}خواهم", "שלום\u{200f}", "👩\u{200d}🔬", r"C:\new"]
        {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }
}
