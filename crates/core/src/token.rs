//! A raw credential value, and the only ways to speak about one.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::{Fingerprint, Kind};

/// As many letters and digits in a row after a token's prefix are no word: they are a token, or most
/// of one that was cut short or mistyped. The shortest body has 32.
const LONGEST_WORD: usize = 24;

/// The prefix, and the length in bytes, of what looks like a token, whole or nearly, at the start of a
/// text.
pub fn token_at_start(text: &str) -> Option<(&'static str, usize)> {
    let prefixes = Kind::ALL.into_iter().map(Kind::prefix).filter(|prefix| !prefix.is_empty());
    let shaped = prefixes.filter_map(|prefix| {
        let body = text.strip_prefix(prefix)?;
        let word = body.bytes().take_while(u8::is_ascii_alphanumeric).take(LONGEST_WORD);
        // The parts of a signed token follow on each other with dots.
        let is_part = |c: &u8| c.is_ascii_alphanumeric() || b"._-".contains(c);
        (word.count() == LONGEST_WORD)
            .then(|| (prefix, prefix.len() + body.bytes().take_while(is_part).count()))
    });
    shaped.max_by_key(|(prefix, _)| prefix.len())
}

/// Whether a text holds what looks like a token, whole or nearly. Such a text is no name of anything,
/// and must not become part of an address.
pub fn resembles_token(text: &str) -> bool {
    let mut rests = text.char_indices().filter_map(|(at, _)| text.get(at..));
    rests.any(|rest| token_at_start(rest).is_some())
}

/// A raw credential value.
///
/// It has no `Display`, `Serialize` or `Clone`, its memory is zeroed when it is dropped, and
/// `Debug` prints the fingerprint. Reading the value itself takes [`ExposeSecret`], which the
/// workspace's lints make a visible, reasoned act.
pub struct Token {
    kind: Kind,
    value: SecretString,
}

impl Token {
    /// Takes over a value. The caller's copy, if any, is the caller's to erase.
    pub fn new(kind: Kind, value: String) -> Self {
        Self { kind, value: SecretString::from(value) }
    }

    /// What sort of credential this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The public name of this token, equal for equal values wherever they were found.
    #[expect(clippy::disallowed_methods, reason = "a fingerprint is a one-way digest of the value")]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.value.expose_secret())
    }

    /// The last four characters, by which the Hub's token lists and audit log name a token
    /// (<https://huggingface.co/docs/hub/audit-logs>).
    #[expect(clippy::disallowed_methods, reason = "four characters are public by the Hub's choice")]
    pub fn last4(&self) -> String {
        let value = self.value.expose_secret();
        let start = value.char_indices().rev().nth(3).map_or(0, |(i, _)| i);
        value[start..].to_owned()
    }

    /// The form that reports print: the prefix that tells the kind, an ellipsis, the last four.
    pub fn redacted(&self) -> String {
        format!("{}…{}", self.kind.prefix(), self.last4())
    }
}

impl ExposeSecret<str> for Token {
    #[expect(clippy::disallowed_methods, reason = "this is the gate; every caller states its own")]
    fn expose_secret(&self) -> &str {
        self.value.expose_secret()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Token").field(&self.fingerprint()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> (String, Token) {
        let value = format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0);
        (value.clone(), Token::new(Kind::UserToken, value))
    }

    #[test]
    fn debug_prints_the_fingerprint_and_not_the_value() {
        let (value, token) = sample();
        let printed = format!("{token:?} {token:#?}");
        assert!(printed.contains("fp_"), "{printed}");
        assert!(!printed.contains(&value[3..]), "the value leaked through Debug");
    }

    #[test]
    fn a_token_is_told_from_a_name_that_starts_like_one() {
        let (value, _) = sample();
        for text in
            [&value, &format!("acme/x-{value}.bin"), &value[..27], &format!("hf_hf_{value}")]
        {
            assert!(resembles_token(text), "{}", text.len());
        }
        for name in
            ["hf_datasets", "acme/hf_internal_testing_of_many_models", &value[..26], "hf_", ""]
        {
            assert!(!resembles_token(name), "{name}");
        }
    }

    #[test]
    fn redaction_keeps_the_prefix_and_the_last_four() {
        let (value, token) = sample();
        assert_eq!(token.redacted(), format!("hf_…{}", &value[33..]));
    }
}
