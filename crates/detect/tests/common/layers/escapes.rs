//! Escape-like encodings, in which most characters may stand for themselves.

use super::{
    super::{Marked, dice::Dice},
    Character, Density, UNBROKEN, per_character,
};

/// Decides which characters of a token to escape.
struct Choice {
    density: Density,
    /// The kinds whose prefix is longer than `hf_` are noticed by their underscores.
    underscores: bool,
    /// Whether nothing was chosen yet, so that the next underscore is.
    none_yet: bool,
}

impl Choice {
    fn new(text: &Marked, density: Density) -> Self {
        let token = &text.bytes[text.token.clone()];
        Self { density, underscores: !token.starts_with(b"hf_"), none_yet: true }
    }

    fn falls_on(&mut self, c: Character, dice: &mut Dice<'_>) -> bool {
        let chosen = c.in_token
            && match self.density {
                Density::Needed => false,
                Density::Every => true,
                Density::Some if c.c == '_' => self.underscores || self.none_yet || dice.once_in(2),
                Density::Some => dice.once_in(3),
            };
        self.none_yet &= !chosen;
        chosen
    }
}

fn push(out: &mut Vec<u8>, text: &str) -> usize {
    out.extend(text.as_bytes());
    out.len() - text.len()
}

/// Text with something of its own before and after, as a value among others.
fn among(text: Marked, dice: &mut Dice<'_>, around: &[(&str, &str)]) -> Marked {
    let (before, after) = around[dice.below(around.len())];
    text.between(before, after)
}

/// A JSON string in a document.
pub(crate) fn json(text: &Marked, density: Density, dice: &mut Dice<'_>) -> Marked {
    let mut choice = Choice::new(text, density);
    let ascii = dice.once_in(2);
    let upper = dice.once_in(3);
    let slashes = dice.once_in(3);
    let written = per_character(text, |ch, out| {
        let chosen = choice.falls_on(ch, dice);
        let short = match ch.c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '/' if slashes => "\\/",
            _ => "",
        };
        if chosen || (short.is_empty() && (ch.c < ' ' || (ascii && !ch.c.is_ascii()))) {
            push(out, &unicode_escapes(ch.c, upper))
        } else if short.is_empty() {
            push(out, ch.c.encode_utf8(&mut [0; 4]))
        } else {
            push(out, short)
        }
    });
    let around = [
        ("{\"value\": \"", "\"}"),
        ("{\"n\":1,\"t\":\"", "\",\"m\":[]}\n"),
        ("[\"", "\"]"),
        ("\"", "\""),
    ];
    among(written, dice, &around)
}

fn unicode_escapes(c: char, upper: bool) -> String {
    c.encode_utf16(&mut [0; 2])
        .iter()
        .map(|unit| if upper { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") })
        .collect()
}

/// A string literal in a program.
pub(crate) fn literal(text: &Marked, density: Density, dice: &mut Dice<'_>) -> Marked {
    let mut choice = Choice::new(text, density);
    let form = dice.below(7);
    let written = per_character(text, |ch, out| {
        let chosen = choice.falls_on(ch, dice);
        match ch.c {
            c if chosen => push(out, &escape(c, form)),
            '"' => push(out, "\\\""),
            '\'' => push(out, "\\'"),
            '\\' => push(out, "\\\\"),
            '\n' => push(out, "\\n"),
            '\r' => push(out, "\\r"),
            c => push(out, c.encode_utf8(&mut [0; 4])),
        }
    });
    among(written, dice, &[("t = \"", "\"\n"), ("f('", "');\n"), ("T=$'", "'\n")])
}

fn escape(c: char, form: usize) -> String {
    let code = u32::from(c);
    match form {
        0 if c == '_' => "\\N{LOW LINE}".to_owned(),
        0 | 1 => format!("\\x{code:02x}"),
        2 => format!("\\x{code:02X}"),
        3 => format!("\\{code:03o}"),
        4 => format!("\\U{code:08x}"),
        5 => format!("\\u{{{code:x}}}"),
        _ => format!("\\u{{{code:X}}}"),
    }
}

/// A component of a URL.
pub(crate) fn percent(text: &Marked, density: Density, dice: &mut Dice<'_>) -> Marked {
    let mut choice = Choice::new(text, density);
    let upper = !dice.once_in(3);
    let written = per_character(text, |ch, out| {
        let plain = ch.c.is_ascii_alphanumeric() || "-_.~".contains(ch.c);
        if plain && !choice.falls_on(ch, dice) {
            return push(out, ch.c.encode_utf8(&mut [0; 4]));
        }
        let start = out.len();
        for b in ch.c.encode_utf8(&mut [0; 4]).bytes() {
            push(out, &if upper { format!("%{b:02X}") } else { format!("%{b:02x}") });
        }
        start
    });
    among(
        written,
        dice,
        &[("?token=", "&page=2\n"), ("https://h.example/?q=", " HTTP/1.1"), ("", "")],
    )
}

/// Text of an HTML or XML document, or of an attribute.
pub(crate) fn html(text: &Marked, density: Density, dice: &mut Dice<'_>) -> Marked {
    let mut choice = Choice::new(text, density);
    let form = dice.below(7);
    let written = per_character(text, |ch, out| {
        let chosen = choice.falls_on(ch, dice);
        match ch.c {
            c if chosen => push(out, &reference(c, form, ch.next)),
            '&' => push(out, "&amp;"),
            '<' => push(out, "&lt;"),
            '>' => push(out, "&gt;"),
            '"' => push(out, "&quot;"),
            '\'' => push(out, "&#x27;"),
            c => push(out, c.encode_utf8(&mut [0; 4])),
        }
    });
    among(written, dice, &[("<p>", "</p>\n"), ("<a data-x=\"", "\">"), ("<t>", "</t>")])
}

fn reference(c: char, form: usize, next: Option<u8>) -> String {
    let code = u32::from(c);
    match form {
        0 if c == '_' => "&lowbar;".to_owned(),
        1 if c == '_' => "&UnderBar;".to_owned(),
        0 | 1 => format!("&#{code};"),
        2 => format!("&#{code:05};"),
        3 => format!("&#x{code:x};"),
        4 => format!("&#x{code:X};"),
        5 => format!("&#x{code:04x};"),
        // What follows a reference without its semicolon must not go on with it.
        _ if next.is_some_and(|b| b.is_ascii_digit()) => format!("&#{code};"),
        _ => format!("&#{code}"),
    }
}

/// The length of a mail's line.
const LINE: usize = 72;

/// A part of a mail.
pub(crate) fn quoted_printable(text: &Marked, density: Density, dice: &mut Dice<'_>) -> Marked {
    let mut choice = Choice::new(text, density);
    let breaks = &["=\n", "=\r\n", "= \r\n"];
    let soft_break = dice.pick(if text.is_fragile() { &breaks[..2] } else { breaks });
    let lower = dice.once_in(4);
    // A blank in the break hides `hf_` too.
    let unbroken = if text.is_fragile() || soft_break.contains(' ') { UNBROKEN } else { 0 };
    let (mut seen, mut column) = (0, dice.below(LINE));
    let written = per_character(text, |ch, out| {
        seen += usize::from(ch.in_token);
        column = if ch.c == '\n' { 0 } else { column + 1 };
        let ends_line = ch.c == '\n' || (ch.c == '\r' && ch.next == Some(b'\n'));
        let hides =
            (2..=unbroken).contains(&seen) || text.is_user_token_before(seen.saturating_sub(1));
        if column > LINE && !ends_line && !hides {
            push(out, soft_break);
            column = 0;
        }
        let plain = ends_line || ((' '..='~').contains(&ch.c) && ch.c != '=');
        if plain && !choice.falls_on(ch, dice) {
            return push(out, ch.c.encode_utf8(&mut [0; 4]));
        }
        let start = out.len();
        for b in ch.c.encode_utf8(&mut [0; 4]).bytes() {
            push(out, &if lower { format!("={b:02x}") } else { format!("={b:02X}") });
        }
        start
    });
    among(written, dice, &[("Hello,\n", "\n"), ("Subject: x\n\n", "\n-- \n"), ("", "")])
}
