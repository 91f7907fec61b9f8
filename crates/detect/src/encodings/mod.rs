//! Ways of writing text that hide a token, each undone around a place where one was noticed.
//!
//! No decoder reads a whole file. A literal of its encoding leads to it (see [`crate::needles`]),
//! and it decodes a window about that place: enough for the longest credential, and some context
//! for judging what it touches. That keeps decoding local, linear and bounded, whatever the input.

mod base64;
mod concatenation;
mod escapes;
mod hex;
mod html;
mod line;
mod percent;
mod quoted_printable;
mod wide;

use std::ops::Range;

use bearhug_core::Encoding;

/// How many decoded bytes before the noticed place a window holds, for context.
const BACK: usize = 256;

/// How many decoded bytes from the noticed place on a window holds. Twice the longest credential,
/// so that whatever starts in the window's first half ends in it.
pub(crate) const FORWARD: usize = 16 * 1024;

/// The text of a window, and where each of its bytes came from.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
    /// The decoded bytes.
    pub(crate) bytes: Vec<u8>,
    /// For each decoded byte, the range of the encoded text that wrote it.
    sources: Vec<Range<usize>>,
    /// What lies before this decoded offset is context: a value that starts there may have lost
    /// its beginning.
    pub(crate) own_from: usize,
    /// Values that start before this offset of the encoded text are complete in this window.
    pub(crate) complete_until: usize,
}

impl Decoded {
    fn push(&mut self, byte: u8, source: Range<usize>) {
        self.bytes.push(byte);
        self.sources.push(source);
    }

    /// The range of the encoded text that wrote a range of the decoded one.
    pub(crate) fn source_of(&self, decoded: Range<usize>) -> Range<usize> {
        match (self.sources.get(decoded.start), self.sources.get(decoded.end.wrapping_sub(1))) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// A window over the same text that says nothing of it.
    fn emptied(self) -> Self {
        Self { complete_until: self.complete_until, ..Self::default() }
    }

    /// Whether the window read the place of a notice as the notice says it is to be read.
    pub(crate) fn reads(&self, notice: Notice) -> bool {
        if notice.at >= self.complete_until {
            return false;
        }
        let byte = self.sources.partition_point(|source| source.start < notice.at);
        let starts_at = |at| self.sources.get(byte).is_some_and(|source| source.start == at);
        match notice.encoding {
            Encoding::Base64 if notice.phase == 3 => {
                !starts_at(notice.at) && byte > 0 && self.place_in_group(byte - 1) == 2
            }
            Encoding::Base64 => starts_at(notice.at) && self.place_in_group(byte) == notice.phase,
            Encoding::Hex => starts_at(notice.at),
            _ => true,
        }
    }

    /// Which of the three bytes that four digits of base64 write this one is. Neighbours in a group
    /// share a digit.
    fn place_in_group(&self, byte: usize) -> usize {
        let shares = |first: usize| match self.sources.get(first..first + 2) {
            Some([a, b]) => b.start < a.end,
            _ => false,
        };
        match (byte > 0 && shares(byte - 1), shares(byte)) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => 2,
        }
    }

    /// Closes a window whose decoding stopped at `end` of the encoded text, having been noticed at
    /// decoded offset `noticed`.
    fn finish(mut self, noticed: usize, end: usize) -> Self {
        let was_cut = self.bytes.len() >= noticed + FORWARD;
        self.complete_until = if was_cut { self.sources[noticed + FORWARD / 2].start } else { end };
        self
    }
}

/// A place where an encoding was noticed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Notice {
    /// The encoding.
    pub(crate) encoding: Encoding,
    /// The offset of the literal that gave it away.
    pub(crate) at: usize,
    /// For base64, the place of that literal's first character in its group of four; for hex and
    /// the wide encodings, how many bytes write one.
    pub(crate) phase: usize,
}

/// Decodes around a notice. More than one reading comes back where the text is ambiguous.
pub(crate) fn decode(bytes: &[u8], notice: Notice) -> Vec<Decoded> {
    let at = notice.at;
    let line = |escape: &dyn line::Escape| vec![line::decode(bytes, at, escape)];
    match notice.encoding {
        Encoding::Escapes => line(&escapes::Backslash),
        Encoding::Percent => line(&percent::Percent),
        Encoding::Html => markup(bytes, at),
        Encoding::QuotedPrintable => line(&quoted_printable::QuotedPrintable),
        Encoding::Concatenation => concatenation::decode(bytes, at),
        Encoding::Base64 => base64::decode(bytes, at, notice.phase),
        Encoding::Hex => vec![hex::decode(bytes, at, notice.phase)],
        Encoding::Utf16 | Encoding::Utf32 => wide::decode(bytes, at, notice.phase),
    }
}

/// The readings of HTML: with what stands in its tags, and without. The second takes less text for as
/// much of the document, and must not answer for more of it than the first.
fn markup(bytes: &[u8], at: usize) -> Vec<Decoded> {
    let tagged = line::decode(bytes, at, &html::References);
    let until = tagged.complete_until;
    let reach = &bytes[..bytes.len().min(until.max(at) + FORWARD)];
    let mut joined = line::decode(reach, at, &html::Tags);
    joined.complete_until = joined.complete_until.min(until);
    vec![tagged, joined]
}

/// The encodings that may explain why a body stops short at the start of `rest`.
pub(crate) fn explain_break(rest: &[u8]) -> Option<Encoding> {
    match rest {
        _ if concatenation::is_glue(rest) => Some(Encoding::Concatenation),
        [b'\\', b'x' | b'u' | b'U' | b'0'..=b'7' | b'\n' | b'\r', ..]
        // A quoted-printable line break, itself escaped.
        | [b'=', b'\\', b'n' | b'r', ..] => Some(Encoding::Escapes),
        [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            Some(Encoding::Percent)
        }
        [b'&', b'#' | b'a'..=b'z' | b'A'..=b'Z', ..] => Some(Encoding::Html),
        _ if html::breaks_word(rest) => Some(Encoding::Html),
        [b'=', rest @ ..] if quoted_printable::continues(rest) => Some(Encoding::QuotedPrintable),
        _ => None,
    }
}

/// The line breaks that may stand between digits of one value: raw, escaped, percent-encoded, or
/// put there by quoted-printable. A shorter one stands behind those that end with it.
const LINE_BREAKS: [&[u8]; 12] = [
    br"\\r\\n", br"\\n", br"\r\n", br"\n", b"%0D%0A", b"%0d%0a", b"%0A", b"%0a", b"=\r\n", b"=\n",
    b"\r\n", b"\n",
];

/// The length of the line break that `rest` starts with.
fn line_break(rest: &[u8]) -> Option<usize> {
    let may_be = matches!(rest.first(), Some(b'\r' | b'\n' | b'\\' | b'%' | b'='));
    LINE_BREAKS
        .iter()
        .filter(|_| may_be)
        .find(|line_break| rest.starts_with(line_break))
        .map(|line_break| line_break.len())
}

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

fn hex_pair(digits: &[u8]) -> Option<u8> {
    match digits {
        [high, low, ..] => Some(hex_value(*high)? << 4 | hex_value(*low)?),
        _ => None,
    }
}
