//! The line that a token stands on, made fit to be shown.

use std::{borrow::Cow, ops::Range};

use bearhug_detect::{CONTEXT_AFTER, Candidate, SHAPES};

/// How much of the line before and after a token is shown, in bytes.
const SHOWN: usize = 72;

/// How far from a token its line is looked for.
const LINE_REACH: usize = 4096;

/// What a person writes on a line to have its tokens left out of reports.
const ALLOW: &[u8] = b"bearhug:allow";

/// A run of this many characters that a credential could be made of is not shown, whoever's
/// credential it is.
const LONGEST_PLAIN_RUN: usize = 24;

/// Shows parts of a text with every token in it redacted.
pub(super) struct Redactor<'a> {
    bytes: &'a [u8],
    candidates: &'a [Candidate],
    counted: Range<usize>,
    newlines: u64,
}

impl<'a> Redactor<'a> {
    /// Redacts the given candidates, in order of place, wherever they appear.
    pub(super) fn new(bytes: &'a [u8], candidates: &'a [Candidate]) -> Self {
        Self { bytes, candidates, counted: 0..0, newlines: 0 }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// As much around a token as may bear on how its line is shown.
    pub(super) fn near(&self, span: &Range<usize>) -> Range<usize> {
        span.start.saturating_sub(LINE_REACH)..self.bytes.len().min(span.end + LINE_REACH)
    }

    /// How many line breaks precede an offset. Asked in rising order, it reads the text once.
    pub(super) fn newlines_before(&mut self, offset: usize) -> u64 {
        if offset < self.counted.end {
            (self.counted, self.newlines) = (0..0, 0);
        }
        self.newlines +=
            memchr::memchr_iter(b'\n', &self.bytes[self.counted.end..offset]).count() as u64;
        self.counted.end = offset;
        self.newlines
    }

    /// The whole text.
    pub(super) fn all(&self) -> String {
        mask_near_tokens(self.part(0..self.bytes.len()))
    }

    /// The line around a token, shortened. None in data that has no lines to show.
    pub(super) fn context(&self, span: &Range<usize>) -> Option<String> {
        let line = line_of(self.bytes, span);
        let from = line.start.max(span.start.saturating_sub(SHOWN));
        let to = line.end.min(span.end + SHOWN);
        let around = [&self.bytes[from..span.start], &self.bytes[span.end..to]];
        if around.iter().any(|part| part.contains(&0)) {
            return None;
        }
        let (from, to) = (self.char_boundary(from), self.char_boundary(to));
        let mut text = String::new();
        text.push_str(if from > line.start { "…" } else { "" });
        text.push_str(mask_long_runs(&self.part(from..to)).trim());
        text.push_str(if to < line.end { "…" } else { "" });
        Some(text)
    }

    /// Moves an offset out of the middle of a character.
    fn char_boundary(&self, mut at: usize) -> usize {
        while at < self.bytes.len() && self.bytes[at] & 0xc0 == 0x80 {
            at += 1;
        }
        at
    }

    fn part(&self, part: Range<usize>) -> String {
        let mut text = String::new();
        let mut position = part.start;
        // No value reaches farther, so that earlier ones need not be looked at.
        let earliest = part.start.saturating_sub(CONTEXT_AFTER);
        let first = self.candidates.partition_point(|c| c.span.start < earliest);
        for candidate in &self.candidates[first..] {
            let span = &candidate.span;
            if span.start >= part.end {
                break;
            }
            if span.end <= position {
                continue;
            }
            if span.start > position {
                text.push_str(&String::from_utf8_lossy(&self.bytes[position..span.start]));
            }
            text.push_str(&candidate.token.redacted());
            position = span.end.min(part.end);
        }
        text.push_str(&String::from_utf8_lossy(&self.bytes[position..part.end.max(position)]));
        text
    }
}

/// Whether the line asks for its tokens to be left out.
pub(super) fn is_allowed(bytes: &[u8], span: &Range<usize>) -> bool {
    memchr::memmem::find(&bytes[line_of(bytes, span)], ALLOW).is_some()
}

/// The column of an offset, in bytes from 1.
pub(super) fn column(bytes: &[u8], offset: usize) -> u64 {
    let line_start = memchr::memrchr(b'\n', &bytes[..offset]).map_or(0, |at| at + 1);
    (offset - line_start) as u64 + 1
}

/// The line, or the lines, that a span stands on.
fn line_of(bytes: &[u8], span: &Range<usize>) -> Range<usize> {
    let earliest = span.start.saturating_sub(LINE_REACH);
    let latest = bytes.len().min(span.end + LINE_REACH);
    let start = memchr::memrchr(b'\n', &bytes[earliest..span.start])
        .map_or(earliest, |at| earliest + at + 1);
    let end = memchr::memchr(b'\n', &bytes[span.end..latest]).map_or(latest, |at| span.end + at);
    start..end
}

/// Cuts off what follows a token's prefix and is too long for a word, whether or not it is a token.
/// One that was typed with a letter too many is still most of a secret.
fn mask_near_tokens(text: String) -> String {
    if !has_long_run(&text, |c| c.is_ascii_alphanumeric()) {
        return text;
    }
    let mut masked = String::new();
    let mut rest = text.as_str();
    while let Some(end) = first_prefix_end(rest) {
        let (head, tail) = rest.split_at(end);
        let body = tail.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tail.len());
        masked.push_str(head);
        masked.push_str(if body >= LONGEST_PLAIN_RUN { "…" } else { &tail[..body] });
        rest = &tail[body..];
    }
    masked.push_str(rest);
    masked
}

fn has_long_run(text: &str, is_run: impl Fn(char) -> bool) -> bool {
    text.split(|c| !is_run(c)).any(|run| run.len() >= LONGEST_PLAIN_RUN)
}

/// Where the first prefix of a token in a text ends.
fn first_prefix_end(text: &str) -> Option<usize> {
    let ends = SHAPES.iter().filter_map(|s| Some(text.find(s.prefix)? + s.prefix.len()));
    ends.min()
}

/// Shortens runs that could be part of some credential, so that the line around one token does not
/// give away another that nobody recognised.
fn mask_long_runs(text: &str) -> Cow<'_, str> {
    let is_run =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '/' | '=' | '%' | '\\');
    if !has_long_run(text, is_run) {
        return Cow::Borrowed(text);
    }
    let mut masked = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let run = rest.find(|c| !is_run(c)).unwrap_or(rest.len());
        if run >= LONGEST_PLAIN_RUN {
            masked.push_str(&rest[..4]);
            masked.push('…');
        } else {
            masked.push_str(&rest[..run]);
        }
        let next = rest[run..].chars().next().map_or(0, char::len_utf8);
        masked.push_str(&rest[run..run + next]);
        rest = &rest[run + next..];
    }
    Cow::Owned(masked)
}

#[cfg(test)]
mod tests {
    use bearhug_detect::{Detector, Options};

    use super::*;

    fn token(seed: usize) -> String {
        let letters = b"QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr";
        let body: String =
            (0..34).map(|i| char::from(letters[(i * 5 + seed) % letters.len()])).collect();
        format!("hf_{body}")
    }

    fn contexts(text: &str) -> Vec<String> {
        let detector = Detector::new(Options::default());
        let scan = detector.scan(text.as_bytes());
        let redactor = Redactor::new(text.as_bytes(), &scan.candidates);
        scan.candidates.iter().filter_map(|c| redactor.context(&c.span)).collect()
    }

    #[test]
    fn every_token_on_a_line_is_redacted() {
        let (a, b) = (token(0), token(1));
        let shown = contexts(&format!("first\nold = \"{a}\"; new = \"{b}\"\nlast"));
        assert_eq!(shown.len(), 2);
        for context in shown {
            assert_eq!(context, format!("old = \"hf_…{}\"; new = \"hf_…{}\"", &a[33..], &b[33..]));
        }
    }

    #[test]
    fn what_looks_like_any_credential_is_masked() {
        let shown = contexts(&format!("key={} tok={}", "k9".repeat(20), token(0)));
        assert!(shown[0].starts_with("key=…") || shown[0].starts_with("key"), "{}", shown[0]);
        assert!(!shown[0].contains("k9k9k9"), "{}", shown[0]);
    }

    #[test]
    fn what_is_almost_a_token_is_masked_in_names() {
        let shown = |text: &str| Redactor::new(text.as_bytes(), &[]).all();
        let near = format!("{}x", token(0));
        assert_eq!(shown(&format!("a/{near}.txt")), "a/hf_….txt");
        assert_eq!(shown(&format!("{near} and {near}")), "hf_… and hf_…");
        for name in ["hf_hub_download.py", "models--bert/blobs/", &"0a".repeat(32), "hf_", ""] {
            assert_eq!(shown(name), name);
        }
    }

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let text = format!("{}{}{}", "é ".repeat(99), token(0), " ü".repeat(99));
        let shown = &contexts(&text)[0];
        assert!(shown.starts_with('…') && shown.ends_with('…'), "{shown}");
        assert!(!shown.contains('\u{fffd}'), "{shown}");
    }

    #[test]
    fn an_allowance_counts_on_its_own_line_only() {
        let text = format!("{}  # bearhug:allow\n{}\n", token(0), token(1));
        assert!(is_allowed(text.as_bytes(), &(0..37)));
        let second = text.find('\n').unwrap() + 1;
        assert!(!is_allowed(text.as_bytes(), &(second..second + 37)));
    }
}
