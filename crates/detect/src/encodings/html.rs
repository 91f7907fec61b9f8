//! HTML and XML character references.

use super::line::{Escape, Unit};

/// `&#104;`, `&#x68;` and the names that can stand in or beside a token. HTML lets the semicolon of
/// a numeric reference go missing.
pub(super) struct References;

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
    ("Tab", '\t'),
    ("UnderBar", '_'),
];

/// Enough digits for any code point, with the leading zeros that filters' enemies like.
const MOST_DIGITS: usize = 8;

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
    Some(Unit { len: lead + digits.len() + semicolon, stands_for: Some(c) })
}

fn named(rest: &[u8]) -> Option<Unit> {
    NAMES.iter().find_map(|&(name, c)| {
        let after = rest.strip_prefix(name.as_bytes())?;
        after.starts_with(b";").then_some(Unit { len: name.len() + 2, stands_for: Some(c) })
    })
}
