//! The text of marked-up documents, in which tags cut values into runs.
//!
//! Word breaks a value where its spelling checker stopped or its format changes, and a highlighter of
//! source code wraps each part of a string in tags of its own. The text without the tags has them
//! whole.

use crate::containers::inside::{Cut, Inside};

/// How far into a document what says its kind is looked for.
const REACH: usize = 4096;

/// The shortest word that is worth joining: no credential is shorter.
const SHORTEST: usize = 20;

/// Parts of the namespaces of office documents (ECMA-376, ISO/IEC 29500 and OASIS `OpenDocument`).
const NAMESPACES: [&[u8]; 3] =
    [b"schemas.openxmlformats.org/", b"purl.oclc.org/ooxml/", b"urn:oasis:names:tc:opendocument:"];

/// The local names of the elements of office documents and of HTML that end a line, a paragraph, a
/// cell or anything else that is read apart from what comes next.
const BLOCKS: &[&[u8]] = &[
    b"a:br",
    b"a:p",
    b"address",
    b"article",
    b"aside",
    b"blockquote",
    b"body",
    b"br",
    b"c",
    b"dd",
    b"div",
    b"dl",
    b"dt",
    b"fieldset",
    b"figure",
    b"footer",
    b"form",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"head",
    b"header",
    b"hr",
    b"li",
    b"main",
    b"nav",
    b"ol",
    b"option",
    b"p",
    b"pre",
    b"script",
    b"section",
    b"si",
    b"style",
    b"table",
    b"table:table-cell",
    b"table:table-row",
    b"td",
    b"text:h",
    b"text:line-break",
    b"text:list-item",
    b"text:p",
    b"text:tab",
    b"th",
    b"title",
    b"tr",
    b"ul",
    b"w:br",
    b"w:cr",
    b"w:p",
    b"w:tab",
    b"w:tc",
    b"w:tr",
];

/// What stands between two letters and is not seen, in UTF-8 and as references: the soft hyphen,
/// zero-width space, joiners, the word joiner and the byte order mark.
const UNSEEN: [&[u8]; 18] = [
    b"\xc2\xad",
    b"\xe2\x80\x8b",
    b"\xe2\x80\x8c",
    b"\xe2\x80\x8d",
    b"\xe2\x81\xa0",
    b"\xef\xbb\xbf",
    b"&shy;",
    b"&#173;",
    b"&#xad;",
    b"&#xAD;",
    b"&ZeroWidthSpace;",
    b"&#8203;",
    b"&#x200b;",
    b"&#x200B;",
    b"&zwnj;",
    b"&#8204;",
    b"&zwj;",
    b"&#8205;",
];

/// Whether a document starts so: XML of an office suite, or HTML.
pub(in crate::containers) fn is_markup(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if head.first() != Some(&b'<') {
        return false;
    }
    let head = &head[..head.len().min(REACH)];
    let is_html = memchr::memchr_iter(b'<', head).any(|at| {
        let starts = |word: &[u8]| {
            head[at..].get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        starts(b"<html") || starts(b"<!doctype html")
    });
    is_html || NAMESPACES.iter().any(|space| memchr::memmem::find(head, space).is_some())
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
        let at = memchr::memchr3(b'<', b'&', b'\n', rest).unwrap_or(rest.len());
        lines.plain(&rest[..at]);
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
    /// Reads text without tags, references and line breaks.
    fn plain(&mut self, mut text: &[u8]) {
        while let Some(at) = text.iter().position(|b| !b.is_ascii()) {
            self.kept.extend_from_slice(&text[..at]);
            let len = unseen(&text[at..]);
            if len == 0 {
                self.kept.push(text[at]);
            } else {
                self.join();
            }
            text = &text[at + len.max(1)..];
        }
        self.kept.extend_from_slice(text);
    }

    /// Reads a tag, a reference or a line break, and returns its length.
    fn mark(&mut self, rest: &[u8]) -> usize {
        let Some(&first) = rest.first() else { return 0 };
        if first == b'\n' {
            self.end();
            return 1;
        }
        if first == b'<'
            && let Some((name, len)) = tag(rest)
        {
            if BLOCKS.binary_search(&name).is_ok() {
                self.end();
            } else {
                self.join();
            }
            return len;
        }
        let len = unseen(rest);
        if len > 0 {
            self.join();
            return len;
        }
        // A reference that can be seen is left to the search.
        self.kept.push(first);
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

/// The length of the unseen character that `text` starts with, or zero.
fn unseen(text: &[u8]) -> usize {
    UNSEEN.iter().find(|unseen| text.starts_with(unseen)).map_or(0, |unseen| unseen.len())
}

/// The name and the length of the tag or comment that `text` starts with. A `<` before its end shows
/// that it is none, which also keeps the search for that end from going over anything twice.
fn tag(text: &[u8]) -> Option<(&[u8], usize)> {
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
        assert_eq!(text(&format!("<p>{WORD}</p><b>short</b>er")), "");
        let letters = WORD.split("").collect::<Vec<_>>().join("<i></i>");
        assert_eq!(text(&letters), format!("{WORD}\n"));
    }

    #[test]
    fn unseen_characters_are_left_out() {
        let (a, b) = WORD.split_at(9);
        for unseen in ["<wbr>", "&shy;", "\u{ad}", "\u{200b}", "<!-- x -->", "<b></b>&#8203;"] {
            assert_eq!(
                text(&format!("é <pre>{a}{unseen}{b}\nnext")),
                format!("{WORD}\n"),
                "{unseen}"
            );
        }
        assert_eq!(text(&format!("{a} {unseen} {b}", unseen = "<wbr>")), "");
    }

    #[test]
    fn kinds_are_recognised_by_what_they_say() {
        assert!(is_markup(b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- x --><html>"));
        assert!(is_markup(b"\n<!DOCTYPE HTML>"));
        assert!(is_markup(
            b"<w:x xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">"
        ));
        assert!(!is_markup(b"<svg xmlns=\"http://www.w3.org/2000/svg\">"));
        assert!(!is_markup(b"see <html>"));
    }

    proptest! {
        #[test]
        fn nothing_that_is_no_markup_is_lost_or_made_up(document in "[a-c<>&;/ \n\u{ad}é]{0,60}") {
            let text = text(&document);
            prop_assert!(text.len() <= document.len() + 1);
        }
    }
}
