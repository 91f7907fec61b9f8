//! The tokens that a command is about, and where each of them is.
//!
//! They come by the standard input, the environment or a file, never by an argument, which every
//! user of the computer can read.

use std::collections::BTreeMap;

use bearhug_core::{Fingerprint, Kind, Token, risk::Keeping};
use bearhug_detect::{Detector, Options};
use secrecy::ExposeSecret as _;

mod login;
mod read;

pub(crate) use login::{cached, files as login_files, in_use, is_disabled, required, text_of};
pub(crate) use read::{file, standard_input, standard_input_of_tokens, variable};

/// A token, and where it was.
pub(crate) struct Held {
    pub(crate) token: Token,
    pub(crate) places: Vec<Place>,
}

/// A place that a token was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// What it is, for a person.
    pub(crate) name: String,
    /// How tokens are kept there.
    pub(crate) keeping: Keeping,
}

/// The tokens in a text: those that the detector knows, or else each line that starts as one does,
/// since a mistyped token is still to be asked about.
pub(crate) fn in_text(text: &str) -> Vec<Token> {
    by_line(text).flat_map(|(_, tokens)| tokens).collect()
}

/// Whether there is a token in a text.
pub(crate) fn are_in(text: &str) -> bool {
    by_line(text).any(|(_, tokens)| !tokens.is_empty())
}

/// The number of the first line that says something and holds no token.
fn line_without(text: &str) -> Option<usize> {
    by_line(text).find(|(_, tokens)| tokens.is_empty()).map(|(number, _)| number)
}

/// The number of each line that says something, from 1, and its tokens.
fn by_line(text: &str) -> impl Iterator<Item = (usize, Vec<Token>)> {
    let detector = Detector::new(Options { decode: false, ..Options::default() });
    let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty());
    lines.map(move |(number, line)| {
        let found = detector.scan(line.as_bytes()).candidates.into_iter();
        let mut tokens: Vec<_> =
            found.filter(|c| !c.assessment.placeholder).map(|c| c.token).collect();
        if tokens.is_empty() && looks_typed(line) {
            tokens.push(Token::new(kind_of(line), line.to_owned()));
        }
        (number, tokens)
    })
}

/// Whether a line is one word that starts like a token.
fn looks_typed(line: &str) -> bool {
    let prefixes = Kind::ALL.into_iter().map(Kind::prefix).filter(|prefix| !prefix.is_empty());
    !line.contains(char::is_whitespace)
        && prefixes.into_iter().any(|prefix| line.len() > prefix.len() && line.starts_with(prefix))
}

/// One value that is a token as a whole, by whoever put it there.
pub(crate) fn whole(value: &str) -> Option<Token> {
    let value: String = value.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    let value = value.trim();
    (!value.is_empty()).then(|| Token::new(kind_of(value), value.to_owned()))
}

/// The sort of credential that a whole value is: the detector's word, or the longest prefix that fits.
#[expect(
    clippy::disallowed_methods,
    reason = "tells a token that is all of a value from part of one"
)]
fn kind_of(value: &str) -> Kind {
    let detector = Detector::new(Options { decode: false, ..Options::default() });
    let candidates = detector.scan(value.as_bytes()).candidates;
    let found = candidates.iter().find(|c| c.token.expose_secret() == value);
    let by_prefix = || {
        let kinds = Kind::ALL.into_iter().filter(|kind| !kind.prefix().is_empty());
        let fitting = kinds.filter(|kind| value.starts_with(kind.prefix()));
        fitting.max_by_key(|kind| kind.prefix().len())
    };
    found.map(|c| c.token.kind()).or_else(by_prefix).unwrap_or(Kind::UserToken)
}

/// Whether the value of a token is written as the Hub writes them.
#[expect(clippy::disallowed_methods, reason = "tells a whole value from a mistyped one")]
pub(crate) fn is_recognised(token: &Token) -> bool {
    let value = token.expose_secret();
    let detector = Detector::new(Options { decode: false, ..Options::default() });
    let found = detector.scan(value.as_bytes()).candidates;
    found.iter().any(|candidate| candidate.token.expose_secret() == value)
}

/// Each token once, with all its places, in the order in which they came.
pub(crate) fn merged(tokens: impl IntoIterator<Item = (Token, Place)>) -> Vec<Held> {
    let mut all: Vec<Held> = Vec::new();
    let mut known: BTreeMap<Fingerprint, usize> = BTreeMap::new();
    for (token, place) in tokens {
        let at = *known.entry(token.fingerprint()).or_insert(all.len());
        match all.get_mut(at) {
            Some(held) if held.places.contains(&place) => {}
            Some(held) => held.places.push(place),
            None => all.push(Held { token, places: vec![place] }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bodies as the Hub draws them.
    const BODIES: [&str; 2] =
        ["QkRvTzLpWmXcJnYbGsHdFaUeKiOqPtVxZr", "LwPzQaYtRnVbKcXmGsJdHfUeToIiWlZkMo"];

    fn value(n: usize) -> String {
        format!("hf_{}", BODIES[n])
    }

    fn redacted(text: &str) -> Vec<String> {
        in_text(text).iter().map(Token::redacted).collect()
    }

    #[test]
    fn a_text_gives_its_tokens_in_every_dress() {
        let [a, b] = [0, 1].map(value);
        let ini = format!("[ci]\nhf_token = {a}\n[other]\nhf_token = {b}\n");
        let json =
            format!("{{\"tokens\":{{\"ci\":{{\"token\":\"{a}\"}},\"x\":{{\"token\":\"{b}\"}}}}}}");
        for text in [format!("{a}\n\n  {b}\r\n"), ini, json] {
            assert_eq!(redacted(&text).len(), 2, "{}", text.len());
        }
    }

    #[test]
    fn what_is_mistyped_is_still_a_token_and_other_words_are_none() {
        assert_eq!(redacted("hf_short\n"), ["hf_…hort"]);
        assert_eq!(redacted("hello\n{\nhf_ two words\nhf_\n"), Vec::<String>::new());
    }

    #[test]
    fn a_line_that_is_no_token_is_found() {
        let value = value(0);
        assert_eq!(line_without(&format!("{value}\n\n hf_short \nTOKEN={value}\n")), None);
        assert_eq!(line_without(&format!("{value}\n\nleaked token: hf_short\n")), Some(3));
    }

    #[test]
    fn a_value_is_stripped_as_clients_strip_it() {
        assert!(whole(" \r\n").is_none());
        let value = value(0);
        let token = whole(&format!(" {value}\r\n")).unwrap();
        assert_eq!(token.fingerprint(), Fingerprint::of(&value));
        assert_eq!(whole("hf_oauth_x").unwrap().kind(), Kind::OauthAccessToken);
        assert_eq!(whole("nonsense").unwrap().kind(), Kind::UserToken);
    }

    #[test]
    fn a_token_in_two_places_is_one() {
        let token = || Token::new(Kind::UserToken, value(0));
        let place = |name: &str| Place { name: name.to_owned(), keeping: Keeping::Untold };
        let held = merged([(token(), place("a")), (token(), place("b")), (token(), place("a"))]);
        assert_eq!(held.len(), 1);
        assert_eq!(held[0].places, [place("a"), place("b")]);
    }
}
