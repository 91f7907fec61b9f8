//! HTML and XML: character references, and the tags and unseen characters that break a word.

use super::line::{Escape, Unit};

/// `&#104;`, `&#x68;` and the names that can stand in or beside a token. HTML lets the semicolon of
/// a numeric reference go missing.
pub(super) struct References;

/// References, and tags, which stand for nothing where they only dress the text: a highlighter wraps
/// each part of a string in tags of its own. What stands in a tag is lost in this reading.
pub(super) struct Tags;

/// How much of a tag is read, in bytes.
const LONGEST_TAG: usize = 1024;

/// The elements of HTML that only dress the text, and comments. Behind all others it does not go on.
const INLINE: [&[u8]; 24] = [
    b"!--", b"a", b"abbr", b"b", b"bdi", b"bdo", b"cite", b"code", b"del", b"em", b"font", b"i",
    b"ins", b"kbd", b"mark", b"q", b"samp", b"small", b"span", b"strong", b"sub", b"sup", b"u",
    b"wbr",
];

/// The names of the characters that matter here: the underscore, and what ends a value.
const NAMES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("bsol", '\\'),
    ("equals", '='),
    ("gt", '>'),
    ("lowbar", '_'),
    ("lt", '<'),
    ("nbsp", '\u{a0}'),
    ("NewLine", '\n'),
    ("num", '#'),
    ("quot", '"'),
    ("shy", '\u{ad}'),
    ("Tab", '\t'),
    ("UnderBar", '_'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
    ("ZeroWidthSpace", '\u{200b}'),
];

/// Enough digits for any code point, with the leading zeros that filters' enemies like.
const MOST_DIGITS: usize = 8;

/// Whether what follows a piece of a value may be taken out of it.
pub(super) fn breaks_word(rest: &[u8]) -> bool {
    matches!(rest, [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!', ..]) || unseen(rest) > 0
}

/// The length of the unseen character that `text` starts with, in UTF-8, or zero.
fn unseen(text: &[u8]) -> usize {
    match text {
        [0xc2, 0xad, ..] => 2,
        [0xe2, 0x80, 0x8b..=0x8d, ..] | [0xe2, 0x81, 0xa0, ..] | [0xef, 0xbb, 0xbf, ..] => 3,
        _ => 0,
    }
}

/// What a reference stands for, if that can be seen: no soft hyphen, joiner or space without width.
fn seen(c: char) -> Option<char> {
    let is_unseen = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}');
    (!is_unseen).then_some(c)
}

fn tag(text: &[u8]) -> Option<Unit> {
    let inner = &text[1..text.len().min(LONGEST_TAG)];
    let end =
        inner.iter().position(|b| matches!(b, b'<' | b'>')).filter(|&at| inner[at] == b'>')?;
    let name = inner.strip_prefix(b"/").unwrap_or(inner);
    let is_end = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'/' | b'>');
    let name = &name[..name.iter().position(is_end)?];
    let is_inline = INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(name));
    Some(Unit { len: end + 2, stands_for: (!is_inline).then_some(' ') })
}

impl Escape for References {
    fn unit(&self, text: &[u8]) -> Option<Unit> {
        let rest = text.strip_prefix(b"&")?;
        match rest {
            [b'#', b'x' | b'X', digits @ ..] => numeric(digits, 16, 3),
            [b'#', digits @ ..] => numeric(digits, 10, 2),
            _ => named(rest),
        }
    }
}

impl Escape for Tags {
    fn unit(&self, text: &[u8]) -> Option<Unit> {
        match unseen(text) {
            0 if breaks_word(text) => tag(text),
            0 => References.unit(text),
            len => Some(Unit { len, stands_for: None }),
        }
    }
}

fn numeric(text: &[u8], radix: u32, lead: usize) -> Option<Unit> {
    let digits: Vec<u32> =
        text.iter().take(MOST_DIGITS).map_while(|&b| char::from(b).to_digit(radix)).collect();
    if digits.is_empty() {
        return None;
    }
    let value =
        digits.iter().fold(0_u32, |value, d| value.saturating_mul(radix).saturating_add(*d));
    let semicolon = usize::from(text.get(digits.len()) == Some(&b';'));
    let c = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
    Some(Unit { len: lead + digits.len() + semicolon, stands_for: seen(c) })
}

fn named(rest: &[u8]) -> Option<Unit> {
    NAMES.iter().find_map(|&(name, c)| {
        let after = rest.strip_prefix(name.as_bytes())?;
        after.starts_with(b";").then_some(Unit { len: name.len() + 2, stands_for: seen(c) })
    })
}
