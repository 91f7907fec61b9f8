//! What a vault says of a token without its key.

use bearhug_core::{Fingerprint, Kind, Token, resembles_token};
use jiff::Timestamp;

use crate::Reference;

/// The longest name, in characters.
const LONGEST: usize = 64;

/// A token that a vault keeps or knows the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is called: unique, and as [`check_name`] wants it.
    pub name: String,
    /// What sort of credential it is.
    pub kind: Kind,
    /// The public name of the token.
    pub fingerprint: Fingerprint,
    /// Its last characters, four at most.
    pub last4: String,
    /// When it was put in, to the second.
    pub added_at: Timestamp,
    /// How often its value was put in, from 1.
    pub version: u32,
    /// Where the value is.
    pub place: Place,
}

/// Where the value of an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the vault's own file.
    Sealed,
    /// Elsewhere.
    At(Reference),
}

impl Entry {
    /// A first entry for a token.
    pub fn of(token: &Token, name: String, place: Place, now: Timestamp) -> Self {
        Self {
            name,
            kind: token.kind(),
            fingerprint: token.fingerprint(),
            last4: token.last4(),
            added_at: Timestamp::from_second(now.as_second()).unwrap_or(now),
            version: 1,
            place,
        }
    }

    /// The form that reports print: the prefix that tells the kind, an ellipsis, the last four.
    pub fn redacted(&self) -> String {
        format!("{}…{}", self.kind.prefix(), self.last4)
    }
}

/// The text is no name of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a name is up to 64 letters, digits, dots, dashes and underscores, starts with a letter or a digit, \
     and does not look like a token"
)]
pub struct InvalidName;

/// Takes a text for the name of an entry. Names are typed, listed and recorded, so that none may be a
/// token.
///
/// # Errors
///
/// If it is none.
pub fn check_name(text: &str) -> Result<(), InvalidName> {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    let starts_well = text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    let is_name = starts_well && text.len() <= LONGEST && text.bytes().all(is_plain);
    if is_name && !resembles_token(text) { Ok(()) } else { Err(InvalidName) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_plain_and_no_token() {
        for name in ["ci", "acme.prod-2", "0_x", &"a".repeat(64)] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        let token = format!("hf_{}", "aB3dE5gH7j".repeat(4).split_at(34).0);
        for bad in ["", "-x", ".x", "a b", "a/b", "é", "a\n", &"a".repeat(65), &token] {
            assert_eq!(check_name(bad), Err(InvalidName), "{}", bad.len());
        }
    }
}
