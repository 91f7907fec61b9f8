//! Numbers, units and lines as people read them.

use std::time::Duration;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// `1234567` as `1,234,567`.
pub(crate) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 token`, `1,234 tokens`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(n as u64))
}

/// A hash as people compare it.
pub(crate) fn hex(hash: &[u8; 32]) -> String {
    data_encoding::HEXLOWER.encode(hash)
}

/// A size in decimal units, as disks and `ls --si` count: `56.7 MB`.
pub(crate) fn bytes(n: u64) -> String {
    const UNITS: [(u64, &str); 4] =
        [(1_000_000_000_000, "TB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let Some((size, unit)) = UNITS.into_iter().find(|&(size, _)| n >= size) else {
        return format!("{n} B");
    };
    let tenths = n / (size / 10);
    match (thousands(tenths / 10), tenths % 10) {
        (whole, 0) => format!("{whole} {unit}"),
        (whole, tenth) => format!("{whole}.{tenth} {unit}"),
    }
}

/// A duration to the precision that a person cares about: `85 ms`, `0.6 s`, `2 min 5 s`.
pub(crate) fn duration(elapsed: Duration) -> String {
    match (elapsed.as_secs(), elapsed.as_millis()) {
        (_, ms @ 0..100) => format!("{ms} ms"),
        (s @ 0..60, _) => format!("{s}.{} s", elapsed.subsec_millis() / 100),
        (s @ 60..3600, _) => format!("{} min {} s", s / 60, s % 60),
        (s, _) => format!("{} h {} min", thousands(s / 3600), s / 60 % 60),
    }
}

/// How many cells a bar has.
const CELLS: u16 = 10;

/// How much of a limit is reached, as cells.
pub(crate) fn bar(points: u8, limit: u8) -> String {
    let limit = u16::from(limit.max(1));
    let full = (u16::from(points) * CELLS).div_ceil(limit).min(CELLS);
    "■".repeat(full.into()) + &"·".repeat((CELLS - full).into())
}

/// Breaks a text between words so that no line is wider than `width`, as far as its words allow. What
/// stands between backticks is there to be copied, and counts as one word.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words(text) {
        let line = lines
            .last_mut()
            .filter(|line| line.is_empty() || line.width() + 1 + word.width() <= width);
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The words of a text. A last backtick without a partner quotes nothing.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut ahead = text.matches('`').count() / 2 * 2;
    text.split(move |c| {
        if c == '`' {
            ahead = ahead.saturating_sub(1);
        }
        c == ' ' && ahead.is_multiple_of(2)
    })
}

/// The part of a line that fits `width`, chosen so that `focus` is in it if the line has it.
pub(crate) fn window(line: &str, focus: &str, width: usize) -> String {
    if line.width() <= width {
        return line.to_owned();
    }
    let end = line.find(focus).map_or(0, |at| at + focus.len());
    if line[..end].width() < width {
        return format!("{}…", head(line, width.saturating_sub(1)));
    }
    let after = head(&line[end..], width / 4);
    let cut = if after.len() < line[end..].len() { "…" } else { "" };
    let before = tail(&line[..end], width.saturating_sub(1 + after.width() + cut.width()));
    format!("…{before}{after}{cut}")
}

/// As much of the start of a text as fits.
fn head(text: &str, width: usize) -> &str {
    &text[..fitting(text.char_indices().map(|(at, c)| (at + c.len_utf8(), c)), width).unwrap_or(0)]
}

/// As much of the end of a text as fits.
fn tail(text: &str, width: usize) -> &str {
    &text[fitting(text.char_indices().rev(), width).unwrap_or(text.len())..]
}

/// The last cut before the characters so far outgrow `width`.
fn fitting(cuts: impl Iterator<Item = (usize, char)>, width: usize) -> Option<usize> {
    cuts.scan(0, |used, (at, c)| {
        *used += c.width().unwrap_or(1);
        (*used <= width).then_some(at)
    })
    .last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_nouns_agree() {
        let grouped = [0, 999, 1_000, 1_234_567].map(thousands);
        assert_eq!(grouped, ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [0, 1, 1_234].map(|n| count(n, "token")),
            ["0 tokens", "1 token", "1,234 tokens"]
        );
    }

    #[test]
    fn sizes_keep_one_decimal_where_it_says_something() {
        let sizes = [0, 999, 1_000, 56_789_000, 104_857_600, 3_200_000_000, u64::MAX].map(bytes);
        let words = ["0 B", "999 B", "1 kB", "56.7 MB", "104.8 MB", "3.2 GB", "18,446,744 TB"];
        assert_eq!(sizes, words);
    }

    #[test]
    fn durations_use_the_unit_that_fits() {
        let of = |ms| duration(Duration::from_millis(ms));
        assert_eq!(
            [0, 99, 100, 640, 59_999].map(of),
            ["0 ms", "99 ms", "0.1 s", "0.6 s", "59.9 s"]
        );
        assert_eq!([60_000, 125_000, 7_260_000].map(of), ["1 min 0 s", "2 min 5 s", "2 h 1 min"]);
    }

    #[test]
    fn lines_break_between_words_and_never_within_one() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(
            wrap("https://huggingface.co/x is long", 10),
            ["https://huggingface.co/x", "is long"]
        );
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn a_command_is_never_broken() {
        assert_eq!(
            wrap("end it with `a b c d`, or `e f`", 11),
            ["end it with", "`a b c d`,", "or `e f`"]
        );
        assert_eq!(wrap("`a b c d e`", 5), ["`a b c d e`"]);
        assert_eq!(wrap("a `b` c` d e", 5), ["a `b`", "c` d", "e"]);
    }

    #[test]
    fn a_long_line_is_cut_around_what_matters() {
        assert_eq!(window("short", "or", 10), "short");
        assert_eq!(window("TOK = 12345678901234567890", "TOK", 10), "TOK = 123…");
        assert_eq!(window("aaaaaaaaaaaaaaaa TOK bbbbbbbbbbb", "TOK", 12), "…aaa TOK bb…");
        assert_eq!(window("aaaaaaaaaaaaaaaa TOK", "TOK", 12), "…aaaaaaa TOK");
        assert_eq!(window("no focus in here", "TOK", 8), "no focu…");
    }

    #[test]
    fn a_wide_character_counts_as_two_columns() {
        assert_eq!(window("模型模型模型", "TOK", 7), "模型模…");
        assert_eq!(wrap("模型 模型", 8), ["模型", "模型"]);
    }
}
