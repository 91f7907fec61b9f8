//! Whether a value stands on its own or is part of something longer.

use std::ops::Range;

use crate::CONTEXT_BEFORE;

/// What touches the first byte of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    /// Nothing that could belong to it, or the last character of an escape sequence.
    Clear,
    /// An underscore, as in `my_hf_…`.
    Underscore,
    /// So many letters, digits and underscores: a few glued characters, or a long identifier.
    Word(usize),
}

/// How far back a glued word is measured. Beyond this it is long, whatever its length.
const LONGEST_WORD: usize = 16;

/// Looks at what precedes `bytes[at]`.
pub(crate) fn before(bytes: &[u8], at: usize) -> Before {
    let head = &bytes[..at];
    match head.last() {
        Some(b'_') if head.len() < 2 || !is_word(head[head.len() - 2]) => Before::Underscore,
        Some(&b) if is_word(b) && !ends_an_escape(head) && !ends_an_opcode(head) => {
            Before::Word(head.iter().rev().take(LONGEST_WORD).take_while(|&&b| is_word(b)).count())
        }
        _ => Before::Clear,
    }
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

/// Whether the text ends with the letter that a string has before it in the first protocol of pickle,
/// where each stands on a line of its own: `V`, maybe behind what puts the value before it into a
/// list or a dictionary (`UNICODE`, `APPEND` and `SETITEM` in Python's `pickletools`).
fn ends_an_opcode(head: &[u8]) -> bool {
    ["\nV", "\n(V", "\naV", "\nsV"].iter().any(|opcode| head.ends_with(opcode.as_bytes()))
}

/// Whether the text ends with a written escape, so that its last letter or digit stands for some
/// other character: `\n`, `\x1b`, `\u0022`, `\033`, `%3D`, `=3D`, or a colour code's `m`.
fn ends_an_escape(head: &[u8]) -> bool {
    ends_backslash_escape(head) || ends_hex_pair(head) || ends_colour_code(head)
}

fn ends_backslash_escape(head: &[u8]) -> bool {
    let tail = &head[head.len().saturating_sub(10)..];
    let Some(backslash) = memchr::memrchr(b'\\', tail) else { return false };
    match &tail[backslash + 1..] {
        [b'a' | b'b' | b'e' | b'f' | b'n' | b'r' | b't' | b'v'] => true,
        [b'x', digits @ ..] => digits.len() == 2 && all_hex(digits),
        [b'u', digits @ ..] => digits.len() == 4 && all_hex(digits),
        [b'U', digits @ ..] => digits.len() == 8 && all_hex(digits),
        octal => (1..=3).contains(&octal.len()) && octal.iter().all(|b| (b'0'..=b'7').contains(b)),
    }
}

fn all_hex(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit)
}

/// Percent encoding, with its sign encoded any number of times, and quoted-printable.
fn ends_hex_pair(head: &[u8]) -> bool {
    let [rest @ .., high, low] = head else { return false };
    let mut sign = rest;
    while let Some(shorter) = sign.strip_suffix(b"25") {
        sign = shorter;
    }
    all_hex(&[*high, *low])
        && (rest.ends_with(b"=") || rest.ends_with(b"%") || sign.ends_with(b"%"))
}

/// A terminal colour code, with its escape character raw or written: `[32m`, `[0;1m`.
fn ends_colour_code(head: &[u8]) -> bool {
    let Some((last, rest)) = head.split_last() else { return false };
    let parameters = rest.iter().rev().take_while(|b| b.is_ascii_digit() || **b == b';').count();
    let opened = &rest[..rest.len() - parameters];
    match last {
        b'm' => opened.ends_with(b"["),
        b'A'..=b'Z' => opened.ends_with(b"\x1b["),
        _ => false,
    }
}

/// Whether the value's length stands before it, as one byte or as a little-endian word. Pickle, CBOR,
/// `MessagePack`, protocol buffers and most binary formats write strings so.
pub(crate) fn is_length_prefixed(bytes: &[u8], value: &Range<usize>) -> bool {
    let head = &bytes[..value.start];
    let Ok(len) = u32::try_from(value.len()) else { return false };
    let word = len.to_le_bytes();
    head.ends_with(&word) || (word[1] == 0 && head.ends_with(&word[..1]))
}

/// Whether the length that stands before a value, as a little-endian word, is that of something longer
/// which the value is the start of.
pub(crate) fn is_start_of_prefixed(bytes: &[u8], value: &Range<usize>) -> bool {
    const LONGEST: usize = 1 << 12;
    let Some(word) = bytes[..value.start].last_chunk() else { return false };
    let stated = usize::try_from(u32::from_le_bytes(*word)).unwrap_or(usize::MAX);
    let Some(end) = value.start.checked_add(stated.min(LONGEST)) else { return false };
    stated > value.len()
        && stated <= LONGEST
        && bytes.get(value.end..end).is_some_and(|rest| rest.iter().copied().all(is_word))
}

/// Whether the bytes around a place are something other than text. A control character near it
/// settles that, and so does a NUL farther off. No more is looked at than every piece of a large
/// input has around its own part, so that it does not matter where the input was cut.
pub(crate) fn is_binary_around(bytes: &[u8], at: usize) -> bool {
    const NEAR: usize = 512;
    let around =
        |reach: usize| &bytes[at.saturating_sub(reach)..bytes.len().min(at.saturating_add(reach))];
    around(NEAR).iter().any(|&b| is_control(b))
        || memchr::memchr(0, around(CONTEXT_BEFORE)).is_some()
}

fn is_control(b: u8) -> bool {
    b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x08 | 0x0c | 0x1b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before_end(text: &[u8]) -> Before {
        before(text, text.len())
    }

    #[test]
    fn punctuation_and_the_start_are_clear() {
        for text in ["", " ", "\"", "(", "://user:", "?token=", "|", "\0", "“", "日本"] {
            assert_eq!(before_end(text.as_bytes()), Before::Clear, "{text:?}");
        }
    }

    #[test]
    fn the_last_letter_of_an_escape_is_no_neighbour() {
        for text in [
            r"\n",
            r"\\n",
            r"\x1b",
            r"\u0022",
            r"\U00000022",
            r"\033",
            r"\0",
            "%3D",
            "%253D",
            "%25253D",
            "%22",
            "=3D",
            "\x1b[32m",
            r"\x1b[0;1m",
            r"\u001b[0m",
            "\x1b[2K",
        ] {
            assert_eq!(before_end(text.as_bytes()), Before::Clear, "{text:?}");
        }
    }

    #[test]
    fn the_opcode_before_a_pickled_string_is_no_neighbour() {
        assert_eq!(before_end(b"(dp0\nV"), Before::Clear);
        assert_eq!(before_end(b"I2\naV"), Before::Clear);
        assert_eq!(before_end(b"p0 V"), Before::Word(1));
    }

    #[test]
    fn the_length_of_a_value_stands_before_it() {
        let prefixed = |text: &[u8]| is_length_prefixed(text, &(text.len() - 37..text.len()));
        let value = [b'x'; 37];
        for head in [&b"\x78\x25"[..], b"\xd9\x25", b"X\x25\0\0\0"] {
            assert!(prefixed(&[head, &value].concat()), "{head:?}");
        }
        assert!(!prefixed(&[&b"\x78\x24"[..], &value].concat()));
    }

    #[test]
    fn words_are_neighbours() {
        assert_eq!(before_end(b"x"), Before::Word(1));
        assert_eq!(before_end(b"the_m"), Before::Word(5));
        assert_eq!(before_end(b"my_"), Before::Word(3));
        assert_eq!(before_end(b" _"), Before::Underscore);
        assert_eq!(before_end(&[b'k'; 99]), Before::Word(LONGEST_WORD));
    }
}
