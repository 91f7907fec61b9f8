//! The text of office documents, in whose XML tags cut values into runs.
//!
//! Word breaks a value where its spelling checker stopped or its format changes. The text without the
//! tags has it whole.

use crate::containers::inside::{Cut, Inside};

/// How far into a document what says its kind is looked for.
const REACH: usize = 4096;

/// The shortest word that is worth joining: no credential is shorter.
const SHORTEST: usize = 20;

/// Parts of the namespaces of office documents (ECMA-376, ISO/IEC 29500 and OASIS `OpenDocument`).
const NAMESPACES: [&[u8]; 3] =
    [b"schemas.openxmlformats.org/", b"purl.oclc.org/ooxml/", b"urn:oasis:names:tc:opendocument:"];

/// The elements that end a line, a paragraph, a cell or anything else that is read apart from what
/// comes next.
const BLOCKS: &[&[u8]] = &[
    b"a:br",
    b"a:p",
    b"c",
    b"si",
    b"table:table-cell",
    b"table:table-row",
    b"text:h",
    b"text:line-break",
    b"text:list-item",
    b"text:p",
    b"text:s",
    b"text:tab",
    b"w:br",
    b"w:cr",
    b"w:p",
    b"w:tab",
    b"w:tc",
    b"w:tr",
];

/// Whether a document starts so.
pub(in crate::containers) fn is_markup(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let head = head.trim_ascii_start();
    // A web page, of which there are many, starts with the kind of document that it is.
    let is_xml = head.starts_with(b"<") && !head.starts_with(b"<!");
    let head = &head[..head.len().min(REACH)];
    is_xml && NAMESPACES.iter().any(|space| memchr::memmem::find(head, space).is_some())
}

/// Delivers the lines in which something stood in the middle of a word that is long enough to
/// matter. All else is found where it stands.
pub(in crate::containers) fn read(inside: &Inside<'_>, document: &[u8]) -> Result<(), Cut> {
    let text = joined(document);
    if text.is_empty() { Ok(()) } else { inside.only_part(&mut text.as_slice()) }
}

/// The lines of a document that are worth reading without tags. They take less than the document.
fn joined(document: &[u8]) -> Vec<u8> {
    let mut lines = Lines::default();
    let mut rest = document;
    while !rest.is_empty() {
        let at = memchr::memchr2(b'<', b'\n', rest).unwrap_or(rest.len());
        lines.kept.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[lines.mark(rest)..];
    }
    lines.end();
    lines.kept
}

/// The text that has been read so far.
#[derive(Default)]
struct Lines {
    /// The lines that are kept, and behind them the one that is being read.
    kept: Vec<u8>,
    /// Where that one starts.
    start: usize,
    /// Where in it something was last taken out.
    joint: Option<usize>,
    /// Whether something was taken out of a long word of it.
    is_kept: bool,
}

impl Lines {
    /// Reads a tag or a line break, or a byte that is none, and returns its length.
    fn mark(&mut self, rest: &[u8]) -> usize {
        match (rest.first(), tag(rest)) {
            (None, _) => return 0,
            (_, Some((name, len))) => {
                if BLOCKS.binary_search(&name).is_ok() {
                    self.end();
                } else {
                    self.join();
                }
                return len;
            }
            (Some(b'\n'), None) => self.end(),
            (Some(&byte), None) => self.kept.push(byte),
        }
        1
    }

    /// Remembers that something was taken out here.
    fn join(&mut self) {
        self.judge();
        self.joint = Some(self.kept.len());
    }

    /// Keeps the line if the last joint is in a long word.
    fn judge(&mut self) {
        let Some(joint) = self.joint.filter(|_| !self.is_kept) else { return };
        let (before, after) = self.kept.split_at(joint);
        let before = before[self.start..].iter().rev().take(SHORTEST);
        let before = before.take_while(|&&b| is_word(b)).count();
        let after = after.iter().take(SHORTEST).take_while(|&&b| is_word(b)).count();
        self.is_kept = before > 0 && after > 0 && before + after >= SHORTEST;
    }

    fn end(&mut self) {
        self.judge();
        if self.is_kept {
            self.kept.push(b'\n');
        } else {
            self.kept.truncate(self.start);
        }
        *self = Self {
            start: self.kept.len(),
            kept: std::mem::take(&mut self.kept),
            ..Self::default()
        };
    }
}

/// Whether a byte may be a part of a credential, or of a character reference that stands for one.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'&' | b'#' | b';')
}

/// The name and the length of the tag or comment that `text` starts with. A `<` before its end shows
/// that it is none, which also keeps the search for that end from going over anything twice.
fn tag(text: &[u8]) -> Option<(&[u8], usize)> {
    text.strip_prefix(b"<")?;
    let end = 1 + memchr::memchr2(b'>', b'<', text.get(1..)?)?;
    let inner = text[..end].get(1..).filter(|_| text[end] == b'>')?;
    let inner = inner.strip_prefix(b"/").unwrap_or(inner);
    if !inner.first().is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'!' | b'?')) {
        return None;
    }
    let is_end = |b: &u8| b.is_ascii_whitespace() || *b == b'/';
    let name = inner.iter().position(is_end).unwrap_or(inner.len());
    Some((&inner[..name], end + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(document: &str) -> String {
        String::from_utf8(joined(document.as_bytes())).expect("text stays text")
    }

    const WORD: &str = "abcdefghijklmnopqrstuvwxyz";

    #[test]
    fn the_elements_that_end_a_line_are_in_order() {
        assert!(BLOCKS.is_sorted());
    }

    #[test]
    fn runs_are_joined_and_blocks_are_not() {
        let (a, b) = WORD.split_at(9);
        let word = format!(
            "<w:p><w:r><w:t>key {a}</w:t></w:r><w:proofErr/><w:r><w:t>{b}</w:t></w:r></w:p>"
        );
        assert_eq!(text(&word), format!("key {WORD}\n"));
        assert_eq!(text(&format!("<w:p>{a}</w:p><w:p>{b}</w:p>")), "");
        assert_eq!(text(&format!("<w:p>{WORD}</w:p><w:t>short</w:t>er")), "");
        let letters = WORD.split("").collect::<Vec<_>>().join("<i></i>");
        assert_eq!(text(&letters), format!("{WORD}\n"));
    }

    #[test]
    fn kinds_are_recognised_by_what_they_say() {
        let odt = b"\xef\xbb\xbf<?xml?>\n<o:d xmlns:o=\"urn:oasis:names:tc:opendocument:xmlns:\">";
        assert!(is_markup(odt));
        assert!(is_markup(b"<c xmlns=\"http://schemas.openxmlformats.org/drawingml/2006/main\">"));
        assert!(!is_markup(b"<svg xmlns=\"http://www.w3.org/2000/svg\">"));
        assert!(!is_markup(b"see http://schemas.openxmlformats.org/"));
    }

    proptest! {
        #[test]
        fn nothing_that_is_no_markup_is_lost_or_made_up(document in "[a-c<>&;/ \n\u{ad}é]{0,60}") {
            let text = text(&document);
            prop_assert!(text.len() <= document.len() + 1);
        }
    }
}
