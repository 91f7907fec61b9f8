//! Base64.

use super::{
    super::{Marked, dice::Dice},
    UNBROKEN,
};

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// How base64 is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    pub(crate) url: bool,
    pub(crate) padded: bool,
    /// After how many digits a line ends, and with what.
    pub(crate) wrapped: Option<(usize, &'static str)>,
}

/// The line lengths that tools use: `openssl`, PEM and MIME.
pub(crate) const WIDTHS: [usize; 3] = [60, 64, 76];

impl Layout {
    /// Encodes text and follows the token.
    pub(crate) fn encode(&self, text: &Marked) -> Marked {
        let alphabet = if self.url { URL } else { STANDARD };
        let mut digits = digits(&text.bytes, alphabet);
        // The digits that hold any bit of the token.
        let (first, end) = (text.token.start * 8 / 6, (text.token.end * 8).div_ceil(6));
        while self.padded && !digits.len().is_multiple_of(4) {
            digits.push(b'=');
        }
        let Some((width, line_break)) = self.wrapped else {
            return Marked { bytes: digits, token: first..end };
        };
        let lines: Vec<&[u8]> = digits.chunks(width).collect();
        let place = |digit: usize| digit + digit / width * line_break.len();
        let token = place(first)..place(end - 1) + 1;
        Marked { bytes: lines.join(line_break.as_bytes()), token }
    }
}

/// Base64 on one line: in a manifest, a data URL, a header or by itself.
pub(crate) fn wrap(text: &Marked, dice: &mut Dice<'_>) -> Marked {
    let layout = Layout { url: dice.once_in(3), padded: !dice.once_in(3), wrapped: None };
    let around = [("token: ", "\n"), ("\"", "\""), ("base64,", ")"), ("Basic ", "\r\n"), ("", "")];
    let (before, after) = around[dice.below(around.len())];
    layout.encode(text).between(before, after)
}

/// Base64 in lines: in a page of PEM, a mail, or by itself.
pub(crate) fn wrap_lines(text: &Marked, dice: &mut Dice<'_>) -> Marked {
    let line_break = dice.pick(&["\n", "\r\n"]);
    let wrapped = Some((WIDTHS[dice.below(WIDTHS.len())], line_break));
    let mut layout = Layout { url: dice.once_in(3), padded: !dice.once_in(3), wrapped };
    let Marked { bytes, token } = layout.encode(text);
    let start = &bytes[token.start..bytes.len().min(token.start + UNBROKEN)];
    // Once the break is escaped in turn, the literal that it cuts is not looked for.
    if start.contains(&b'\n') {
        layout.wrapped = None;
    }
    let around = [
        ("-----BEGIN-----\n", "\n-----END-----\n"),
        ("encoding: base64\n\n", "\n\n--x"),
        ("", line_break),
    ];
    let (before, after) = around[dice.below(around.len())];
    layout.encode(text).between(before, after)
}

/// The URL-safe form without padding, as a JWT has it.
pub(crate) fn url(bytes: &[u8]) -> String {
    digits(bytes, URL).into_iter().map(char::from).collect()
}

fn digits(bytes: &[u8], alphabet: &[u8; 64]) -> Vec<u8> {
    let bit = |i: usize| bytes.get(i / 8).map_or(0, |b| b >> (7 - i % 8) & 1);
    (0..(bytes.len() * 8).div_ceil(6))
        .map(|digit| (0..6).fold(0, |value, i| value << 1 | bit(digit * 6 + i)))
        .map(|value: u8| alphabet[usize::from(value)])
        .collect()
}
