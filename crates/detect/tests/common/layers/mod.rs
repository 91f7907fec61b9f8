//! Ways of writing text that hide a token, as the tools that write so do it.
//!
//! A layer takes text with a token in it and gives the text that holds the encoded form, with the
//! place of what encodes the token. Layers wrap one another.

pub(crate) mod base64;
pub(crate) mod escapes;
pub(crate) mod joined;
pub(crate) mod whole;

use bearhug_core::Encoding;

use super::{Marked, dice::Dice};

/// Which characters of a token an escaping layer escapes, beside those that its syntax demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Density {
    /// None.
    Needed,
    /// Those that a coin chooses, and at least one.
    Some,
    /// All.
    Every,
}

/// One encoding, as some tool writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layer {
    /// A JSON string: `\"`, `\\`, `\n`, `\u00e9`, and what else the density asks for.
    Json(Density),
    /// A string literal of Python, JavaScript, C, Rust or a shell.
    Literal(Density),
    Percent(Density),
    Html(Density),
    /// Quoted-printable, with soft line breaks.
    QuotedPrintable(Density),
    Base64,
    /// Base64 in lines.
    Base64Lines,
    Hex,
    /// Hexadecimal digits in lines, as `xxd -p` prints them.
    HexLines,
    /// Hexadecimal digits in pairs with something between them.
    SpacedHex,
    Utf16,
    Utf32,
    /// String literals that are joined. Only a plain token is ever written so.
    Joined,
}

/// How much of what encodes a token stays on one line where a line break could hide it.
pub(crate) const UNBROKEN: usize = 40;

impl Layer {
    /// Every layer.
    pub(crate) const ALL: [Self; 23] = [
        Self::Json(Density::Needed),
        Self::Json(Density::Some),
        Self::Json(Density::Every),
        Self::Literal(Density::Needed),
        Self::Literal(Density::Some),
        Self::Literal(Density::Every),
        Self::Percent(Density::Needed),
        Self::Percent(Density::Some),
        Self::Percent(Density::Every),
        Self::Html(Density::Needed),
        Self::Html(Density::Some),
        Self::Html(Density::Every),
        Self::QuotedPrintable(Density::Needed),
        Self::QuotedPrintable(Density::Some),
        Self::QuotedPrintable(Density::Every),
        Self::Base64,
        Self::Base64Lines,
        Self::Hex,
        Self::HexLines,
        Self::SpacedHex,
        Self::Utf16,
        Self::Utf32,
        Self::Joined,
    ];

    /// What the detector calls it.
    pub(crate) fn encoding(self) -> Encoding {
        match self {
            Self::Json(_) | Self::Literal(_) => Encoding::Escapes,
            Self::Percent(_) => Encoding::Percent,
            Self::Html(_) => Encoding::Html,
            Self::QuotedPrintable(_) => Encoding::QuotedPrintable,
            Self::Base64 | Self::Base64Lines => Encoding::Base64,
            Self::Hex | Self::HexLines | Self::SpacedHex => Encoding::Hex,
            Self::Utf16 => Encoding::Utf16,
            Self::Utf32 => Encoding::Utf32,
            Self::Joined => Encoding::Concatenation,
        }
    }

    /// Writes text in this encoding, in surroundings that such text has.
    pub(crate) fn wrap(self, text: &Marked, dice: &mut Dice<'_>) -> Marked {
        match self {
            Self::Json(density) => escapes::json(text, density, dice),
            Self::Literal(density) => escapes::literal(text, density, dice),
            Self::Percent(density) => escapes::percent(text, density, dice),
            Self::Html(density) => escapes::html(text, density, dice),
            Self::QuotedPrintable(density) => escapes::quoted_printable(text, density, dice),
            Self::Base64 => base64::wrap(text, dice),
            Self::Base64Lines => base64::wrap_lines(text, dice),
            Self::Hex => whole::hex(text, dice),
            Self::HexLines => whole::hex_lines(text, dice),
            Self::SpacedHex => whole::spaced_hex(text, dice),
            Self::Utf16 => whole::utf16(text, dice),
            Self::Utf32 => whole::utf32(text, dice),
            Self::Joined => joined::wrap(text, dice),
        }
    }
}

/// Rewrites text character by character. `write` appends what encodes the character to the output
/// and returns where that starts, which is behind any line break it put before.
pub(crate) fn per_character(
    text: &Marked,
    mut write: impl FnMut(Character, &mut Vec<u8>) -> usize,
) -> Marked {
    let mut bytes = Vec::new();
    let mut token = 0..0;
    for (at, chunk) in characters(&text.bytes) {
        let in_token = text.token.contains(&at);
        let next = text.bytes.get(at + chunk.len_utf8()).copied();
        let start = write(Character { c: chunk, in_token, next }, &mut bytes);
        if at == text.token.start {
            token.start = start;
        }
        if in_token {
            token.end = bytes.len();
        }
    }
    Marked { bytes, token }
}

/// A character, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Character {
    pub(crate) c: char,
    pub(crate) in_token: bool,
    /// The byte after it.
    pub(crate) next: Option<u8>,
}

/// The characters of text and their offsets. Text layers are only put around text.
fn characters(bytes: &[u8]) -> Vec<(usize, char)> {
    let text = std::str::from_utf8(bytes).expect("only text is escaped");
    text.char_indices().collect()
}
